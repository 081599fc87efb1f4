"""How a recipe curates: licences, repairs, filters, privacy, duplicates, protected test sets, scores."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from taiyi_corpus.spec.dataset import TaskId
from taiyi_corpus.spec.mapping import Strict

Allow = Literal["any", "research", "commercial", "redistributable"]
Repair = Literal["unicode", "control", "mojibake", "entities", "tags", "tokens", "width"]
Personal = Literal["phone", "email", "id_card", "account", "link", "record_number", "name"]
HeldOut = Literal["validation", "test"]
Score = Literal[
    "characters", "words", "type_token", "chinese", "overlap", "answer_words", "label_surprise"
]

Ratio = Annotated[float, Field(ge=0.0, le=1.0)]
Likeness = Annotated[float, Field(ge=0.2, le=1.0)]
Shingle = Annotated[int, Field(ge=1, le=20)]
WordGram = Annotated[int, Field(ge=5, le=50)]
CharGram = Annotated[int, Field(ge=8, le=100)]
AtLeastOne = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]


class Limits(Strict):
    """Thresholds of the filters."""

    answer_min: dict[Literal["en", "zh"], Count] = {
        "en": 1,
        "zh": 1,
    }  # characters of an answer or target
    text_max: dict[Literal["en", "zh"], AtLeastOne] = {
        "en": 200_000,
        "zh": 100_000,
    }  # characters of all texts of a record
    text_min: dict[Literal["en", "zh"], Count] = {"en": 3, "zh": 2}  # least of them
    squeeze: Ratio = 0.12  # a text that zlib makes smaller than this share of itself repeats itself
    squeeze_from: AtLeastOne = 400  # bytes from which on a text is tried for repetition
    han: Ratio = 0.15  # a Chinese record has at least this share of Han characters among its words


class Privacy(Strict):
    """What names a person in texts of patients, and what is done about it."""

    mask: list[Personal] = []  # these are replaced by a word for what they are
    drop: list[Personal] = []  # a record with one of these is dropped
    tags: list[str] = [
        "patient",
        "consultation",
        "dialogue",
        "clinical",
    ]  # datasets looked at: one of these tags
    exempt: list[str] = []  # datasets left alone; sets made for de-identification always are

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Privacy:
        if both := sorted(set(self.mask) & set(self.drop)):
            raise ValueError(f"each kind under `mask` or `drop`, found both for {', '.join(both)}")
        return self


class Duplicates(Strict):
    """Records that say the same. A document's text, a question with its answer, a dialogue are compared."""

    exact: bool = True  # drop what is equal but for blanks, width and case of letters
    near: Likeness | None = (
        None  # drop what shares this part of its shingles (Jaccard); absent: nothing
    )
    shingle: Shingle = 5  # words (Han characters in Chinese) of a shingle
    chinese: Literal["characters", "words"] = (
        "characters"  # what a Chinese shingle is of; `words` are cut by jieba, some 2,000 texts a second
    )
    least: AtLeastOne = 20  # words under which only equal texts are the same
    prefer: list[str] = []  # datasets whose records survive before those of others, in this order


class Protect(Strict):
    """Texts that belong in no mix, and how they are known again."""

    benchmarks: bool = True  # every benchmark split that is there
    tests: bool = True  # documents and texts of every test split of the datasets of the mix
    also: list[str] = []  # datasets (their test sets), `dataset/split`, or files
    words: WordGram = 13  # English: a run of so many words is a leak
    characters: CharGram = 20  # Chinese: a run of so many characters is
    common: AtLeastOne = 10  # a run that more protected texts of one set have is a common phrase


class Where(Strict):
    """Records must have a score in these bounds; one that has no such score stays."""

    score: Score  # which
    min: float | None = None  # least
    max: float | None = None  # most
    tasks: list[TaskId] = []  # only datasets with one of these tasks
    datasets: list[str] = []  # only these datasets

    @model_validator(mode="after")
    def _possible(self) -> Where:
        if self.min is None and self.max is None:
            raise ValueError("`min`, `max` or both, found neither")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"a `min` not above `max` ({self.max:g}), found {self.min:g}")
        low, high = SCORE_BOUNDS[self.score]
        if (self.min is not None and self.min > high) or (self.max is not None and self.max < low):
            raise ValueError(
                f"bounds of {self.score} within {low:g} to {high:g}, or nothing is left"
            )
        return self


SCORE_BOUNDS: dict[str, tuple[float, float]] = {
    "characters": (0, float("inf")),
    "words": (0, float("inf")),
    "type_token": (0, 1),
    "chinese": (0, 1),
    "overlap": (0, 1),
    "answer_words": (0, float("inf")),
    "label_surprise": (0, float("inf")),
}


class Curation(Strict):
    """What curating does to the records of a mix, in this order."""

    allow: Allow = (
        "any"  # licences: any; research: all but unlicensed for it; commercial; redistributable
    )
    splits: dict[
        Literal["validation", "test"], Ratio
    ] = {}  # shares for datasets without such a split
    repair: list[Repair] = []  # faults of texts that are put right; offsets follow
    privacy: Privacy = Privacy()  # what names a person
    filters: list[str] = []  # names of filters that drop records
    limits: Limits = Limits()  # their thresholds
    where: list[Where] = []  # bounds of scores
    scores: bool = False  # write `scores.parquet`: all scores of every record that stays
    duplicates: Duplicates = Duplicates()  # what says the same
    protect: Protect = Protect()  # what belongs in no mix

    @model_validator(mode="after")
    def _leaves_train(self) -> Curation:
        if (total := sum(self.splits.values())) >= 1.0:
            raise ValueError(f"splits that sum to less than 1, found {total:g}")
        return self
