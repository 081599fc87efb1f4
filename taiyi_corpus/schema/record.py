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

    start: int  # first code point
    end: int  # the one after the last


class Passage(Struct, frozen=True, gc=False):
    """A stretch of `text` with a role in the document (title, abstract, section)."""

    type: str  # title, abstract, or what the source calls it
    start: int  # first code point
    end: int  # the one after the last


class Link(Struct, frozen=True, gc=False):
    """A concept identifier: database and accession (MESH, D003000)."""

    db: str  # data base: MESH, NCBIGene
    id: str  # accession in it, without the data base's name


class Entity(Struct, frozen=True, kw_only=True, gc=False):
    """A mention. `spans` is null where the source does not position it; it is never placed by searching."""

    id: str  # unique among entities, concepts, relations and events of the record
    type: str  # entity type
    spans: list[Span] | None = None  # its pieces in `text`; null: not positioned by the source
    text: str  # the mention; equal to its pieces joined
    links: list[Link] | None = None  # what it names; null: the source does not say, []: no concept
    part_of: str | None = None  # id of the composite mention this one is a part of


class Concept(Struct, frozen=True, kw_only=True, gc=False):
    """What concept-level relations relate: an identity, not a mention."""

    id: str  # unique in the record
    type: str  # type of the concept, as of an entity
    name: str | None = None  # preferred name, where the source gives one
    links: list[Link] | None = None  # its identifiers


class Argument(Struct, frozen=True, kw_only=True, gc=False):
    """One argument: `ref` names an entity, concept, event or relation; a bare string stays in `text`."""

    role: str  # what it is to the relation or event
    ref: str | None = None  # id of an annotation
    text: str | None = None  # a bare string, where there is no annotation


class Relation(Struct, frozen=True, kw_only=True, gc=False):
    """A relation of any arity; a binary one has two arguments."""

    id: str  # unique in the record
    type: str  # relation type
    args: list[Argument]  # in the order of the source


class Trigger(Struct, frozen=True, kw_only=True, gc=False):
    """The words that express an event."""

    spans: list[Span] | None = None  # its pieces in `text`; null: not positioned by the source
    text: str  # the words


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """An event (BioNLP-ST sense): a type, the trigger if there is one, arguments."""

    id: str  # unique in the record
    type: str  # event type
    trigger: Trigger | None = None  # the words that express it
    args: list[Argument]  # in the order of the source


class Coreference(Struct, frozen=True, kw_only=True, gc=False):
    """Mentions that name the same thing."""

    id: str  # unique among the sets of the record
    refs: list[str]  # ids of mentions


class Group(Struct, frozen=True, kw_only=True, gc=False):
    """Mentions bound together by something other than identity (an OR set)."""

    kind: str  # what binds them
    refs: list[str]  # ids of mentions


class Attribute(Struct, frozen=True, kw_only=True, gc=False):
    """A property of an annotation: negation, speculation, optional, novelty, symptom status."""

    id: str  # unique among the attributes of the record
    ref: str  # id of the annotation it is a property of
    name: str  # name of the property
    value: str | None = None  # null: the property holds


class Choice(Struct, frozen=True, gc=False):
    """One option of a question."""

    key: str  # what it is called: A, B; 1, 2
    text: str  # what it says


class Answer(Struct, frozen=True, kw_only=True, gc=False):
    """An answer; `start` and `end` are offsets into `context` where the source positions it."""

    text: str  # the answer; of a choice question, the text of the right option
    start: int | None = None  # first code point in `context`
    end: int | None = None  # the one after the last


class Turn(Struct, frozen=True, gc=False):
    """One turn of a dialogue; the patient is `user`, the doctor `assistant`."""

    role: Literal["user", "assistant"]  # who speaks
    text: str  # what is said


class Record(Struct, frozen=True, kw_only=True, gc=False):
    """One unit of a dataset in the one schema. See docs/schema.md, which is made from this class."""

    # identity
    id: str  # "<dataset>/<split>/<key>"
    dataset: str  # id of the dataset
    split: Split  # which of the three
    subset: str | None = None  # the source's own split name where it is none of the three
    language: str  # en or zh; of parallel texts, that of `source`
    document_ns: str | None = None  # pmid, pmcid, doi, nct, dialogue ...
    document_id: str | None = None  # the bare id in that name space
    group: str | None = None  # what must not be torn apart between splits
    origin: Literal["raw", "sample"]  # released data, or the invented sample
    license: str  # name of the licence

    # text
    text: str | None = None  # what is annotated, one string a document
    passages: list[Passage] | None = None  # stretches of `text`
    sentence_bounds: list[int] | None = None  # sentence ends; only for long documents

    # annotation
    entities: list[Entity] | None = None  # mentions
    concepts: list[Concept] | None = None  # what concept-level relations relate
    relations: list[Relation] | None = None  # of any arity
    events: list[Event] | None = None  # events
    coreferences: list[Coreference] | None = None  # mentions of one thing
    groups: list[Group] | None = None  # other sets of mentions
    attributes: list[Attribute] | None = None  # properties of annotations

    # classification and pairs
    labels: list[str] | None = None  # null: no gold; []: gold says none
    label_set: str | None = None  # name of the label set in the dataset's YAML
    score: float | None = None  # graded gold, on the dataset's own scale
    text_a: str | None = None  # first text of a pair
    text_b: str | None = None  # second text of a pair

    # questions
    question: str | None = None  # the question
    context: str | None = None  # what the question or the dialogue is about
    choices: list[Choice] | None = None  # options, in the order of the source
    answers: list[Answer] | None = None  # right answers
    rationale: str | None = None  # why the answer is right

    # dialogue (with `context`)
    turns: list[Turn] | None = None  # in order, user and assistant by turns

    # generation
    source: str | None = None  # what is given
    target: str | None = None  # what is to be written
    source_language: str | None = None  # language of `source`, where there are two
    target_language: str | None = None  # language of `target`, where there are two
    target_struct: str | None = None  # JSON text: what `target` says, structured

    extra: str | None = None  # JSON text: whatever the source carries that has no place above
