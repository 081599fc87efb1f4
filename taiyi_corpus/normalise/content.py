"""From raw fields to labels, questions and dialogues."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from taiyi_corpus.normalise.faults import FaultBook, RecordFault
from taiyi_corpus.normalise.paths import getter, text_getter, text_of
from taiyi_corpus.schema.record import Answer, Choice, Turn
from taiyi_corpus.spec.dataset import Labels
from taiyi_corpus.spec.mapping import AnswersMap, ChoicesMap, LabelsMap, TurnsMap

Choices = list[Choice] | None


def labels_reader(spec: LabelsMap, known: Labels) -> Callable[[Any, FaultBook], list[str] | None]:
    """Return a function that gives the class labels of a row: None without gold, [] if gold says none."""
    get, none = getter(spec.path), frozenset(spec.none)

    def read(row: Any, faults: FaultBook) -> list[str] | None:
        found = get(row)
        if found is None:
            return None
        if isinstance(found, list):
            raws = [text_of(item) or "" for item in found]
        else:
            text = text_of(found)
            if text is None:
                return None
            raws = text.split(spec.split) if spec.split else [text]
        labels: list[str] = []
        for raw in (raw.strip() for raw in raws):
            label = spec.names.get(raw, raw)
            if not raw or raw in none or label in labels:
                continue
            if known.classes and label not in known.classes:
                raise_or_count(faults, "label_unknown", f"label {raw!r}")
            labels.append(label)
        return labels

    return read


def raise_or_count(faults: FaultBook, code: str, detail: str) -> None:
    """Meet a fault of a whole record: it is counted, and the record goes."""
    faults.counts[code] += 1
    raise RecordFault(code, detail)


def choices_reader(spec: ChoicesMap) -> Callable[[Any], Choices]:
    """Return a function that gives the options of a question, in the order of the source."""
    letters = string.ascii_uppercase
    if spec.fixed:
        fixed = [Choice(letters[i], text) for i, text in enumerate(spec.fixed)]
        return lambda row: fixed
    if spec.columns:
        getters = [text_getter(column) for column in spec.columns]

        def columns(row: Any) -> Choices:
            texts = [get(row) for get in getters]
            return [
                Choice(letters[i], text) for i, text in enumerate(texts) if text is not None
            ] or None

        return columns
    get = getter(spec.path or "choices")

    def read(row: Any) -> Choices:
        found = get(row)
        if isinstance(found, dict):
            return [Choice(str(key), text_of(text) or "") for key, text in found.items()]
        if isinstance(found, list) and all(isinstance(item, dict) for item in found):
            return [Choice(str(item["key"]), text_of(item["text"]) or "") for item in found] or None
        if isinstance(found, list):
            return [Choice(letters[i], text_of(text) or "") for i, text in enumerate(found)] or None
        return None

    return read


def answers_reader(spec: AnswersMap) -> Callable[[Any, Choices, FaultBook], list[Answer] | None]:
    """Return a function that gives the answers of a row; an answer given as a key or index is looked up."""
    get_key = getter(spec.key) if spec.key else None
    get_index = getter(spec.index) if spec.index else None
    get_start = getter(spec.start) if spec.start else None
    get_end = getter(spec.end) if spec.end else None
    names = spec.names
    get_list = getter(spec.text) if isinstance(spec.text, str) else None
    get_text = text_getter(spec.text) if spec.text is not None else None

    def chosen(row: Any, choices: Choices) -> tuple[str | None, str | None]:
        if get_key is not None:
            key = text_of(get_key(row))
            by_key = {choice.key: choice.text for choice in choices or []}
            return key, by_key.get((key or "").strip())
        if get_index is not None:
            index = text_of(get_index(row))
            position = int(index) if index is not None and index.strip().isdigit() else -1
            inside = choices is not None and 0 <= position < len(choices)
            return index, choices[position].text if choices and inside else None
        return None, None

    def read(row: Any, choices: Choices, faults: FaultBook) -> list[Answer] | None:
        if get_key is not None or get_index is not None:
            raw, text = chosen(row, choices)
            if raw is None:
                return None
            if text is None:
                raise_or_count(faults, "answer_not_in_choices", f"answer {raw!r}")
            return [Answer(text=text or "")]
        found = get_list(row) if get_list is not None else None
        if isinstance(found, list):
            texts = [text for item in found if (text := text_of(item)) is not None]
        else:
            text = get_text(row) if get_text is not None else None
            texts = [] if text is None else [text]
        if not texts:
            return None
        start = get_start(row) if get_start else None
        end = get_end(row) if get_end else None
        return [Answer(text=names.get(text.strip(), text), start=start, end=end) for text in texts]

    return read


def turns_reader(spec: TurnsMap) -> Callable[[Any], list[Turn] | None]:
    """Return a function that gives alternating turns; consecutive turns of one speaker become one."""
    each = getter(spec.each)
    get_role = getter(spec.role) if spec.role else None
    get_text = getter(spec.text) if spec.text else None
    marks, skip = spec.marks, frozenset(spec.skip)
    roles: dict[str, str] = dict(spec.roles)

    def one(item: Any) -> tuple[str, str]:
        if marks:
            raw = (
                text_of(item if isinstance(item, str) else get_text(item) if get_text else None)
                or ""
            )
            for mark, speaker in marks.items():
                if raw.startswith(mark):
                    return speaker, raw[len(mark) :].strip()
            raise RecordFault(
                "row_malformed", f"wanted a turn that starts with {list(marks)}, found {raw[:40]!r}"
            )
        raw_role = text_of(get_role(item) if get_role else None) or ""
        role = roles.get(raw_role, raw_role)
        if role not in ("user", "assistant"):
            raise RecordFault(
                "row_malformed", f"wanted a speaker of {list(roles)}, found {raw_role!r}"
            )
        return role, (text_of(get_text(item) if get_text else None) or "").strip()

    def read(row: Any) -> list[Turn] | None:
        found = each(row)
        if not isinstance(found, list):
            return None
        turns: list[Turn] = []
        for item in found:
            role, text = one(item)
            if not text or text in skip:
                continue
            if turns and turns[-1].role == role:
                turns[-1] = Turn(turns[-1].role, turns[-1].text + spec.merge + text)
            else:
                turns.append(Turn("user" if role == "user" else "assistant", text))
        return turns

    return read
