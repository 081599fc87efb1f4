"""What the columns of raw rows are most likely for: by their names, else by what stands in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]

_NAMES: dict[str, str] = {
    "id": "id _id qid uid pmid pmcid guid key doc_id docid question_id example_id 编号 序号",
    "label": "label labels class classes category categories tag tags intent topic topics 标签 类别 分类",
    "score": "score similarity rating",
    "options": "options choices 选项",
    "answer": "answer answers response output reply ans answer_idx 答案 回答 答",
    "question": "question query ask instruction prompt input 问题 题干 问",
    "context": "context passage abstract document paragraph background article 背景 上下文",
    "rationale": "explanation exp rationale reasoning long_answer 解析 解释",
    "text": "text sentence content sent body abstract input 文本 句子 正文 内容",
}
_PAIRS = (
    "text1 text2", "text_a text_b", "sentence1 sentence2", "sentence_a sentence_b", "query1 query2", "s1 s2",
    "question1 question2", "premise hypothesis", "query title", "text_1 text_2", "sentence_1 sentence_2",
)  # fmt: skip
_GENERATED = (
    "source target", "src tgt", "article summary", "document summary", "text summary", "abstract title",
    "en zh", "zh en", "english chinese", "chinese english", "dialogue summary",
)  # fmt: skip
_ROLE, _SAID = (
    ("role", "speaker", "from", "sender"),
    ("text", "content", "value", "utterance", "sentence"),
)
_SEPARATORS = (";", "|", "、", "；", ",", "，")
_TICKS = {"0", "1", "0.0", "1.0", "true", "false"}
_MOST_LABELS = 60
_LONGEST_LABEL = 60


@dataclass(slots=True)
class Guess:
    """A mapping with the task it serves; `classes` are the labels found, `unsure` says what is a guess."""

    task: str | None = None
    map: dict[str, Any] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    multi: bool = False
    unsure: list[str] = field(default_factory=list)


def guess_columns(splits: Sequence[Sequence[Data]]) -> Guess:
    """Return what the columns of rows, those of each split by themselves, are most likely for."""
    rows = [row for split in splits for row in split]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    guess = Guess()
    if id_ := _named(columns, "id"):
        if all(len({str(row.get(id_)) for row in split}) == len(split) for split in splits):
            guess.map["id"] = id_
        if id_.lower() in ("pmid", "pmcid"):
            guess.map["documents"] = [{"ns": id_.lower(), "id": id_}]
    for attempt in (_dialogue, _choices, _pair, _generated, _question, _classified):
        if attempt(rows, [column for column in columns if column != id_], guess):
            break
    else:
        guess.unsure.append(f"what the columns are for: {', '.join(columns)}")
    return guess


def _named(columns: Sequence[str], what: str) -> str | None:
    """Return the column whose name is one for `what`; earlier names are better ones."""
    lower = {column.lower().strip(): column for column in columns}
    return next((lower[name] for name in _NAMES[what].split() if name in lower), None)


def _both(columns: Sequence[str], pairs: Sequence[str]) -> tuple[str, str] | None:
    lower = {column.lower().strip(): column for column in columns}
    for a, b in (pair.split() for pair in pairs):
        if a in lower and b in lower:
            return lower[a], lower[b]
    return None


def _dialogue(rows: Sequence[Data], columns: Sequence[str], guess: Guess) -> bool:
    for column in columns:
        turns = next((row[column] for row in rows if row.get(column)), None)
        if not isinstance(turns, list) or not isinstance(turns[0], dict):
            continue
        role = next((name for name in _ROLE if name in turns[0]), None)
        said = next((name for name in _SAID if name in turns[0]), None)
        if role is None or said is None:
            continue
        roles = sorted({str(t.get(role)) for row in rows for t in row.get(column) or []})
        user = re.compile(r"user|patient|human|病人|患者|client", re.IGNORECASE)
        named = {name: "user" if user.search(name) else "assistant" for name in roles}
        guess.task = "mrd"
        guess.map["turns"] = {"each": column, "role": role, "text": said, "roles": named}
        guess.unsure.append(f"who is the patient (user) and who the doctor (assistant): {roles}")
        return True
    return False


def _choices(rows: Sequence[Data], columns: Sequence[str], guess: Guess) -> bool:
    options, question = _named(columns, "options"), _named(columns, "question")
    by_letter = [c for c in columns if re.fullmatch(r"(?:op(?:tion)?_?)?[a-f]", c, re.IGNORECASE)]
    answer = _named(columns, "answer")
    if question is None or answer is None or (options is None and len(by_letter) < 2):
        return False
    guess.task = "qa_choice"
    guess.map["question"] = question
    guess.map["choices"] = {"path": options} if options else {"columns": by_letter}
    values = [str(row.get(answer)) for row in rows]
    if all(re.fullmatch(r"[A-Z]|\d", value) for value in values):
        number = all(value.isdigit() for value in values)
        guess.map["answers"] = {"index" if number else "key": answer}
        if number:
            guess.unsure.append(f"whether the numbers in {answer!r} count from 0, as they must")
    else:
        guess.map["answers"] = {"text": answer}
    _also(columns, guess, "context", "rationale")
    return True


def _pair(rows: Sequence[Data], columns: Sequence[str], guess: Guess) -> bool:
    both, label, score = _both(columns, _PAIRS), _named(columns, "label"), _named(columns, "score")
    if both is None or (label is None and score is None):
        return False
    guess.map |= {"text_a": both[0], "text_b": both[1]}
    guess.task = "tp_te" if both[0].lower() == "premise" else "tp_ss"
    if label is not None:
        _label(rows, label, guess)
    else:
        guess.map["score"] = score
        guess.unsure.append("the scale of the scores: add `scale`")
    return True


def _generated(rows: Sequence[Data], columns: Sequence[str], guess: Guess) -> bool:
    both = _both(columns, _GENERATED)
    if both is None or _named(columns, "label") is not None:
        return False
    guess.map |= {"source": both[0], "target": both[1]}
    mt = {name.lower()[:2] for name in both} in ({"en", "zh"}, {"en", "ch"})
    guess.task = "mt" if mt else "tt_ds"
    if mt:
        english = both[0].lower().startswith("en")
        guess.map["source_language"] = {"const": "en" if english else "zh"}
        guess.map["target_language"] = {"const": "zh" if english else "en"}
    return True


def _question(rows: Sequence[Data], columns: Sequence[str], guess: Guess) -> bool:
    question, answer = _named(columns, "question"), _named(columns, "answer")
    if question is None or answer is None:
        return False
    guess.map["question"] = question
    _also([c for c in columns if c not in (question, answer)], guess, "context", "rationale")
    values = {str(row.get(answer)).lower() for row in rows}
    guess.map["answers"] = {"text": answer}
    if values <= {"yes", "no", "maybe", "是", "否", "不确定"}:
        guess.task = "qa_yesno"
        guess.classes = sorted({str(row.get(answer)) for row in rows})
    else:
        guess.task = "qa_cqa" if "context" in guess.map else "qa_sqa"
    return True


def _also(columns: Sequence[str], guess: Guess, *parts: str) -> None:
    for part in parts:
        if column := _named(columns, part):
            guess.map[part] = column


def _classified(rows: Sequence[Data], columns: Sequence[str], guess: Guess) -> bool:
    ticked = [c for c in columns if {str(row.get(c)).lower() for row in rows} <= _TICKS]
    if len(ticked) > 1:
        rest = [column for column in columns if column not in ticked]
        text = _named(rest, "text") or _longest(rows, rest)
        if text is not None:
            guess.task, guess.multi, guess.classes = "tc", True, ticked
            guess.map |= {"text": text, "labels": {"columns": ticked}}
            return True
    label = _named(columns, "label") or _few(rows, columns)
    rest = [column for column in columns if column != label]
    text = _named(rest, "text") or _longest(rows, rest)
    if text is None:
        return False
    guess.map["text"] = text
    if label is None:
        guess.unsure.append("the task: no column looks like labels or answers")
        return True
    if _named(columns, "label") is None:
        guess.unsure.append(f"that {label!r} holds labels: it has few, short values")
    guess.task = "tc"
    _label(rows, label, guess)
    return True


def _label(rows: Sequence[Data], column: str, guess: Guess) -> None:
    values = [row.get(column) for row in rows if row.get(column) not in (None, "")]
    guess.map["labels"] = {"path": column}
    if any(isinstance(value, list) for value in values):
        guess.multi = True
        found = [
            str(item)
            for value in values
            for item in (value if isinstance(value, list) else [value])
        ]
    else:
        texts = [str(value) for value in values]
        separator = _separator(texts)
        found = [
            part.strip()
            for text in texts
            for part in (text.split(separator) if separator else [text])
        ]
        if separator:
            guess.multi = True
            guess.map["labels"]["split"] = separator
            guess.unsure.append(f"that {separator!r} parts the labels of one row")
    guess.classes = sorted({label for label in found if label})


def _separator(texts: Sequence[str]) -> str | None:
    """Return what parts several labels in one string: then the parts recur, as the strings do not."""
    for separator in _SEPARATORS:
        if any(separator in text for text in texts):
            parts = [part.strip() for text in texts for part in text.split(separator)]
            if len(set(parts)) < len(parts) and len(set(parts)) <= len(set(texts)) * 2:
                return separator
    return None


def _few(rows: Sequence[Data], columns: Sequence[str]) -> str | None:
    def distinct(column: str) -> Counter[str]:
        return Counter(str(row.get(column)) for row in rows)

    for column in reversed(columns):
        values = distinct(column)
        short = all(len(value) <= _LONGEST_LABEL for value in values)
        if short and len(values) <= min(_MOST_LABELS, max(2, len(rows) // 2)) and len(rows) > 2:
            return column
    return None


def _longest(rows: Sequence[Data], columns: Sequence[str]) -> str | None:
    lengths = {c: sum(len(v) for row in rows if isinstance(v := row.get(c), str)) for c in columns}
    best = max(lengths, key=lengths.__getitem__, default=None)
    return best if best is not None and lengths[best] else None
