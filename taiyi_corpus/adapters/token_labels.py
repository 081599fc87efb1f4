"""Texts of a token a line, labelled in several layers: a file a layer, a number a token, 0 for none.

    documents/17.tokens                         Forty / adults / took / zincol
    .../participants/train/17.AGGREGATED.ann    3 / 4 / 0 / 0

The tokens are the side table `tokens`; the layer is a folder of the label file's path. A mention is a run of tokens
with one number; layers may overlap. A mapping cannot gather files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_LAYERS = ("participants", "interventions", "outcomes")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each document the tokens joined by one space, and the mentions of its layers ("participants_3")."""
    tokens = {row.key: row.data["text"].split("\n") for row in side["tokens"]}
    layers: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        layer = next(part for part in PurePosixPath(row.where).parts if part in _LAYERS)
        layers[row.data["stem"].partition(".")[0]][layer] = row
    for document, found in layers.items():
        where = next(iter(found.values())).where
        words = _trimmed(tokens.get(document, []))
        labels = {layer: _trimmed(row.data["text"].split("\n")) for layer, row in found.items()}
        if wrong := [name for name, given in labels.items() if len(given) != len(words)]:
            found_ = ", ".join(f"{len(labels[name])} in {name}" for name in wrong)
            yield BadRow(where, f"labels of {len(words)} tokens", found_)
            continue
        entities = [e for layer in _LAYERS for e in _mentions(layer, labels.get(layer, []), words)]
        data = {
            "id": document,
            "text": " ".join(words),
            "entities": entities,
            "layers": sorted(found),
        }
        yield Row(where, document, data)


def _trimmed(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and not lines[-1] else lines


def _mentions(layer: str, labels: list[str], words: list[str]) -> Iterator[dict[str, Any]]:
    place, start = 0, 0
    for label, run in groupby(labels):
        count = len(list(run))
        end = start + sum(len(word) + 1 for word in words[place : place + count])
        if label.strip() != "0":
            yield {"type": f"{layer}_{label.strip()}", "spans": [[start, end - 1]]}
        place, start = place + count, end
