"""How raw fields map onto the schema: the `map:` part of a registry file.

A mapping names columns and paths, and nothing else; where it would need an `if`, an adapter function does it.

A *path* is a dotted walk into a row ("doc.title", "infons.MESH"; "." is the row itself). A *value* is a path, a
constant `{const: x}`, or several values joined: `{join: [title, abstract], with: " "}`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Base of all things read from YAML: unknown keys and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Const(Strict):
    """The same value for every row."""

    const: str | int | float | bool | list[str]


class Join(Strict):
    """Several values joined by a string; absent and empty parts are left out, a repeated part is said once."""

    join: list[str]
    sep: str = Field("\n", alias="with")
    skip: list[str] = []  # parts equal to one of these count as absent (无, N/A)


class Names(Strict):
    """A value looked up in a table: raw value -> name in the schema."""

    path: str
    names: dict[str, str]


Value = str | Const | Join | Names


class DocumentMap(Strict):
    """Where the document's identity stands. `match` is a regular expression whose first group is the bare id."""

    ns: str
    id: str
    match: str | None = None


class LinksMap(Strict):
    """Concept identifiers of a mention."""

    path: str
    db: str | None = None  # data base of an id without a prefix
    split: list[str] = []  # separators between ids ("|", "+")
    none: list[str] = []  # values that mean "no concept" ("-1")
    prefixes: dict[str, str] = {}  # written prefix -> data base ("OMIM:" -> "OMIM"); the prefix is cut off


class EntitiesMap(Strict):
    """Mentions: one for each element of the list at `each`."""

    each: str = "entities"
    id: str | None = None
    type: Value = "type"
    text: str | None = "text"
    spans: str | None = None  # path to [[start, end], ...]
    start: str | None = None
    end: str | None = None
    ends: Literal["exclusive", "inclusive"] = "exclusive"
    links: LinksMap | None = None
    part_of: str | None = None
    rename: dict[str, str] = {}
    skip: list[str] = []  # types left out (counted in the ledger)


class ArgMap(Strict):
    """One argument of a relation or event.

    `ref` is the path to an annotation's id. `text` is the path to a string (or a list of strings); with
    `type` it also makes an unpositioned entity of that type, once for each (type, string). `concept` is the path to
    a concept identifier in data base `db`.
    """

    ref: str | None = None
    text: str | None = None
    type: Value | None = None
    concept: str | None = None
    db: str | None = None


class RelationsMap(Strict):
    """Relations: one for each element of the list at `each`."""

    each: str = "relations"
    id: str | None = None
    type: Value = "type"
    args: str | dict[str, ArgMap] = "args"  # path to [{role, ref}], or role -> where it stands
    rename: dict[str, str] = {}
    roles: dict[str, str] = {}  # role in the file -> role in the schema
    skip: list[str] = []


class EventsMap(Strict):
    """Events: one for each element of the list at `each`."""

    each: str = "events"
    id: str | None = None
    type: Value = "type"
    trigger: str | None = "trigger"  # path to {spans, text}
    trigger_text: str | None = None  # path to a bare string
    args: str | dict[str, ArgMap] = "args"
    number_roles: bool = False  # keep Theme2 apart from Theme
    rename: dict[str, str] = {}
    skip: list[str] = []


class CoreferencesMap(Strict):
    """Coreference sets: a list of lists of annotation ids."""

    each: str = "coreferences"


class GroupsMap(Strict):
    """Other sets: a list of {kind, refs}."""

    each: str = "groups"


class AttributesMap(Strict):
    """Attributes: a list of {id, ref, name, value}."""

    each: str = "attributes"


class LabelsMap(Strict):
    """Class labels at `path`: a string, a list, or a string split at `split`."""

    path: str
    split: str | None = None
    names: dict[str, str] = {}  # raw label -> label in `labels.classes`
    none: list[str] = []  # raw labels that mean "none of the labels"


class ChoicesMap(Strict):
    """Options: an object key -> text, a list of strings, a list of {key, text}, or fixed strings."""

    path: str | None = None
    fixed: list[str] = []
    columns: list[str] = []  # one column an option


class AnswersMap(Strict):
    """The answer: as option `key`, option `index` (from 0), or `text` (a string or a list of strings)."""

    key: str | None = None
    index: str | None = None
    text: Value | None = None
    names: dict[str, str] = {}
    start: str | None = None
    end: str | None = None


class TurnsMap(Strict):
    """Dialogue turns: a list whose elements carry role and text, or start with a speaker mark."""

    each: str = "turns"
    role: str | None = "role"
    text: str | None = "text"
    marks: dict[str, Literal["user", "assistant"]] = {}  # "病人：" -> user; cut off the text
    roles: dict[str, Literal["user", "assistant"]] = {}  # raw role -> role
    merge: str = "\n"  # what joins consecutive turns of one speaker
    skip: list[str] = []  # turns whose whole text is one of these are fillers


class RecordMap(Strict):
    """Which raw field fills which part of a record; what is named nowhere goes to `extra`."""

    id: Value | None = None  # absent: the position in the split
    documents: list[DocumentMap] = []  # the first whose id is there and matches
    group: Value | None = None
    text: Value | None = None
    passages: str | None = None
    entities: EntitiesMap | None = None
    relations: RelationsMap | None = None
    events: EventsMap | None = None
    coreferences: CoreferencesMap | None = None
    groups: GroupsMap | None = None
    attributes: AttributesMap | None = None
    labels: LabelsMap | None = None
    score: str | None = None
    text_a: Value | None = None
    text_b: Value | None = None
    question: Value | None = None
    context: Value | None = None
    choices: ChoicesMap | None = None
    answers: AnswersMap | None = None
    rationale: Value | None = None
    turns: TurnsMap | None = None
    source: Value | None = None
    target: Value | None = None
    source_language: Value | None = None
    target_language: Value | None = None
    target_struct: str | None = None
    drop: list[str] = []  # raw fields that repeat what is mapped and need no place in `extra`


Nonempty = Annotated[str, Field(min_length=1)]
Row = dict[str, Any]
