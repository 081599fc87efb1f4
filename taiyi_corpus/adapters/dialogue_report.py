"""Dialogues with the reports written from them: what was said as one text, the first report as another.

A mapping cannot put speakers before their utterances, nor section names before the sections of a report.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_SECTIONS = ("主诉", "现病史", "辅助检查", "既往史", "诊断", "建议")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `source`, the patient's own report and all utterances a line each, and `target`, where there is a report."""
    for row in rows:
        opening = row.data.get("self_report") or row.data.get("self-report")
        said = [("患者", opening)] if opening else []
        said += [(turn["speaker"], turn["sentence"]) for turn in row.data["dialogue"]]
        added = {"source": "\n".join(f"{speaker}：{sentence}" for speaker, sentence in said)}
        if reports := row.data.get("report"):
            first = reports[0]
            if missing := [name for name in _SECTIONS if name not in first]:
                yield BadRow(
                    row.where, f"a report with the sections {_SECTIONS}", f"none called {missing}"
                )
                continue
            added["target"] = "\n".join(f"{name}：{first[name]}" for name in _SECTIONS)
        yield Row(row.where, row.key, row.data | added)
