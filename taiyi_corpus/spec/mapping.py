"""How raw fields map onto the schema: the `map:` part of a registry file.

A mapping names columns and paths, and nothing else; where it would need an `if`, an adapter function does it.

A *path* is a dotted walk into a row ("doc.title", "infons.MESH"; "." is the row itself). A *value* is a path, a
constant `{const: x}`, several values joined `{join: [title, abstract], with: " "}`, or a value looked up in a table
`{path: answer, names: {"1": "yes"}}`.

The comment behind a key is its meaning in docs/registry-keys.md.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Base of all things read from YAML: unknown keys and wrong types are errors."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, populate_by_name=True, defer_build=True
    )


Nonempty = Annotated[str, Field(min_length=1)]
FieldPath = Annotated[str, Field(description="a path")]
Row = dict[str, Any]


class Const(Strict):
    """The same value for every row."""

    const: str | int | float | bool | list[str]  # the value


class Join(Strict):
    """Several values joined by a string; absent and empty parts are left out, a repeated part is said once."""

    join: list[str]  # paths of the parts, in order
    sep: str = Field("\n", alias="with")  # what stands between two parts
    skip: list[str] = []  # parts equal to one of these count as absent (无, N/A)


class Names(Strict):
    """A value looked up in a table: raw value -> name in the schema."""

    path: FieldPath  # path of the raw value
    names: dict[str, str]  # raw value -> name


Value = FieldPath | Const | Join | Names


class DocumentMap(Strict):
    """Where the document's identity stands. `match` is a regular expression whose first group is the bare id."""

    ns: str  # name space of the ids: pmid, pmcid, doi, nct, dialogue
    id: FieldPath  # path of the id
    match: str | None = None  # regular expression; its first group is the bare id


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
    links: LinksMap | None = None  # concept identifiers
    part_of: FieldPath | None = None  # path of the id of the composite mention this is a part of
    rename: dict[str, str] = {}  # type in the file -> type in `labels.entities`
    skip: list[str] = []  # types left out (counted in the ledger)


class ArgMap(Strict):
    """One argument of a relation or event.

    `ref` is the path to an annotation's id. `text` is the path to a string (or a list of strings); with
    `type` it also makes an unpositioned entity of that type, once for each (type, string). `concept` is the path to
    a concept identifier in data base `db`.
    """

    ref: FieldPath | None = None  # path of the id of an annotation
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
    number_roles: bool = False  # keep Theme2 apart from Theme
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


class LabelsMap(Strict):
    """Class labels at `path`: a string, a list, or a string split at `split`; or one column a label."""

    path: FieldPath | None = None  # path of the label or labels
    columns: list[str] = []  # one column a label, which holds 1, true, yes or x where it applies
    split: str | None = None  # separator between labels in one string
    names: dict[str, str] = {}  # raw label -> label in `labels.classes`
    none: list[str] = []  # raw labels that mean "none of the labels"; "" for an empty field


class ChoicesMap(Strict):
    """Options: an object key -> text, a list of strings, a list of {key, text}, or fixed strings."""

    path: FieldPath | None = None  # path of the object or list
    fixed: list[str] = []  # the same options for every row
    columns: list[str] = []  # one column an option


class AnswersMap(Strict):
    """The answer: as option `key`, option `index` (from 0), or `text` (a string or a list of strings)."""

    key: FieldPath | None = None  # path of the key of the right option
    index: FieldPath | None = None  # path of the number of the right option, from 0
    text: Value | None = None  # the answer as text
    names: dict[str, str] = {}  # raw answer -> answer
    start: FieldPath | None = None  # path of the answer's first offset in `context`
    end: FieldPath | None = None  # path of the answer's last offset in `context`


class TurnsMap(Strict):
    """Dialogue turns: a list whose elements carry role and text, or start with a speaker mark."""

    each: FieldPath = "turns"  # path of the list
    role: FieldPath | None = "role"  # path of the role in an element
    text: FieldPath | None = "text"  # path of the text in an element
    marks: dict[str, Literal["user", "assistant"]] = {}  # "病人：" -> user; cut off the text
    roles: dict[str, Literal["user", "assistant"]] = {}  # raw role -> role
    merge: str = "\n"  # what joins consecutive turns of one speaker
    skip: list[str] = []  # turns whose whole text is one of these are fillers


class RecordMap(Strict):
    """Which raw field fills which part of a record; what is named nowhere goes to `extra`."""

    id: Value | None = None  # the key in the record's id; absent: the position in the split
    documents: list[DocumentMap] = []  # the first whose id is there and matches
    group: Value | None = None  # what must not be torn apart; absent: the document
    text: Value | None = None  # the text that is annotated
    passages: FieldPath | None = None  # path to [{type, start, end}]
    entities: EntitiesMap | None = None  # mentions
    relations: RelationsMap | None = None  # relations of any arity
    events: EventsMap | None = None  # events
    coreferences: CoreferencesMap | None = None  # coreference sets
    groups: GroupsMap | None = None  # other sets of mentions
    attributes: AttributesMap | None = None  # properties of annotations
    labels: LabelsMap | None = None  # class labels
    score: FieldPath | None = None  # path of a number
    text_a: Value | None = None  # first text of a pair
    text_b: Value | None = None  # second text of a pair
    question: Value | None = None  # the question
    context: Value | None = None  # what the question or dialogue is about
    choices: ChoicesMap | None = None  # options of the question
    answers: AnswersMap | None = None  # the answer
    rationale: Value | None = None  # why the answer is right
    turns: TurnsMap | None = None  # dialogue turns
    source: Value | None = None  # what a generated text is made from
    target: Value | None = None  # the text to generate
    source_language: Value | None = None  # language of `source`
    target_language: Value | None = None  # language of `target`
    target_struct: FieldPath | None = None  # path of what `target` says, structured
    drop: list[
        str
    ] = []  # raw fields that repeat what is mapped and need no place in `extra`; also of annotations
