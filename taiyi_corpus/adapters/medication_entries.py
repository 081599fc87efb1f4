"""Files of medication entries, a line each, whose fields are positioned by line and token of a text elsewhere.

    m="zincol" 3:4 3:4||do="5 mg" 3:5 3:6||mo="nm"||...||e="start"||t="present"||c="factual"||ln="list"

"nm" is a field that is not mentioned. The texts are the side table `texts`, found by the number that opens the file's
name. A mapping cannot count tokens of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.adapters._line_tokens import Tokens, segments
from taiyi_corpus.readers.row import BadRow, Row

_FIELDS = ("m", "do", "mo", "f", "du", "r")
_MARKS = ".,;:"


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each file its text, its fields as mentions, each entry as a relation, the rest as attributes of it."""
    texts = {row.data["name"]: row.data["text"] for row in side["texts"]}
    for row in rows:
        number = re.match(r"\d*", row.data["stem"])
        key = number[0] if number else ""
        if key not in texts:
            yield BadRow(row.where, "the text of the same number", f"none called {key!r}", key)
            continue
        data: dict[str, Any] = {"id": key, "text": texts[key], "relations": [], "attributes": []}
        tokens = Tokens(texts[key])
        mentions: dict[str, dict[str, Any]] = {}
        for place, line in enumerate(row.data["text"].splitlines(), 1):
            entry = segments(line.strip())
            if entry is None:
                yield BadRow(f"{row.where}:{place}", 'fields name="text" l:t l:t||...', line[:80])
                continue
            args = []
            for field in (field for field in entry if field.name in _FIELDS and field.places):
                spans = tokens.spans(field.places)
                if (
                    field.text[-1:] not in _MARKS
                ):  # the last token may end in a mark that is not meant
                    start, end = spans[-1]
                    spans[-1][1] = (
                        start + len(texts[key][start:end].rstrip(_MARKS)) if end > 0 else end
                    )
                name = f"T{len(mentions) + 1}"
                mention = {"id": name, "type": field.name, "spans": spans}
                ref = mentions.setdefault(f"{field.name}{spans}", mention)
                args.append({"role": field.name, "ref": ref["id"]})
            if args:
                data["relations"].append({"id": f"R{place}", "type": "entry", "args": args})
                data["attributes"] += [
                    {"ref": f"R{place}", "name": field.name, "value": field.text}
                    for field in entry
                    if field.name not in _FIELDS and field.text != "nm"
                ]
        yield Row(row.where, key, {**data, "entities": list(mentions.values())})
