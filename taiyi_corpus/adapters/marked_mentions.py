"""Dialogues whose mentions are classified one by one: each becomes a row, marked "【】" in the text of its dialogue.

What a mention in a question means is decided by the answer that follows, so the text is the whole dialogue, a line
"speaker：utterance" each. A mapping cannot move offsets.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each mention as `text`, `attr` and one positioned entity; a dialogue without any gives its bare text."""
    for row in rows:
        dialogue = row.data["dialog_id"]
        lines = [f"{said['sender']}：{said['text']}" for said in row.data["dialog_info"]]
        text, start, found = "\n".join(lines), 0, False
        for said, line in zip(row.data["dialog_info"], lines, strict=True):
            opens = start + len(line) - len(said["text"])
            for mention in said.get("ner") or []:
                found = True
                first, last = (opens + offset for offset in mention["range"])
                key = f"{dialogue}-{said['sentence_id']}-{'-'.join(map(str, mention['range']))}"
                marked = f"{text[:first]}【{text[first:last]}】{text[last:]}"
                entity = {
                    name: value for name, value in mention.items() if name not in ("range", "attr")
                }
                data = {
                    "key": key,
                    "dialog_id": dialogue,
                    "text": marked,
                    "attr": mention.get("attr"),
                    "entities": [entity | {"spans": [[first + 1, last + 1]]}],
                }
                yield Row(f"{row.where}:{key}", key, data)
            start += len(line) + 1
        if not found:
            data = {"key": str(dialogue), "dialog_id": dialogue, "text": text}
            yield Row(row.where, str(dialogue), data)
