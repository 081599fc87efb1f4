"""How raw values and annotations map onto the schema; `record_map` is the whole of `map:`.

A mapping names columns and paths, and nothing else; where it would need an `if`, an adapter function does it.

A *path* is a dotted walk into a row ("doc.title", "infons.MESH"; "." is the row itself). A *value* is a path, a
constant `{const: x}`, several values joined `{join: [title, abstract], with: " "}`, a value looked up in a table
`{path: answer, names: {"1": "yes"}}`, or a part of a value `{path: answer, match: "#### (.+)"}`.

The comment behind a key is its meaning in docs/registry-keys.md.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Base of all things read from YAML: unknown keys and wrong types are errors."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, populate_by_name=True, defer_build=True
    )


Nonempty = Annotated[str, Field(min_length=1)]
FieldPath = Annotated[str, Field(description="a path")]


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"a regular expression: {error}") from None
    return text


class Const(Strict):
    """The same value for every row."""

    const: str | int | float | bool | list[str]  # the value


def _grouped(text: str) -> str:
    if re.compile(text).groups == 0:
        raise ValueError("a regular expression with a group in brackets")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
Grouped = Annotated[Pattern, AfterValidator(_grouped)]


class Join(Strict):
    """Several values joined by a string; absent and empty parts are left out, a repeated part is said once.

    Each element of a list is a part.
    """

    join: list[str]  # paths of the parts, in order
    sep: str = Field("\n", alias="with")  # what stands between two parts
    heads: dict[str, str] = {}  # path of a part -> what is put before it (主诉：)
    skip: list[str] = []  # parts equal to one of these count as absent (无, N/A)
    cut: list[Pattern] = []  # regular expressions of what is left out of the parts
    repeats: bool = False  # true: a part that repeats another is said again


class Names(Strict):
    """A value looked up in a table: raw value -> name in the schema."""

    path: FieldPath  # path of the raw value
    names: dict[str, str]  # raw value -> name


class Match(Strict):
    """A part of the text at a path, without the white space around it; the whole goes to `extra`, too."""

    path: FieldPath  # path of the text
    match: Grouped  # regular expression; its first group is the part, and there is none where it is not found
    cut: list[Pattern] = []  # regular expressions of what is left out of the part


class Mean(Strict):
    """The mean of several numbers, to four digits; one that is not there does not count."""

    mean: list[str]  # paths of the numbers


Value = FieldPath | Const | Join | Names | Match


class DocumentMap(Strict):
    """Where the document's identity stands; with `match` a part of the text there, which goes to `extra`, too."""

    ns: str  # name space of the ids: pmid, pmcid, doi, nct, dialogue
    id: FieldPath  # path of the id
    match: Grouped | None = None  # regular expression; its first group is the bare id


class LinksMap(Strict):
    """Concept identifiers of a mention."""

    path: FieldPath  # path of the identifiers: a string, or a list of strings
    db: str | Names | None = None  # data base of an id without a prefix, or a table that gives it
    split: list[str] = []  # separators between ids ("|", "+")
    none: list[str] = []  # values that mean "no concept" ("-1")
    prefixes: dict[str, str] = {}  # written prefix -> data base ("OMIM:" -> OMIM); it is cut off


class EntitiesMap(Strict):
    """Mentions: one for each element of the list at `each`."""

    each: FieldPath = "entities"  # path of the list
    id: FieldPath | None = None  # path of the mention's id; absent: made from the position
    type: Value = "type"  # the entity type
    text: FieldPath | None = "text"  # path of the mention as the source writes it
    spans: FieldPath | None = None  # path to [[start, end], ...]
    start: FieldPath | None = None  # path of the first offset, where there is one span
    end: FieldPath | None = None  # path of the last offset, where there is one span
    ends: Literal["exclusive", "inclusive"] = "exclusive"  # whether `end` is the last character
    unit: Literal["characters", "tokens"] = (
        "characters"  # what offsets count; tokens are what single blanks part
    )
    whole: bool = False  # true: the mention is the whole text
    links: LinksMap | None = None  # concept identifiers
    part_of: FieldPath | None = None  # path of the id of the composite mention this is a part of
    rename: dict[str, str] = {}  # type in the file -> type in `labels.entities`
    skip: list[str] = []  # types left out (counted in the ledger)


class ArgMap(Strict):
    """One argument of a relation or event.

    `ref` is an annotation's id. `text` is the path to a string (or a list of strings); with
    `type` it also makes an unpositioned entity of that type, once for each (type, string). `concept` is the path to
    a concept identifier in data base `db`.
    """

    ref: FieldPath | Match | None = None  # the id of an annotation
    text: FieldPath | None = None  # path of a string, or of a list of strings
    type: Value | None = None  # entity type of the string at `text`
    concept: FieldPath | None = None  # path of a concept identifier
    db: str | Names | None = None  # data base of that concept, or a table that gives it
    prefixes: dict[str, str] = {}  # written prefix -> data base, as with the links of mentions


class RelationsMap(Strict):
    """Relations: one for each element of the list at `each`."""

    each: FieldPath = "relations"  # path of the list
    id: FieldPath | None = None  # path of the relation's id; absent: made from the position
    type: Value = "type"  # the relation type
    args: FieldPath | dict[str, ArgMap] = "args"  # path to [{role, ref}], or role -> where it is
    rename: dict[str, str] = {}  # type in the file -> type in `labels.relations`
    roles: dict[str, str] = {}  # role in the file -> role in the schema
    skip: list[str] = []  # types left out (counted in the ledger)


class EventsMap(Strict):
    """Events: one for each element of the list at `each`."""

    each: FieldPath = "events"  # path of the list
    id: FieldPath | None = None  # path of the event's id; absent: made from the position
    type: Value = "type"  # the event type
    trigger: FieldPath | None = "trigger"  # path to {spans, text}
    trigger_text: FieldPath | None = None  # path to a bare string
    args: FieldPath | dict[str, ArgMap] = "args"  # path to [{role, ref}], or role -> where it is
    number_roles: bool = False  # keep Theme2 apart from Theme; else its number is in `extra`
    rename: dict[str, str] = {}  # type in the file -> type in `labels.events`
    skip: list[str] = []  # types left out (counted in the ledger)


class CoreferencesMap(Strict):
    """Coreference sets: a list of lists of annotation ids."""

    each: FieldPath = "coreferences"  # path of the list


class GroupsMap(Strict):
    """Other sets: a list of {kind, refs}."""

    each: FieldPath = "groups"  # path of the list


class AttributesMap(Strict):
    """Attributes: a list of {id, ref, name, value}."""

    each: FieldPath = "attributes"  # path of the list
