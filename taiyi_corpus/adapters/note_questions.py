"""Questions on clinical notes, several paraphrases and several answers a question: each question becomes a row.

    {"title": "medication", "paragraphs": [{"note_id": "1", "context": ["line\\n", ...], "qas": [
        {"id": [...], "question": ["What is the dose of |zincol|?", ...],
         "answers": [{"text": "5 mg", "answer_start": [2, 4], "evidence": "line\\n", "evidence_start": 2}]}]}]}

A context, question, text or evidence is a string or a list of strings; the lines of a context have their line ends in
some subsets and have lost them in others, and ids of notes are told apart within a subset only. The entity of a
question stands between "|". An answer without a text is its evidence. A mapping cannot choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each question its first wording as `question`, the others as `paraphrases`, `answers` and `evidence`."""
    for row in rows:
        title = row.data["title"]
        for note in row.data["paragraphs"]:
            name = f"{title}-{note['note_id']}"
            lines = _listed(note["context"])
            context = ("" if any("\n" in line for line in lines) else "\n").join(lines)
            for number, asked in enumerate(note["qas"]):
                wordings = [text.replace("|", "") for text in _listed(asked["question"])]
                evidence = [
                    "\n".join(_lines(answer.get("evidence"))) for answer in asked["answers"]
                ]
                texts = [", ".join(_lines(answer.get("text"))) for answer in asked["answers"]]
                key = f"{name}-{number}"
                yield Row(
                    f"{row.where}:{key}",
                    key,
                    {
                        "key": key,
                        "subset": title,
                        "note": name,
                        "context": context,
                        "question": wordings[0] if wordings else None,
                        "paraphrases": wordings[1:],
                        "answers": list(
                            dict.fromkeys(
                                t or e for t, e in zip(texts, evidence, strict=True) if t or e
                            )
                        ),
                        "evidence": "\n".join(dict.fromkeys(line for line in evidence if line)),
                        "raw_answers": asked["answers"],
                    },
                )


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value or "")]


def _lines(value: Any) -> list[str]:
    return list(dict.fromkeys(text for item in _listed(value) if (text := item.strip())))
