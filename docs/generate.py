"""Writes the pages that are made from the code: `python docs/generate.py`.

registry-keys.md comes from the models of registry files, recipes.md from that of recipes, schema.md and schema.json
from the record, cli.md from the commands, catalogue.md from the registry, gallery.md from templates and samples,
readers.md from readers and adapters. The meaning of a field is the comment behind it, so these pages cannot say less
than the code; a test holds them up to date.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import msgspec

from taiyi_corpus.schema import record
from taiyi_corpus.spec import curation, dataset, mapping, recipe, record_map
from taiyi_corpus.spec.faults import FAULTS

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import catalogue_page  # noqa: E402 - neighbours, found by the line above
import gallery_page  # noqa: E402
import readers_page  # noqa: E402
from cli_page import commands  # noqa: E402

MADE = "<!-- Made by `python docs/generate.py`; change the code, not this page. -->"
DATASET_EXAMPLE = HERE / "example-dataset.yaml"
RECIPES_INTRO = HERE / "recipes-intro.md"

KEYS_INTRO = """\
One dataset is one file: `registry/<language>/<id>.yaml`, or `<id>.yaml` in a folder of your own (`--registry DIR`).
Reading is strict. A key that is unknown or stated twice, a value of the wrong type, a key that is missing: each is a
fault with its line, and all faults of a file are shown at once.

- Keys are strings. Text that YAML reads as something else is quoted: `"yes"`, `"no"`, `"01"`, `"12:30"`.
- True and false are written `true` and `false`; numbers are plain decimals.
- Anchors, aliases, merge keys and tags are not read.
- What has nothing to say is left out, not written empty.

Readers and their options are listed in [readers.md](readers.md).

`taiyi-corpus check ID` also looks at what types cannot say: that readers and their options, adapters, entity types,
splits, other datasets and fault codes named in the file are there."""
VALUES_INTRO = """\
A *path* is a dotted walk into a row: `doc.title`, `infons.MESH`; `.` is the row itself. A number picks an element
of a list, and a name met at a list is looked up in each element. A *value* is a path or one of the following four."""
PARTS_INTRO = """\
In the order in which they appear in a file. `<name>` stands for a key of your own, `[]` for an element of a list."""

# Names of the code in the words of the page.
WORDS = {
    "str": "string",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "Any": "anything",
    "Nonempty": "non-empty string",
    "FieldPath": "path",
    "Pattern": "regular expression",
    "Grouped": "regular expression",
    "Speaker": "`user`, `assistant`",
    "Value": "[value](#paths-and-values)",
    "Known": "true, false or `unknown`",
    "TaskId": "[task](#tasks)",
    "Split": "split",
}


@dataclass(frozen=True)
class Field:
    """A field of a class as its source states it."""

    name: str
    type: ast.expr
    default: ast.expr | None
    meaning: str
    part: str  # the comment line that opens its part of the class

    @property
    def key(self) -> str:
        """The key in YAML."""
        for word in self.default.keywords if isinstance(self.default, ast.Call) else ():
            if word.arg == "alias":
                return str(ast.literal_eval(word.value))
        return self.name


@dataclass(frozen=True)
class Class:
    """A class as its source states it."""

    name: str
    about: str
    fields: list[Field]
    bases: list[str]


def classes(module: ModuleType) -> dict[str, Class]:
    """Return the classes of a module with their fields and the comments behind these."""
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    comments = {
        token.start[0]: (token.string.lstrip("# "), token.line.strip().startswith("#"))
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            fields = list(_fields(node, comments))
            bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
            found[node.name] = Class(
                node.name, _reflowed(ast.get_docstring(node) or ""), fields, bases
            )
    for name, made in found.items():  # inherited fields first, as in the class itself
        inherited = [f for base in made.bases if base in found for f in found[base].fields]
        found[name] = Class(name, made.about, inherited + made.fields, made.bases)
    return found


def _reflowed(text: str) -> str:
    """Return a text, one line a paragraph."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _fields(node: ast.ClassDef, comments: dict[int, tuple[str, bool]]) -> Iterator[Field]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            lines = range(item.lineno, (item.end_lineno or item.lineno) + 1)
            behind = [comments[line] for line in lines if line in comments]
            meaning, alone = behind[0] if behind else ("", False)
            before = [
                text
                for line, (text, own_line) in comments.items()
                if own_line and node.lineno < line < item.lineno
            ]
            part = before[-1] if before else ""
            yield Field(item.target.id, item.annotation, item.value, "" if alone else meaning, part)


def said(kind: ast.expr, known: dict[str, Class]) -> str:
    """Return a type in words: "list of [SourceFile](#sourcefile)"."""
    match kind:
        case ast.Constant(value=None):
            return "null"
        case ast.Name(id=name) if name in ALIASES:
            return said(ALIASES[name], known)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[base, *limits])):
            return _bounded(said(base, known), limits)
        case ast.Name(id=name):
            return f"[{name}](#{name.lower()})" if name in known else WORDS[name]
        case ast.BinOp(left=left, right=right):
            parts = [said(left, known), said(right, known)]
            return " or ".join(part for part in parts if part != "null")
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return f"list of {_plural(said(item, known))}"
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, value])):
            return f"mapping {said(key, known)} → {said(value, known)}"
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=options)):
            return ", ".join(f"`{ast.literal_eval(option)}`" for option in options)
    return f"`{ast.literal_eval(kind.slice)}`"  # type: ignore[attr-defined]


def _bounded(words: str, limits: list[ast.expr]) -> str:
    """Return a number in words with its bounds: "whole number, 1 or more"."""
    bounds = {
        word.arg: ast.literal_eval(word.value)
        for limit in limits
        if isinstance(limit, ast.Call)
        for word in limit.keywords
    }
    if bounds.keys() >= {"ge", "le"}:
        return f"{words} from {bounds['ge']:g} to {bounds['le']:g}"
    names = {"ge": "{} or more", "gt": "above {}", "le": "{} or less", "lt": "below {}"}
    said_bounds = [names[name].format(f"{value:g}") for name, value in bounds.items() if name in names]  # fmt: skip
    return f"{words}, {' and '.join(said_bounds)}" if said_bounds else words


def aliases(module: ModuleType) -> dict[str, ast.expr]:
    """Return the names a module gives to types: `Count = Annotated[int, Field(ge=0)]`."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    return {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Subscript)
    }


ALIASES = aliases(curation) | aliases(recipe)


def _plural(words: str) -> str:
    return f"{words}s" if re.fullmatch(r"[a-z ]*(string|number|path)", words) else words


def default(field: Field) -> str:
    """Return what holds where the key is left out; "" for what is then simply not there."""
    value = field.default
    if isinstance(value, ast.Call):
        value = value.args[0] if value.args else None
    elif value is None:
        return "**required**"
    if value is None or ast.unparse(value) in ("None", "[]", "{}"):
        return ""
    return f"`{json.dumps(ast.literal_eval(value), ensure_ascii=False)}`"


def table(made: Class, known: dict[str, Class], first: str, with_default: bool) -> str:
    """Return the table of a class: key or field, type, default, meaning."""
    head = [first, "type", *(["default"] if with_default else []), "meaning"]
    rows = [head, ["---"] * len(head)]
    part = ""
    for field in made.fields:
        if field.part != part:
            part = field.part
            rows.append([f"*{part}*", *[""] * (len(head) - 1)])
        kind = said(field.type, known)
        if not with_default and ast.unparse(field.type).endswith("| None"):
            kind += " or null"
        middle = [default(field)] if with_default else []
        rows.append([f"`{field.key}`", kind, *middle, field.meaning])
    return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in rows)


def _cell(text: str) -> str:
    """Return a text so that a Markdown table shows it as it is."""
    text = text.replace(" -> ", " → ").replace("|", r"\|")
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)


def _within(made: Class, known: dict[str, Class], at: str) -> Iterator[tuple[str, str]]:
    """Yield every class below `made` with the place where it stands in the YAML, depth first."""
    for field in made.fields:
        marks = ast.unparse(field.type)
        place = f"{at}.{field.key}" if at else field.key
        place += ".<name>" if marks.startswith("dict[") or "| dict[" in marks else ""
        place += "[]" if marks.startswith("list[") else ""
        for name in re.findall(r"\w+", marks):
            if name in known:
                yield name, place
                yield from _within(known[name], known, place)


def registry_keys() -> str:
    """Return the page of the keys of registry files."""
    known = classes(mapping) | classes(record_map) | classes(dataset)
    places: dict[str, list[str]] = {}
    for name, place in _within(known["DatasetSpec"], known, ""):
        places.setdefault(name, []).append(place)
    values = ("Const", "Join", "Names", "Match")
    page = [
        "# Keys of a registry file",
        MADE,
        KEYS_INTRO,
        "## Example",
        f"```yaml\n{DATASET_EXAMPLE.read_text(encoding='utf-8')}```",
        "## A dataset",
        table(known["DatasetSpec"], known, "key", True),
        "### Tasks",
        ", ".join(f"`{task}`" for task in dataset.TASKS) + ".",
        "### Paths and values",
        VALUES_INTRO,
        *_sections(values, known, {}),
        "## Parts",
        PARTS_INTRO,
        *_sections([name for name in places if name not in values], known, places),
        "## Codes of faults",
        "What `known_faults` may name, and what the ledger gives as the reason of a drop.",
        "| code | meaning |\n| --- | --- |\n"
        + "\n".join(f"| `{code}` | {meaning} |" for code, meaning in FAULTS.items()),
    ]
    return "\n\n".join(page) + "\n"


def _sections(
    names: list[str] | tuple[str, ...], known: dict[str, Class], places: dict[str, list[str]]
) -> Iterator[str]:
    for name in names:
        yield f"### {name}"
        if name in places:
            first, *others = dict.fromkeys(places[name])
            also = [place for place in others if not place.startswith("variants.")][:3]
            yield f"At `{first}`" + (
                f"; also at {', '.join(f'`{p}`' for p in also)}." if also else "."
            )
        yield known[name].about
        yield table(known[name], known, "key", True)


def recipes() -> str:
    """Return the page of recipes: how the shares work, by hand, then their keys."""
    known = classes(recipe) | classes(curation)
    page = [
        "# Recipes",
        MADE,
        RECIPES_INTRO.read_text(encoding="utf-8").strip(),
        "## A recipe",
        table(known["Recipe"], known, "key", True),
        "## Parts",
    ]
    for name in [name for name in known if name != "Recipe"]:
        page += [f"### {name}", known[name].about, table(known[name], known, "key", True)]
    return ("\n\n".join(page) + "\n").replace("(#tasks)", "(registry-keys.md#tasks)")


def cli() -> str:
    """Return the page of the commands."""
    return "\n\n".join(["# Commands", MADE, *commands()]) + "\n"


def catalogue() -> str:
    """Return the page of all datasets."""
    return "\n\n".join(["# The datasets", MADE, *catalogue_page.catalogue()]) + "\n"


def gallery() -> str:
    """Return the page of one instance a task, language and style."""
    return "\n\n".join(["# Gallery", MADE, *gallery_page.gallery()]) + "\n"


def readers() -> str:
    """Return the page of readers and adapters."""
    return "\n\n".join(["# Readers", MADE, *readers_page.readers()]) + "\n"


def schema() -> str:
    """Return the page of the record."""
    known = classes(record)
    page = [
        "# The record",
        MADE,
        _reflowed(record.__doc__ or ""),
        "As JSON Schema: [schema.json](schema.json).",
        "## Record",
        table(known["Record"], known, "field", False),
    ]
    for name, made in known.items():
        if name != "Record":
            page += [f"## {name}", made.about, table(made, known, "field", False)]
    return "\n\n".join(page) + "\n"


def schema_json() -> str:
    """Return the JSON Schema of the record."""
    return json.dumps(msgspec.json.schema(record.Record), indent=2, ensure_ascii=False) + "\n"


PAGES = {
    "registry-keys.md": registry_keys,
    "recipes.md": recipes,
    "cli.md": cli,
    "catalogue.md": catalogue,
    "gallery.md": gallery,
    "readers.md": readers,
    "schema.md": schema,
    "schema.json": schema_json,
}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (HERE / name).write_text(make(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
