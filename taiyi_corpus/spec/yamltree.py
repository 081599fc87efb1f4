"""YAML text -> plain data, with the line of every key.

The part of YAML that is read: one document of mappings, lists and scalars. Keys are strings, each once in its
mapping. No anchors and aliases (a few lines of them can stand for gigabytes), no tags (they can name code), no merge
keys. A bare scalar that YAML 1.1 turns into something else than it looks like (`yes`, `01`, `12:30`, a date) stays a
`Bare`, which no type accepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from taiyi_corpus.errors import Fault

Loc = tuple[str | int, ...]
Placed = tuple[int, Fault]  # with its line, to sort by

# libyaml is ten times as fast; PyYAML has it on all common platforms but not by promise.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PlainLoader: Any = yaml.SafeLoader
_MAX_DEPTH = 30
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Bare:
    """A bare scalar as written, and what YAML 1.1 reads it as."""

    written: str
    reads: str


class Refused:
    """Stands where a value was refused with a fault of its own, so that no second fault is made of it."""


REFUSED = Refused()


@dataclass
class Tree:
    """Plain data, where each part of it stands, and what is wrong with the YAML as such."""

    data: object = REFUSED
    lines: dict[Loc, int] = field(default_factory=dict)
    written: dict[Loc, str] = field(default_factory=dict)  # bare scalars that are no strings
    refused: set[Loc] = field(default_factory=set)  # keys that have a fault of their own
    faults: list[Placed] = field(default_factory=list)

    def line(self, loc: Loc) -> int:
        """Return the line of `loc`, or of the nearest thing around it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)


def parse(text: str, name: str) -> Tree:
    """Return the tree of a YAML text; `name` is how faults call the file. Raises nothing."""
    tree = Tree()
    try:
        _Builder(text, name, tree).document()
    except yaml.MarkedYAMLError as error:
        tree.faults.append(_syntax_fault(error, text, name))
        tree.data = REFUSED
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        fault = Fault(f"{name}:{line}", "printable characters", "a control character")
        tree.faults.append((line, fault))
        tree.data = REFUSED
    return tree


class _Builder:
    """Turns the events of one text into data; fills `tree` on the way."""

    def __init__(self, text: str, name: str, tree: Tree) -> None:
        self.loader: Any = _Loader(text)  # its stubs leave half of it untyped
        self.name = name
        self.tree = tree

    def document(self) -> None:
        """Read the one document of the text."""
        self.loader.get_event()  # stream start
        if isinstance(self.loader.get_event(), yaml.StreamEndEvent):
            self.tree.data = None
            return
        self.tree.data = self.value(self.loader.get_event(), ())
        self.loader.get_event()  # document end
        if not isinstance(after := self.loader.get_event(), yaml.StreamEndEvent):
            self.fault(after, "one document", "a second one", "Write one file for each.")

    def fault(self, event: Any, wanted: str, found: str, hint: str = "") -> None:
        line = event.start_mark.line + 1
        self.tree.faults.append((line, Fault(f"{self.name}:{line}", wanted, found, hint)))

    def value(self, event: Any, loc: Loc) -> object:
        self.tree.lines.setdefault(loc, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            hint = "Write the value out: aliases are not read."
            self.fault(event, "a value", f"the alias *{event.anchor}", hint)
            return REFUSED
        if event.anchor is not None:
            self.fault(event, "a value", f"the anchor &{event.anchor}", "Anchors are not read.")
        if event.tag is not None:
            tag = event.tag.replace(_TAG, "!!")
            hint = "Tags are not read; a quoted value is a string."
            self.fault(event, "a value without a tag", f"the tag {tag}", hint)
        if isinstance(event, yaml.ScalarEvent):
            return REFUSED if event.tag is not None else self.scalar(event, loc)
        if len(loc) >= _MAX_DEPTH:
            self.fault(event, f"at most {_MAX_DEPTH} levels", "more")
            self.skip()
            return REFUSED
        content = (
            self.mapping(loc) if isinstance(event, yaml.MappingStartEvent) else self.sequence(loc)
        )
        return REFUSED if event.tag is not None else content

    def skip(self) -> None:
        depth = 1
        while depth:
            event = self.loader.get_event()
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)

    def sequence(self, loc: Loc) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            items.append(self.value(event, (*loc, len(items))))
        return items

    def mapping(self, loc: Loc) -> dict[str, object]:
        items: dict[str, object] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            key = self.key(event, loc)
            inner = (*loc, key)
            if key in items:
                first = self.tree.lines[inner]
                self.fault(event, "each key once", f"`{key}` again (first on line {first})")
                inner = (*loc, key, "")  # its lines must not stand for those of the first
            else:
                self.tree.lines[inner] = event.start_mark.line + 1
            content = self.value(self.loader.get_event(), inner)
            items.setdefault(key, content)
        return items

    def key(self, event: Any, loc: Loc) -> str:
        """Return a key as written; what is no string is a fault."""
        before = len(self.tree.faults)
        written = ""
        if not isinstance(event, yaml.ScalarEvent):
            self.value(event, (*loc, ""))
            if not isinstance(event, yaml.AliasEvent):
                self.fault(event, "a string as key", "a list or a mapping")
        else:
            written = str(event.value)
            self.scalar_key(event, written, loc)
        if len(self.tree.faults) > before:
            self.tree.refused.add((*loc, written))
        return written

    def scalar_key(self, event: Any, written: str, loc: Loc) -> None:
        if event.anchor is not None or event.tag is not None:
            self.value(event, (*loc, ""))
        elif not event.implicit[0]:
            return
        elif not written:
            self.fault(event, "a string as key", "nothing", "Give the key a name.")
        elif written == "<<":
            self.fault(event, "a string as key", "the merge key <<", "Write the values out.")
        elif not isinstance(self.scalar(event, (*loc, "")), str):
            self.fault(event, "a string as key", f"bare {written}", f'Quote it: "{written}".')

    def scalar(self, event: Any, loc: Loc) -> object:
        text: str = event.value
        if not event.implicit[0]:  # quoted, or a block
            return text
        tag = self.loader.resolve(yaml.ScalarNode, text, (True, False)).removeprefix(_TAG)
        if tag not in _READ_AS:
            return text
        self.tree.written[loc] = text
        return _READ_AS[tag](text)


def _bool(text: str) -> object:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return Bare(text, "true" if text.lower() in ("yes", "on") else "false")


def _int(text: str) -> object:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        reads = str(_PlainLoader("").construct_yaml_int(yaml.ScalarNode("", text)))
    except ValueError:  # 0b_, or more digits than an integer may have
        reads = "a number"
    return Bare(text, reads if len(reads) <= 18 else "a number")


def _float(text: str) -> object:
    return float(text) if _DECIMAL.fullmatch(text) else Bare(text, "a number")


def _null(text: str) -> object:
    return None


def _date(text: str) -> object:
    return Bare(text, "a date")


_READ_AS = {
    "null": _null,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "timestamp": _date,
}


def _syntax_fault(error: yaml.MarkedYAMLError, text: str, name: str) -> Placed:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines() or [""]
    line = min(mark.line + 1 if mark else 1, len(lines))
    written = lines[line - 1]
    problem = error.problem or "something else"
    if error.context and error.context_mark and error.context_mark.line + 1 < line:
        problem += f" {error.context} from line {error.context_mark.line + 1}"
    hint = ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        hint = "Indent with spaces, not tabs."
    elif "mapping values are not allowed" in problem:
        hint = 'Quote a text that contains ": ".'
    return line, Fault(f"{name}:{line}", "well-formed YAML", f"an error: {problem}", hint)
