"""The one record type of all datasets and tasks.

A record is the unit a source annotates and `expect` counts: a bc5cdr document, a BioInfer sentence, an IMCS
dialogue, a question with its answer. Absent parts are null, never "". An annotation list that is null means that the
source does not say (no gold); an empty list means that the source says there is none.

Character offsets count Unicode code points of `text`, start at 0, and exclude their end.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


class Span(Struct, frozen=True, gc=False):
    """A piece of `text`: code points `start` up to and not including `end`."""

    start: int
    end: int


class Passage(Struct, frozen=True, gc=False):
    """A stretch of `text` with a role in the document (title, abstract, section)."""

    type: str
    start: int
    end: int


class Link(Struct, frozen=True, gc=False):
    """A concept identifier: database and accession (MESH, D003000)."""

    db: str
    id: str


class Entity(Struct, frozen=True, kw_only=True):
    """A mention. `spans` is null where the source does not position it; it is never placed by searching."""

    id: str
    type: str
    spans: list[Span] | None = None
    text: str
    links: list[Link] | None = None
    part_of: str | None = None  # id of the composite mention this one is a part of


class Concept(Struct, frozen=True, kw_only=True):
    """What concept-level relations relate: an identity, not a mention."""

    id: str
    type: str
    name: str | None = None
    links: list[Link] | None = None


class Argument(Struct, frozen=True, kw_only=True, gc=False):
    """One argument: `ref` names an entity, concept, event or relation; a bare string stays in `text`."""

    role: str
    ref: str | None = None
    text: str | None = None


class Relation(Struct, frozen=True, kw_only=True):
    """A relation of any arity; a binary one has two arguments."""

    id: str
    type: str
    args: list[Argument]


class Trigger(Struct, frozen=True, kw_only=True):
    """The words that express an event."""

    spans: list[Span] | None = None
    text: str


class Event(Struct, frozen=True, kw_only=True):
    """An event (BioNLP-ST sense): a type, the trigger if there is one, arguments."""

    id: str
    type: str
    trigger: Trigger | None = None
    args: list[Argument]


class Coreference(Struct, frozen=True, kw_only=True):
    """Mentions that name the same thing."""

    id: str
    refs: list[str]


class Group(Struct, frozen=True, kw_only=True):
    """Mentions bound together by something other than identity (an OR set)."""

    kind: str
    refs: list[str]


class Attribute(Struct, frozen=True, kw_only=True, gc=False):
    """A property of an annotation: negation, speculation, optional, novelty, symptom status."""

    id: str
    ref: str
    name: str
    value: str | None = None


class Choice(Struct, frozen=True, gc=False):
    """One option of a question."""

    key: str
    text: str


class Answer(Struct, frozen=True, kw_only=True, gc=False):
    """An answer; `start` and `end` are offsets into `context` where the source positions it."""

    text: str
    start: int | None = None
    end: int | None = None


class Turn(Struct, frozen=True, gc=False):
    """One turn of a dialogue; the patient is `user`, the doctor `assistant`."""

    role: Literal["user", "assistant"]
    text: str


class Record(Struct, frozen=True, kw_only=True):
    """One unit of a dataset in the one schema. See docs/schema.md, which is made from this class."""

    # identity
    id: str  # "<dataset>/<split>/<key>"
    dataset: str
    split: Split
    subset: str | None = None  # the source's own split name where it is none of the three
    language: str
    document_ns: str | None = None  # pmid, pmcid, doi, nct, dialogue ...
    document_id: str | None = None  # the bare id in that name space
    group: str | None = None  # what must not be torn apart between splits
    origin: Literal["raw", "sample"]
    license: str

    # text
    text: str | None = None
    passages: list[Passage] | None = None
    sentence_bounds: list[int] | None = None  # sentence ends in `text`, kept for long documents only

    # annotation
    entities: list[Entity] | None = None
    concepts: list[Concept] | None = None
    relations: list[Relation] | None = None
    events: list[Event] | None = None
    coreferences: list[Coreference] | None = None
    groups: list[Group] | None = None
    attributes: list[Attribute] | None = None

    # classification and pairs
    labels: list[str] | None = None  # null: no gold; []: gold says none
    label_set: str | None = None  # name of the label set in the dataset's YAML
    score: float | None = None
    text_a: str | None = None
    text_b: str | None = None

    # questions
    question: str | None = None
    context: str | None = None
    choices: list[Choice] | None = None
    answers: list[Answer] | None = None
    rationale: str | None = None

    # dialogue (with `context`)
    turns: list[Turn] | None = None

    # generation
    source: str | None = None
    target: str | None = None
    source_language: str | None = None
    target_language: str | None = None
    target_struct: str | None = None  # JSON text

    extra: str | None = None  # JSON text: whatever the source carries that has no place above
