"""The registry file of one dataset, typed: everything `registry/<language>/<id>.yaml` may say."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.mapping import Nonempty, RecordMap, Strict

TaskId = Literal[
    "ner", "nen", "abbreviation", "re", "cre", "ee", "coref", "tc", "qa_choice", "qa_yesno", "qa_sqa",
    "qa_cqa", "mrd", "mt", "tp_ss", "tp_te", "tt_ds", "tt_ts", "cot", "chat",
]  # fmt: skip
TASKS: tuple[TaskId, ...] = TaskId.__args__  # type: ignore[attr-defined]
Known = bool | Literal["unknown"]


class License(Strict):
    """What may be done with the data, and who says so."""

    name: Nonempty  # SPDX id where there is one
    says: Nonempty  # where the licence is stated
    redistributable: Known
    commercial: Known = "unknown"
    note: str | None = None


class Citation(Strict):
    """The paper to cite."""

    text: Nonempty
    doi: str | None = None
    acl: str | None = None
    arxiv: str | None = None


class SourceFile(Strict):
    """A file to download: where from, where to (below the dataset's folder), what it must be."""

    url: Nonempty
    path: Nonempty
    sha256: str | None = None
    size: int | None = None
    mirrors: list[str] = []


class HubSource(Strict):
    """Files of a Hugging Face Hub dataset at a pinned revision."""

    repo: Nonempty
    revision: str | None = None
    files: list[str] = []


class Source(Strict):
    """Where the bytes come from."""

    files: list[SourceFile] = []
    hub: HubSource | None = None
    manual: str | None = None  # what to get, from where, under which terms


class ReaderSpec(Strict):
    """Which reader, and its options (each reader says which it takes)."""

    format: Nonempty
    options: dict[str, Any] = {}


class SideTable(Strict):
    """A second file that an adapter joins to the rows: `side["name"]` is its list of rows."""

    files: list[str]
    reader: ReaderSpec


class IdList(Strict):
    """A list of keys in another file: a line each, or a JSON list (or object keys) at `path`."""

    file: Nonempty
    format: Literal["lines", "json"] = "lines"
    path: str = "."
    key: Nonempty  # path in the row whose value is looked up


class SplitSource(Strict):
    """Files that make a split, whole or by a list of keys."""

    files: list[str]  # patterns below the dataset's folder; `*` stays in one folder, `**` does not
    subset: str | None = None
    only: IdList | None = None
    without: IdList | None = Field(None, alias="except")
    fields: dict[str, str] = {}  # constants added to every row


class SplitSpec(Strict):
    """One split."""

    sources: list[SplitSource]
    benchmark: list[str] = []  # benchmark ids; such a split belongs in no training mix
    gold: bool = True  # False: released without annotation
    optional: bool = False  # True: its absence does not make the dataset partial


class LabelName(Strict):
    """What an instruction calls a label, in English and in Chinese."""

    en: Nonempty
    zh: Nonempty
    ask: bool = True  # False: known to the schema, never asked for
    note: str | None = None


class RelationName(LabelName):
    """A relation: how it reads, and the types its roles take, in order (head first)."""

    args: dict[str, list[str]] = {}
    symmetric: bool = False


class EventName(LabelName):
    """An event type and the roles it may have."""

    roles: list[str] = []


class Labels(Strict):
    """The label sets of a dataset with their surface names."""

    entities: dict[str, LabelName] = {}
    relations: dict[str, RelationName] = {}
    events: dict[str, EventName] = {}
    roles: dict[str, LabelName] = {}
    classes: dict[str, LabelName] = {}
    attributes: dict[str, LabelName] = {}
    multi: bool = False  # several classes a record
    none: str | None = None  # the class that means "none of the others"


class Expect(Strict):
    """Published counts, and the paper's sizes where they differ from the files, with the reason."""

    records: dict[Split, int] = {}
    entities: dict[Split, int] = {}
    relations: dict[Split, int] = {}
    events: dict[Split, int] = {}
    paper: dict[Split, int] = {}
    note: str | None = None


class KnownFault(Strict):
    """A fault of the source: how often it occurs in each split, and what is done about it.

    `resolve` for faults of a mention: `offsets` trusts the offsets (the text becomes the slice), `text` trusts the
    text (the mention becomes unpositioned), `drop` leaves the annotation out. Faults of a row or record always drop
    it, with the fault as the reason.
    """

    fault: Nonempty
    count: dict[Split, int]
    resolve: Literal["offsets", "text", "drop"] = "drop"
    note: Nonempty


class TaiyiName(Strict):
    """How the paper's release spells this dataset, by task."""

    task: TaskId
    category: Nonempty
    dataset: Nonempty
    count: int | None = None


class Variant(Strict):
    """Another released form of the same data."""

    note: str
    reader: ReaderSpec
    splits: dict[Split, SplitSpec]
    map: RecordMap = RecordMap()
    adapter: str | None = None
    known_faults: list[KnownFault] = []


class DatasetSpec(Strict):
    """One dataset: everything the pipeline knows of it."""

    id: Nonempty
    name: Nonempty
    language: Literal["en", "zh", "en-zh"]
    tasks: list[TaskId]
    about: Nonempty
    homepage: Nonempty
    citation: Citation
    license: License
    access: Literal["open", "registration", "dua", "dead-link"]
    tags: list[str] = []
    source: Source
    reader: ReaderSpec
    splits: dict[Split, SplitSpec]
    adapter: str | None = None  # name of a function in taiyi_corpus/adapters/
    side: dict[str, SideTable] = {}
    map: RecordMap = RecordMap()
    piece_join: str = " "
    unique_by: Literal["text", "question", "source", "pair"] | None = None
    labels: Labels = Labels()
    decompose: dict[str, dict[str, float]] = {}  # task -> form -> rate, where it differs from the recipe's
    expect: Expect = Expect()
    known_faults: list[KnownFault] = []
    shares_source_with: list[str] = []
    taiyi: list[TaiyiName] = []
    variants: dict[str, Variant] = {}
    notes: str | None = None
