"""How a raw row becomes a record: the `map:` part of a registry file, and `rows:`, which may cut rows before it.

The comment behind a key is its meaning in docs/registry-keys.md.
"""

from __future__ import annotations

from typing import Literal

from taiyi_corpus.spec.mapping import (
    AttributesMap,
    CoreferencesMap,
    DocumentMap,
    EntitiesMap,
    EventsMap,
    FieldPath,
    GroupsMap,
    Mean,
    Nonempty,
    Pattern,
    RelationsMap,
    Strict,
    Value,
)


class RowsMap(Strict):
    """A row for each element of a list, with what stands around the list; a row without elements stays as it is.

    Fields of an element go before those around it; one that is no object is put under `value`. A path
    "paragraphs.sentences" cuts the elements of the first list into those of the second.
    """

    each: FieldPath  # path of the list
    number: Nonempty | None = None  # where the number of the element is put, from 0
    row: Nonempty | None = None  # where the number of the row that was cut is put, from 0


class LabelsMap(Strict):
    """Class labels at `path`: a string, a list, or a string split at `split`; or one column a label."""

    path: Value | None = None  # the label or labels
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
    """The answer: as option `key`, option `index` or `number`, or `text` (a string or a list of strings)."""

    key: FieldPath | None = None  # path of the key of the right option
    index: FieldPath | None = None  # path of the number of the right option, from 0
    number: FieldPath | None = None  # path of the number of the right option, from 1
    text: Value | None = None  # the answer as text
    names: dict[str, str] = {}  # raw answer -> answer
    start: FieldPath | None = None  # path of the answer's first offset in `context`
    end: FieldPath | None = None  # path of the answer's last offset in `context`


Speaker = Literal["user", "assistant"]


class TurnsMap(Strict):
    """Dialogue turns: a list, an object whose values are the elements, or one text that `marks` part.

    Who speaks is said by a `role` beside the `text` (the default), by `marks` that open what is said, by `fields` of
    an element, or by the order (`alternate`). Blank turns are left out.
    """

    each: FieldPath = "turns"  # path of the list
    role: FieldPath | None = "role"  # path of the role in an element
    text: FieldPath | None = "text"  # path of the text in an element
    roles: dict[str, Speaker] = {}  # raw role -> role
    marks: dict[str, Speaker] = {}  # "病人：" -> user; a mark "\nQ:" opens a line of a text
    fields: dict[str, Speaker] = {}  # field of an element that holds what is said -> role, in order
    alternate: bool = False  # true: the elements are said in turn, the first by the user
    then: FieldPath | None = None  # path of what the assistant says after all that
    merge: str = "\n"  # what joins consecutive turns of one speaker
    skip: list[str] = []  # turns whose whole text is one of these are fillers
    cut: list[Pattern] = []  # regular expressions of what is left out of a turn
    one_round: Literal["turns", "question"] = (
        "turns"  # question: a dialogue of one round is a question with its answer
    )


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
    score: FieldPath | Mean | None = None  # path of a number
    text_a: Value | None = None  # first text of a pair
    text_b: Value | None = None  # second text of a pair
    question: Value | None = None  # the question
    context: Value | None = None  # what the question or dialogue is about
    choices: ChoicesMap | None = None  # options of the question
    answers: AnswersMap | None = None  # the answer
    rationale: Value | None = None  # why the answer is right
    turns: TurnsMap | list[TurnsMap] | None = (
        None  # dialogue turns; of several layouts the first that fits the row
    )
    source: Value | None = None  # what a generated text is made from
    target: Value | None = None  # the text to generate
    source_language: Value | None = None  # language of `source`
    target_language: Value | None = None  # language of `target`
    target_struct: FieldPath | None = None  # path of what `target` says, structured
    drop: list[
        str
    ] = []  # raw fields that repeat what is mapped and need no place in `extra`; also of annotations
