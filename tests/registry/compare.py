"""Compare our records with an independent reading (BigBIO's loaders) of the same files, as sets.

    python -m tests.registry.compare        (needs TAIYI_CORPUS_DATA and TAIYI_CORPUS_GOLDEN)

Documents are matched by their text without blanks. Both sides become sets of plain facts: mentions as (type, spans),
relations and events as types over mentions, labels, pairs, questions. What a document has on one side only is counted,
and explained in docs/differences-from-bigbio.md.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from taiyi_corpus import paths
from taiyi_corpus.review.open import records, stored
from taiyi_corpus.schema.record import Argument, Record
from taiyi_corpus.spec.registry import load_registry

Facts = dict[str, set[Any]]  # kind -> facts
CHIA_TYPES = frozenset(
    (
        "Condition", "Device", "Drug", "Measurement", "Observation", "Person", "Procedure", "Visit", "Temporal",
        "Value", "Scope", "Negation", "Multiplier", "Qualifier", "Reference_point", "Mood",
    )
)  # fmt: skip
KINDS = ("mentions", "relations", "events", "coreferences", "labels", "pairs", "questions")


def golden_ids(folder: Path) -> list[str]:
    """Return the datasets that have an independent reading."""
    return sorted(path.name.removesuffix(".jsonl.gz") for path in folder.glob("*.jsonl.gz"))


def squeezed(text: str) -> str:
    """Return a text without blanks, to match documents by."""
    return "".join(text.split())


# ours


def ours(record: Record) -> tuple[str, Facts]:
    """Return the key of a record and its facts."""
    entities = [
        e for e in record.entities or [] if record.dataset != "chia" or e.type in CHIA_TYPES
    ]
    spans = {e.id: (_type(record.dataset, e.type), _spans(e.spans, record)) for e in entities}
    heads: dict[str, Any] = dict(spans)
    heads |= {
        e.id: (e.type, _spans(e.trigger.spans if e.trigger else None, record))
        for e in record.events or []
    }

    def target(arg: Argument) -> Any:
        return heads.get(arg.ref or "", arg.text)

    relations = {
        (_relation(record.dataset, r.type), tuple(sorted(str(target(a)) for a in r.args)))
        for r in record.relations or []
        if all(a.ref is None or a.ref in heads for a in r.args)
    }

    facts: Facts = {
        "mentions": set(spans.values()),
        "relations": relations | _expanded(record, heads),
        "events": {
            (*heads[e.id], frozenset((_role(a.role), str(target(a))) for a in e.args))
            for e in record.events or []
        },
        "coreferences": {
            frozenset(str(heads.get(ref)) for ref in c.refs) for c in record.coreferences or []
        },
        "labels": {label.casefold() for label in record.labels} or {"none"}
        if record.labels is not None
        else set(),
        "pairs": set(),
        "questions": set(),
    }
    key = squeezed(record.text or record.question or f"{record.text_a}|{record.text_b}")
    if record.text_a is not None:
        value = record.score if record.score is not None else (record.labels or [None])[0]
        facts["pairs"], facts["labels"] = {_number(value)}, set()
    if record.source is not None:
        key = squeezed(f"{record.source}|{record.target}")
        facts["pairs"] = {"text"}
    if record.question is not None:
        facts["questions"] = {squeezed(a.text) for a in record.answers or []}
    return key, facts


def _spans(spans: Any, record: Record) -> tuple[tuple[int, int], ...]:
    pairs = [(span.start, span.end) for span in spans or []]
    if (
        record.dataset == "chia"
    ):  # their texts have lost the carriage returns that the offsets count
        text = record.text or ""
        pairs = [(a - text.count("\r", 0, a), b - text.count("\r", 0, b)) for a, b in pairs]
    return tuple(pairs)


def _type(dataset: str, type_: str) -> str:
    return "" if dataset == "iepa" else type_  # the file gives no type; theirs is empty


def _relation(dataset: str, type_: str) -> str:
    return "PPI" if dataset == "lll" else type_  # theirs has one name for all five protein sets


def _expanded(record: Record, heads: dict[str, Any]) -> set[Any]:
    """Return concept-level relations as the pairs of all mentions that carry the concepts, as theirs blows them up."""
    by_concept: dict[str, list[str]] = {}
    for concept in record.concepts or []:
        wanted = set(concept.links or [])
        carriers = [e.id for e in record.entities or [] if wanted & set(e.links or [])]
        by_concept[concept.id] = carriers
    pairs = set()
    for relation in record.relations or []:
        refs = [by_concept.get(arg.ref or "") for arg in relation.args]
        if len(refs) == 2 and refs[0] is not None and refs[1] is not None:
            pairs |= {
                (relation.type, tuple(sorted((str(heads[a]), str(heads[b])))))
                for a in refs[0]
                for b in refs[1]
            }
    return pairs


def _role(role: str) -> str:
    return re.sub(r"\d+$", "", role)


def _number(value: Any) -> Any:
    try:
        return round(float(value), 4)
    except (TypeError, ValueError):
        return value


# theirs


def theirs(row: dict[str, Any]) -> tuple[str, Facts]:
    """Return the key of a golden row and its facts."""
    facts: Facts = {kind: set() for kind in KINDS}
    if "text_1" in row:
        facts["pairs"] = {_number(row["label"])} if "label" in row else {"text"}
        return squeezed(f"{row['text_1']}|{row['text_2']}"), facts
    if "question" in row:
        facts["questions"] = {squeezed(answer) for answer in row["answer"]}
        return squeezed(row["question"]), facts
    if "labels" in row:
        facts["labels"] = {label.casefold() for label in row["labels"]} or {"none"}
        return squeezed(row["text"]), facts
    spans = {e["id"]: (e["type"], _pairs(e["offsets"])) for e in row["entities"]}
    heads: dict[str, Any] = dict(spans)
    heads |= {e["id"]: (e["type"], _pairs(e["trigger"]["offsets"])) for e in row["events"]}
    facts["mentions"] = set(spans.values())
    facts["relations"] = {
        (r["type"], tuple(sorted(str(heads.get(r[arg])) for arg in ("arg1_id", "arg2_id"))))
        for r in row["relations"]
    }
    facts["events"] = {
        (
            *heads[e["id"]],
            frozenset((_role(a["role"]), str(heads.get(a["ref_id"]))) for a in e["arguments"]),
        )
        for e in row["events"]
    }
    facts["coreferences"] = {
        frozenset(str(heads.get(i)) for i in c["entity_ids"]) for c in row["coreferences"]
    }
    return squeezed("".join(text for p in row["passages"] for text in p["text"])), facts


def _pairs(offsets: Any) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in offsets)


# both


def by_key(items: Iterable[tuple[str, Facts]]) -> dict[str, Facts]:
    """Return facts by key; the facts of equal keys are put together."""
    found: dict[str, Facts] = {}
    for key, facts in items:
        if key in found:
            for kind, values in facts.items():
                found[key][kind] |= values
        else:
            found[key] = facts
    return found


def compare(id_: str, data: Path, golden: Path) -> dict[str, Counter[str]]:
    """Return, for each kind of fact either side has, how many agree, are ours only, are theirs only."""
    registry = load_registry(paths.registry_dirs(), [id_])
    _, dataset = stored(registry, id_, data)
    mine = by_key(map(ours, records(dataset)))
    with gzip.open(golden / f"{id_}.jsonl.gz", "rt", encoding="utf-8") as file:
        other = by_key(theirs(json.loads(line)) for line in file)
    result: dict[str, Counter[str]] = {"documents": Counter(_sides(set(mine), set(other)))}
    for key in set(mine) & set(other):
        for kind in KINDS:
            counts = Counter(_sides(mine[key][kind], other[key][kind]))
            if counts.total():
                result.setdefault(kind, Counter()).update(counts)
    return result


def _sides(mine: set[Any], other: set[Any]) -> dict[str, int]:
    return {"agree": len(mine & other), "ours": len(mine - other), "theirs": len(other - mine)}


def lines(data: Path, golden: Path) -> Iterator[str]:
    """Yield a line for each dataset and kind of fact."""
    for id_ in golden_ids(golden):
        for kind, counts in compare(id_, data, golden).items():
            alone = f"ours only {counts['ours']:5}  theirs only {counts['theirs']:5}"
            yield f"{id_:26}{kind:14}agree {counts['agree']:6}  {alone}"


def main(say: Callable[[str], object] = lambda line: sys.stdout.write(line + "\n")) -> None:
    """Print the comparison of every dataset that has an independent reading."""
    for line in lines(
        Path(os.environ["TAIYI_CORPUS_DATA"]), Path(os.environ["TAIYI_CORPUS_GOLDEN"])
    ):
        say(line)


if __name__ == "__main__":
    main()
