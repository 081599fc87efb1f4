"""From raw fields to class labels, and to the options and answers of questions."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from taiyi_corpus.normalise.annotations import member, offset
from taiyi_corpus.normalise.faults import FaultBook, RecordFault
from taiyi_corpus.normalise.paths import Getter, getter, text_getter, text_of
from taiyi_corpus.schema.record import Answer, Choice
from taiyi_corpus.spec.dataset import Labels
from taiyi_corpus.spec.record_map import AnswersMap, ChoicesMap, LabelsMap

Choices = list[Choice] | None


def labels_reader(spec: LabelsMap, known: Labels) -> Callable[[Any], list[str] | None]:
    """Return a function that gives the class labels of a row: None without gold, [] if gold says none."""
    none = frozenset(spec.none)
    path = spec.path or "labels"
    get = getter(path) if isinstance(path, str) else text_getter(path)
    if spec.columns:
        get = _ticked(spec.columns)

    def read(row: Any) -> list[str] | None:
        found = get(row)
        if isinstance(found, list):
            raws = [text_of(item) or "" for item in found]
        else:
            text = text_of(found)
            if text is None:
                return [] if "" in none else None
            raws = text.split(spec.split) if spec.split else [text]
        labels: list[str] = []
        for raw in (raw.strip() for raw in raws):
            label = spec.names.get(raw, raw)
            if not raw or raw in none or label in labels:
                continue
            if known.classes and label not in known.classes:
                raise RecordFault("label_unknown", f"label {raw!r}")
            labels.append(label)
        return labels

    return read


def _ticked(columns: list[str]) -> Getter:
    """Return a function that gives the columns of a row that are ticked; None where all are empty."""
    getters = [(column, getter(column)) for column in columns]

    def ticked(row: Any) -> list[str] | None:
        marks = {column: text_of(get(row)) for column, get in getters}
        if not any(marks.values()):
            return None
        return [column for column, mark in marks.items() if (mark or "").strip().lower() in _TICKS]

    return ticked


_TICKS = frozenset({"1", "1.0", "true", "yes", "x"})


def letter(position: int) -> str:
    """Return the key of an option that the source does not name: A, B ... Z, then 27, 28 ..."""
    letters = string.ascii_uppercase
    return letters[position] if position < len(letters) else str(position + 1)


def choices_reader(spec: ChoicesMap) -> Callable[[Any], Choices]:
    """Return a function that gives the options of a question, in the order of the source."""
    if spec.fixed:
        fixed = [Choice(letter(i), text) for i, text in enumerate(spec.fixed)]
        return lambda row: fixed
    if spec.columns:
        getters = [text_getter(column) for column in spec.columns]

        def columns(row: Any) -> Choices:
            texts = [get(row) for get in getters]
            # A blank column is no option, and the others keep their letters.
            return [Choice(letter(i), text) for i, text in enumerate(texts) if text] or None

        return columns
    get = getter(spec.path or "choices")

    def read(row: Any) -> Choices:
        found = get(row)
        if isinstance(found, dict):
            return [Choice(str(key), text_of(text) or "") for key, text in found.items()] or None
        if not isinstance(found, list):
            return None
        return [_choice(item, i) for i, item in enumerate(found)] or None

    return read


def _choice(item: Any, position: int) -> Choice:
    if isinstance(item, dict):
        return Choice(str(member(item, "key", "an option")), text_of(item.get("text")) or "")
    return Choice(letter(position), text_of(item) or "")


def answers_reader(
    spec: AnswersMap, options: ChoicesMap | None
) -> Callable[[Any, Choices, str | None, FaultBook], list[Answer] | None]:
    """Return a function that gives the answers of a row from its options and its context.

    An answer given as a key or index is looked up; one given with offsets is checked against the context.
    """
    if spec.key or spec.index or spec.number:
        chosen = _by_key(spec.key) if spec.key else _by_position(spec, options)

        def look_up(
            row: Any, choices: Choices, context: str | None, faults: FaultBook
        ) -> list[Answer] | None:
            raw, text = chosen(row, choices or [])
            if raw is None:
                return None
            if text is None:
                raise RecordFault("answer_not_in_choices", f"answer {raw!r}")
            return [Answer(text=text)]

        return look_up
    texts_of = _texts(spec)
    get_start = getter(spec.start) if spec.start else None
    get_end = getter(spec.end) if spec.end else None

    def read(
        row: Any, choices: Choices, context: str | None, faults: FaultBook
    ) -> list[Answer] | None:
        texts = texts_of(row)
        if not texts:
            return None
        starts, ends = _offsets(get_start, row, len(texts)), _offsets(get_end, row, len(texts))
        return [
            _placed(text, start, end, context or "", faults)
            for text, start, end in zip(texts, starts, ends, strict=True)
        ]

    return read


Chosen = Callable[[Any, list[Choice]], tuple[str | None, str | None]]  # (as given, text of option)


def _by_key(path: str) -> Chosen:
    get = getter(path)

    def chosen(row: Any, choices: list[Choice]) -> tuple[str | None, str | None]:
        key = text_of(get(row))
        by_key = {choice.key: choice.text for choice in choices}
        return key, by_key.get((key or "").strip())

    return chosen


def _by_position(spec: AnswersMap, options: ChoicesMap | None) -> Chosen:
    get, first = getter(spec.index or spec.number or ""), 0 if spec.index else 1
    # Of columns some may be blank, so the number counts columns, not what is left of them.
    by_letter = options is not None and bool(options.columns)

    def chosen(row: Any, choices: list[Choice]) -> tuple[str | None, str | None]:
        raw = text_of(get(row))
        if raw is None or not raw.strip().isdecimal():
            return raw, None
        position = int(raw) - first
        if by_letter:
            return raw, {c.key: c.text for c in choices}.get(
                letter(position) if position >= 0 else ""
            )
        return raw, choices[position].text if 0 <= position < len(choices) else None

    return chosen


def _texts(spec: AnswersMap) -> Callable[[Any], list[str]]:
    get_list = getter(spec.text) if isinstance(spec.text, str) else None
    get_text = text_getter(spec.text) if spec.text is not None else None

    def read(row: Any) -> list[str]:
        found = get_list(row) if get_list is not None else None
        if isinstance(found, list):
            texts = [text for item in found if (text := text_of(item)) is not None]
        else:
            text = get_text(row) if get_text is not None else None
            texts = [] if text is None else [text]
        return [spec.names.get(text.strip(), text) for text in texts]

    return read


def _offsets(get: Getter | None, row: Any, count: int) -> list[int | None]:
    found = get(row) if get is not None else None
    values = found if isinstance(found, list) else [found] * count
    if len(values) != count:
        raise RecordFault("row_malformed", f"wanted {count} answer offsets, found {found!r}")
    return [None if value is None else offset(value) for value in values]


def _placed(
    text: str, start: int | None, end: int | None, context: str, faults: FaultBook
) -> Answer:
    if start is None:
        return Answer(text=text)
    end = start + len(text) if end is None else end
    if context[max(0, start) : max(0, end)] == text:
        return Answer(text=text, start=start, end=end)
    detail = f"answer {text!r} at [{start}, {end}] of the context"
    if faults.meet("span_mismatch", detail) != "text":
        # Without its only answer a question is none; offsets cannot say what the answer was.
        raise RecordFault("span_mismatch", detail)
    return Answer(text=text)
