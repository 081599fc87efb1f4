"""The line grammar of standoff annotation, shared by brat and the BioNLP shared tasks. Pure functions.

    text-bound     "T"id TAB type SP start SP end (";" start SP end)* TAB surface
    relation       "R"id TAB type SP role ":" ref SP role ":" ref (SP role ":" ref)*
    event          "E"id TAB type ":" text-bound (SP role ":" ref)*
    attribute      ("A" | "M")id TAB name SP ref [SP value]
    normalisation  "N"id TAB type SP ref SP db ":" accession [TAB text]
                   "N"id TAB db SP "Annotation:" ref SP "Referent:" accession
    note           "#"id TAB type SP ref [TAB text]
    set            "*" TAB kind SP ref SP ref (SP ref)*

An id is its letter, a number and anything without a blank (T2, T57_2, T2_cancer). Offsets count code points from 0,
end exclusive. Blanks and tabs at the end of a line mean nothing, except in a surface. Refs may point forward.
A set of kind Equiv is a coreference; any other kind (OR, NOT) is a group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from taiyi_corpus.readers.faults import shown
from taiyi_corpus.readers.row import BadRow

Annotation = dict[str, Any]

_ID_FORM = r"(?:[TREAMN#][A-Za-z]*[0-9]\S*|\*)\t"
_ID = re.compile(_ID_FORM)
# A line that is neither blank nor has an id: a surface goes on with it.
_GOES_ON = re.compile(rf"\n(?!{_ID_FORM}|[^\S\n]*(?:\n|\Z))")
_TEXT_BOUND = re.compile(r"(\S+)\t(\S+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)\t(.*)", re.DOTALL)
_PAIR = re.compile(r"([^\s:]+):(\S+)")
_NORMALISATION = re.compile(r"(\S+)\t(\S+) (\S+) (\S+)(?:\t(.*))?")
_NOTE = re.compile(r"(\S+)\t(\S+) (\S+)(?:\t(.*))?")


class LineError(ValueError):
    """A line does not keep the grammar; `wanted` is the form it should have."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


def text_bound(line: str) -> Annotation:
    """T1 TAB Protein 0 5;9 12 TAB surface."""
    if not (match := _TEXT_BOUND.fullmatch(line)):
        raise LineError("T id, TAB, type start end, TAB, surface")
    spans = [[int(offset) for offset in piece.split(" ")] for piece in match[3].split(";")]
    return {"id": match[1], "type": match[2], "spans": spans, "text": match[4]}


def relation(line: str) -> Annotation:
    """R1 TAB Part-of Arg1:T1 Arg2:T2 [TAB]."""
    name, kind, *arguments = _words(line)
    args = _pairs(arguments)
    if args is None or len(args) < 2 or ":" in kind:
        raise LineError("R id, TAB, type role:ref role:ref")
    return {"id": name, "type": kind, "args": args}


def event(line: str) -> Annotation:
    """E1 TAB Binding:T5 Theme:T1 Theme2:T2; `trigger` is still the id of a text-bound."""
    name, head, *arguments = _words(line)
    args = _pairs(arguments)
    if args is None or not (match := _PAIR.fullmatch(head)):
        raise LineError("E id, TAB, type:trigger role:ref ...")
    return {"id": name, "type": match[1], "trigger": match[2], "args": args}


def attribute(line: str) -> Annotation:
    """A1 TAB Pathological T3, M1 TAB Negation E2, A2 TAB Certainty E1 L2."""
    name, *words = _words(line)
    if len(words) < 2:
        raise LineError("A or M id, TAB, name ref [value]")
    found = {"id": name, "ref": words[1], "name": words[0]}
    return {**found, "value": " ".join(words[2:])} if words[2:] else found


def normalisation(line: str) -> Annotation:
    """N1 TAB Reference T1 db:accession TAB text, or N1 TAB db Annotation:T1 Referent:accession."""
    match = _NORMALISATION.fullmatch(line.rstrip("\t \r"))
    first, second = (
        (_PAIR.fullmatch(match[3]), _PAIR.fullmatch(match[4])) if match else (None, None)
    )
    if match and first and second and (first[1], second[1]) == ("Annotation", "Referent"):
        return {"ref": first[2], "db": match[2], "id": second[2]}
    if match and second and not first:
        found = {"ref": match[3], "type": match[2], "db": second[1], "id": second[2]}
        return {**found, "text": match[5]} if match[5] else found
    raise LineError("N id, TAB, type ref db:accession, TAB, text")


def note(line: str) -> Annotation:
    """#1 TAB AnnotatorNotes T1 TAB text."""
    if not (match := _NOTE.fullmatch(line.rstrip("\t \r"))):
        raise LineError("# id, TAB, type ref, TAB, text")
    found = {"ref": match[3], "type": match[2]}
    return {**found, "text": match[4]} if match[4] else found


def group(line: str) -> Annotation:
    """* TAB Equiv T1 T2 T3."""
    _, *words = _words(line)
    if len(words) < 3:
        raise LineError("*, TAB, kind ref ref ...")
    return {"kind": words[0], "refs": words[1:]}


_FORMS: dict[str, tuple[str, Callable[[str], Annotation]]] = {
    "T": ("entities", text_bound),
    "R": ("relations", relation),
    "E": ("events", event),
    "A": ("attributes", attribute),
    "M": ("attributes", attribute),
    "N": ("normalizations", normalisation),
    "#": ("notes", note),
    "*": ("groups", group),
}


def split_lines(content: str, joined: bool = False) -> list[tuple[int, str]]:
    """Return (line number, line) for the lines of an annotation file that are not blank.

    "\\r\\n" is a line end only where every line ends so; else a carriage return belongs to its surface. With
    `joined`, a line without an id continues the surface of the T line before it, after a line feed.
    """
    # A byte order mark is no part of the first id. In a text it stays: offsets may count it.
    content = content.removeprefix("\ufeff")
    lines = content.split("\n")
    if len(lines) > 1 and all(line.endswith("\r") for line in lines[:-1]):
        lines = [line.removesuffix("\r") for line in lines]
    if not joined or not _GOES_ON.search(f"\n{content}"):
        return [(n, line) for n, line in enumerate(lines, 1) if line and not line.isspace()]
    found: list[tuple[int, str]] = []
    number, pieces = 0, list[str]()
    for position, line in enumerate(lines, 1):
        if pieces and pieces[0].startswith("T") and not _ID.match(line):
            pieces.append(line)
            continue
        if pieces:
            found.append((number, _joined(pieces)))
        number, pieces = position, [line] if line.strip() else []
    if pieces:
        found.append((number, _joined(pieces)))
    return found


def parse(
    files: Iterable[tuple[str, Iterable[tuple[int, str]]]], keep_triggers: bool = False
) -> tuple[Annotation, list[BadRow]]:
    """Return the annotation lists of one document, and a fault for each line that is broken.

    `files` are (path, lines), the lines (number, line). Text-bounds that an event names as its trigger stand in the
    event and, unless `keep_triggers`, not among the entities. Notes are left out where there are none. What
    normalises a text-bound stands in its `identifiers` ("db:accession") and `names`.
    """
    found: dict[str, list[Annotation]] = {
        key: [] for key, _ in _FORMS.values() if key != "normalizations"
    }
    faults: list[BadRow] = []
    events: list[tuple[str, str, Annotation]] = []
    links: list[tuple[str, str, Annotation]] = []
    bounds, relations = found["entities"], found["relations"]
    for path, number, line in [(path, n, line) for path, lines in files for n, line in lines]:
        id_, _, rest = line.partition("\t")
        if id_[1:].isdigit() and id_.isascii():
            if id_[0] == "T" and (plain := _plain_bound(id_, rest)):
                bounds.append(plain)
                continue
            if id_[0] == "R" and (plain := _plain_relation(id_, rest)):
                relations.append(plain)
                continue
        where = f"{path}:{number}"
        try:
            if not _ID.match(line):
                raise LineError(
                    "a line that starts with an id (T1, R1, E1, A1, M1, N1, #1, *) and a TAB"
                )
            key, form = _FORMS[line[0]]
            annotation = form(line)
        except LineError as error:
            faults.append(BadRow(where, error.wanted, shown(line)))
            continue
        if key == "events":
            events.append((where, line, annotation))
        elif key == "normalizations":
            links.append((where, line, annotation))
        else:
            found[key].append(annotation)
    if links:
        _identify(links, bounds, faults)
    if events:
        triggers = _resolve_triggers(events, bounds, faults)
        found["events"] = [annotation for _, _, annotation in events]
        if not keep_triggers:
            found["entities"] = [bound for bound in bounds if bound["id"] not in triggers]
    return _shaped(found), faults


# The two lines that there are many of, in their plainest form: a mention of one piece, a relation of two arguments.


def _plain_bound(id_: str, rest: str) -> Annotation | None:
    head, tab, text = rest.partition("\t")
    words = head.split(" ")
    if not tab or len(words) != 3 or not head.isascii():
        return None
    type_, start, end = words
    if not (start.isdigit() and end.isdigit() and type_ and type_.isprintable()):
        return None
    return {"id": id_, "type": type_, "spans": [[int(start), int(end)]], "text": text}


def _plain_relation(id_: str, rest: str) -> Annotation | None:
    words = rest.split(" ")
    if len(words) != 3 or not rest.isprintable():
        return None
    type_, first, second = words
    role, _, ref = first.partition(":")
    other, _, its = second.partition(":")
    if not (type_ and role and ref and other and its) or ":" in type_:
        return None
    args = [{"role": role, "ref": ref}, {"role": other, "ref": its}]
    return {"id": id_, "type": type_, "args": args}


def _identify(
    links: list[tuple[str, str, Annotation]], bounds: list[Annotation], faults: list[BadRow]
) -> None:
    """Put identifiers into the text-bounds they belong to; one that belongs to none is a fault."""
    by_id = {bound["id"]: bound for bound in bounds}
    for where, line, link in links:
        if (bound := by_id.get(link["ref"])) is None:
            wanted = f"a T line {link['ref']}, which this line normalises"
            faults.append(BadRow(where, wanted, f"none, for {shown(line)}"))
            continue
        bound.setdefault("identifiers", []).append(f"{link['db']}:{link['id']}")
        if "text" in link:
            bound.setdefault("names", []).append(link["text"])


def _resolve_triggers(
    events: list[tuple[str, str, Annotation]], bounds: list[Annotation], faults: list[BadRow]
) -> set[str]:
    """Put the trigger's words into each event; events without one leave the list, with a fault."""
    by_id: dict[str, list[Annotation]] = {}
    for bound in bounds:
        by_id.setdefault(bound["id"], []).append(bound)
    kept = []
    triggers = set()
    for where, line, annotation in events:
        named = by_id.get(annotation["trigger"], [])
        if len(named) != 1:
            wanted = f"one T line {annotation['trigger']}, the trigger of this event"
            faults.append(BadRow(where, wanted, f"{len(named)} of them, for {shown(line)}"))
            continue
        triggers.add(annotation["trigger"])
        trigger = {key: named[0][key] for key in ("id", "spans", "text")}
        kept.append((where, line, {**annotation, "trigger": trigger}))
    events[:] = kept
    return triggers


def _shaped(found: dict[str, list[Annotation]]) -> Annotation:
    sets = found.pop("groups")
    return {
        **{key: items for key, items in found.items() if items or key != "notes"},
        "coreferences": [item["refs"] for item in sets if item["kind"] == "Equiv"],
        "groups": [item for item in sets if item["kind"] != "Equiv"],
    }


def _joined(pieces: list[str]) -> str:
    # Blank lines at the end of a surface are blank lines of the file.
    while len(pieces) > 1 and not pieces[-1].strip():
        pieces.pop()
    return "\n".join(pieces)


def _words(line: str) -> list[str]:
    """Return the id and the words of the second column; a third column is no part of the grammar."""
    name, _, rest = line.rstrip("\t \r").partition("\t")
    if not rest.strip() or "\t" in rest:
        raise LineError("an id, TAB and words parted by blanks")
    return [name, *rest.split()]


def _pairs(words: list[str]) -> list[dict[str, str]] | None:
    """Return role:ref words as arguments, or None if one of them is none."""
    matches = [_PAIR.fullmatch(word) for word in words]
    if not all(matches):
        return None
    return [{"role": match[1], "ref": match[2]} for match in matches if match]
