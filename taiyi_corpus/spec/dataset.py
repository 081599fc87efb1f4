"""The registry file of one dataset, typed: everything `registry/<language>/<id>.yaml` may say.

The comment behind a key is its meaning in docs/registry-keys.md.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import Field

from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.mapping import FieldPath, Nonempty, Strict, Value
from taiyi_corpus.spec.record_map import RecordMap, RowsMap

TaskId = Literal[
    "ner", "nen", "abbreviation", "re", "cre", "ee", "coref", "tc", "qa_choice", "qa_yesno", "qa_sqa",
    "qa_cqa", "mrd", "mt", "tp_ss", "tp_te", "tt_ds", "tt_ts", "cot", "chat",
]  # fmt: skip
TASKS: tuple[TaskId, ...] = get_args(TaskId)
Known = bool | Literal["unknown"]


class License(Strict):
    """What may be done with the data, and who says so."""

    name: Nonempty  # SPDX id where there is one
    says: Nonempty  # where the licence is stated
    redistributable: Known  # whether the data may be passed on
    commercial: Known = "unknown"  # whether it may be used for money
    note: str | None = None  # terms that the name does not say


class Citation(Strict):
    """The paper to cite."""

    text: Nonempty  # authors, year, title, venue
    doi: str | None = None  # bare DOI
    acl: str | None = None  # id in the ACL Anthology
    arxiv: str | None = None  # bare arXiv id


class SourceFile(Strict):
    """A file to download: where from, where to (below the dataset's folder), what it must be."""

    url: Nonempty  # where from
    path: Nonempty  # where to, below the dataset's folder
    sha256: str | None = None  # hash of the bytes; a download that differs is not used
    size: int | None = None  # in bytes
    mirrors: list[str] = []  # other addresses of the same bytes


class HubSource(Strict):
    """Files of a Hugging Face Hub dataset at a pinned revision."""

    repo: Nonempty  # "owner/name"
    revision: str | None = None  # commit; absent: the newest
    files: list[str] = []  # patterns in the repository; absent: all files


class Source(Strict):
    """Where the bytes come from."""

    files: list[SourceFile] = []  # what to download
    hub: HubSource | None = None  # what to take from the Hugging Face Hub
    manual: str | None = None  # what to get, from where, under which terms


class ReaderSpec(Strict):
    """Which reader, and its options (each reader says which it takes)."""

    format: Nonempty  # name of a reader
    options: dict[str, Any] = {}  # what this reader is told


class SideTable(Strict):
    """A second file, whose rows are given to those they belong to, a list under the table's name; or to the adapter."""

    files: list[str]  # patterns below the dataset's folder
    reader: ReaderSpec  # how they are read
    key: FieldPath | None = (
        None  # path in its rows of what tells where they belong; absent: for the adapter
    )
    to: Value | list[Value] | None = (
        None  # the same in the rows of the dataset; of several the first there is
    )
    required: bool = False  # true: a row of the dataset without any is broken


class IdList(Strict):
    """A list of keys: stated here, or in a file, a line each, joined by commas, or a JSON list (or object keys)."""

    file: str | None = None  # pattern below the dataset's folder
    keys: list[str] = []  # the keys themselves, where no file of the release has them
    format: Literal["lines", "commas", "json"] = "lines"  # a key a line, joined by commas, or JSON
    path: str = "."  # path of the list in the JSON
    key: Nonempty  # path in the row whose value is looked up


class SplitSource(Strict):
    """Files that make a split, whole or by a list of keys."""

    files: list[str]  # patterns below the dataset's folder; `*` stays in one folder, `**` does not
    subset: str | None = None  # the source's own split name where it is none of the three
    only: IdList | None = None  # take these keys
    without: IdList | None = Field(None, alias="except")  # leave these keys out
    fields: dict[str, str] = {}  # constants added to every row


class SplitSpec(Strict):
    """One split."""

    sources: list[SplitSource]  # what it is made of, in order
    benchmark: list[str] = []  # benchmark ids; such a split belongs in no training mix
    gold: bool = True  # false: released without annotation
    optional: bool = False  # true: its absence does not make the dataset partial
    unprotected: str | None = (
        None  # why a test split keeps its documents out of no `train`: folds; one file called test
    )


class LabelName(Strict):
    """What an instruction calls a label, in English and in Chinese."""

    en: Nonempty  # in English
    zh: Nonempty  # in Chinese
    ask: bool = True  # false: known to the schema, never asked for
    note: str | None = None  # what the label means


class RelationName(LabelName):
    """A relation: how it reads, and the types its roles take, in order (head first)."""

    args: dict[str, list[str]] = {}  # role -> the types it takes
    symmetric: bool = False  # true: the order of the arguments says nothing


class EventName(LabelName):
    """An event type and the roles it may have."""

    roles: list[str] = []  # roles of its arguments


class Labels(Strict):
    """The label sets of a dataset with their surface names."""

    entities: dict[str, LabelName] = {}  # entity type -> names
    relations: dict[str, RelationName] = {}  # relation type -> names and arguments
    events: dict[str, EventName] = {}  # event type -> names and roles
    roles: dict[str, LabelName] = {}  # role of an argument -> names
    classes: dict[str, LabelName] = {}  # class -> names
    attributes: dict[str, LabelName] = {}  # attribute -> names
    multi: bool = False  # several classes a record
    none: str | None = None  # the class that means "none of the others"
    no_relation: LabelName | None = (
        None  # what an answer with a trace calls that nothing is related
    )


class Scale(Strict):
    """The scale of graded pairs, as an instruction calls it."""

    en: Nonempty  # in English: "0 (unrelated) to 4 (equivalent)"
    zh: Nonempty  # in Chinese
    decimals: int = 0  # digits after the point in an answer


class PoolNegatives(Strict):
    """Wrong pairs for a source of questions with right answers only, made where pairs are asked for (`tp_ss`)."""

    k: int = Field(1, ge=1)  # wrong pairs for each question
    source: Literal["pool"] = Field(
        "pool", alias="from"
    )  # `pool`: answers to other questions, by hash
    right: Nonempty  # class of the question with its own answer
    wrong: Nonempty  # class of the question with a drawn one


class Expect(Strict):
    """Published counts, and the paper's sizes where they differ from the files, with the reason."""

    records: dict[Split, int] = {}  # split -> records
    entities: dict[Split, int] = {}  # split -> mentions
    relations: dict[Split, int] = {}  # split -> relations
    events: dict[Split, int] = {}  # split -> events
    paper: dict[Split, int] = {}  # split -> records, as the paper says where the files differ
    note: str | None = None  # why they differ


class KnownFault(Strict):
    """A fault of the source: how often it occurs in each split, and what is done about it.

    `resolve` for faults of a mention: `offsets` trusts the offsets (the text becomes the slice), `text` trusts the
    text (the mention becomes unpositioned), `drop` leaves the annotation out. Faults of a row or record always drop
    it, with the fault as the reason.
    """

    fault: Nonempty  # code of the fault, see below
    count: dict[Split, int]  # split -> how often it occurs
    resolve: Literal["offsets", "text", "drop"] = "drop"  # what is done about it
    note: Nonempty  # what it looks like in the source


class TaiyiName(Strict):
    """How the paper's release spells this dataset, by task."""

    task: TaskId  # the task
    category: Nonempty  # `category` in the release
    dataset: Nonempty  # `dataset` in the release
    count: int | None = None  # instances in the release


class Variant(Strict):
    """Another released form of the same data."""

    note: str  # who released it, and how it differs
    reader: ReaderSpec  # how its files are read
    splits: dict[Split, SplitSpec]  # its splits
    map: RecordMap = RecordMap()  # raw fields -> schema
    adapter: str | None = None  # name of an adapter
    rows: RowsMap | None = None  # how rows are cut
    known_faults: list[KnownFault] = []  # faults of this form


class DatasetSpec(Strict):
    """One dataset: everything the pipeline knows of it."""

    id: Nonempty  # the file name without .yaml; never changes
    name: Nonempty  # as its makers write it
    language: Literal["en", "zh", "en-zh"]  # language of the texts; en-zh: parallel
    tasks: list[TaskId]  # what its records are asked for
    about: Nonempty  # one or two sentences: what the texts are and what is annotated
    homepage: Nonempty  # address of its makers' page
    citation: Citation  # the paper to cite
    license: License  # what may be done with the data
    access: Literal["open", "registration", "dua", "dead-link"]  # how the data is got
    tags: list[str] = []  # words that recipes select by
    source: Source  # where the bytes come from
    reader: ReaderSpec  # how the files are read
    splits: dict[Split, SplitSpec]  # which files are which split
    adapter: str | None = None  # name of an adapter, for what a mapping cannot say
    side: dict[str, SideTable] = {}  # name -> a second file that is joined
    rows: RowsMap | None = None  # how rows are cut
    map: RecordMap = RecordMap()  # raw fields -> schema; says only what differs from the default
    piece_join: str = " "  # what joins the pieces of a discontinuous mention
    unique_by: Literal["text", "question", "source", "pair"] | None = None  # repeats are dropped
    labels: Labels = Labels()  # label sets and what an instruction calls them
    scale: Scale | None = None  # scale of graded pairs
    negatives: PoolNegatives | None = None  # wrong pairs of questions with right answers only
    decompose: dict[str, dict[str, float]] = {}  # task -> form -> rate, where not the recipe's
    expect: Expect = Expect()  # published counts
    known_faults: list[KnownFault] = []  # faults of the source, counted
    shares_source_with: list[str] = []  # ids of datasets made from the same texts
    taiyi: list[TaiyiName] = []  # names in the release of the paper "Taiyi"
    variants: dict[str, Variant] = {}  # name -> another released form
    notes: str | None = None  # anything a maintainer should know
