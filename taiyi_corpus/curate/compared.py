"""Which texts of a record are compared with those of others, for duplicates and for leaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import xxhash

from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.dataset import DatasetSpec

GOLD_COLUMNS = ("context", "entities", "relations", "events", "coreferences", "labels", "score")


def documents(record: Record) -> list[str]:
    """Return what names the document of a record: "pmid:123", and any other identifier it carries."""
    others = _cross_references(record.extra)
    if not record.document_ns or not record.document_id:
        return others
    return [bare_document(f"{record.document_ns}:{record.document_id}"), *others]


def bare_document(name: str) -> str:
    """Return "name space:id" as it is compared: lower case, no version of a PMC id, no address before a DOI."""
    ns, _, id_ = name.strip().lower().partition(":")
    ns, id_ = NAME_SPACES.get(ns, ns), id_.strip()
    if ns == "pmcid":
        return f"pmcid:{id_.removeprefix('pmc').partition('.')[0]}"
    if ns == "doi":
        return f"doi:{id_[id_.find('10.') :] if '10.' in id_ else id_}"
    return f"{ns}:{id_}"


# How sources call the names of a document -> what they are called here.
NAME_SPACES = {
    **dict.fromkeys(("pmid", "pubmed", "pubmed_id", "pubmedid"), "pmid"),
    **dict.fromkeys(("pmcid", "pmc", "pmc_id"), "pmcid"),
    "doi": "doi",
    **dict.fromkeys(("nct", "nct_id", "nctid"), "nct"),
}


def documents_in(row: Any) -> list[str]:
    """Return the documents that the keys of an object name."""
    if not isinstance(row, dict):
        return []
    return [
        bare_document(f"{name}:{value}")
        for key, value in row.items()
        if (name := _bare_key(key)) in NAME_SPACES
        and isinstance(value, (str, int))
        and str(value).strip()
    ]


def _bare_key(key: object) -> str:
    return str(key).lower().removeprefix("article-id_")


_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _cross_references(extra: str | None) -> list[str]:
    if extra is None or not extra.startswith("{"):
        return []
    # What else stands there is long, and passed over as it is written.
    named = {k: v for k, v in _OBJECT.decode(extra).items() if _bare_key(k) in NAME_SPACES}
    return documents_in({key: msgspec.json.decode(value) for key, value in named.items()})


def question_of(record: Record) -> str | None:
    """Return a question with its options."""
    if record.question is None:
        return None
    return "\n".join([record.question, *(choice.text for choice in record.choices or [])])


def wholes(record: Record) -> list[str]:
    """Return the texts that say the same as another where they are equal as a whole."""
    pair = None
    if record.text_a is not None and record.text_b is not None:
        pair = "\n".join(sorted((record.text_a, record.text_b), key=str.casefold))
    spoken = "\n".join(turn.text for turn in record.turns) if record.turns else None
    found = (record.text, question_of(record), record.context, pair, record.source, spoken)
    return [text for text in found if text]


def stretches(record: Record) -> list[str]:
    """Return all texts of a record that may hold a stretch of another."""
    found = [record.text, question_of(record), record.context, record.text_a, record.text_b, record.source,
             record.target, record.rationale]  # fmt: skip
    found += [answer.text for answer in record.answers or []]
    found += [turn.text for turn in record.turns or []]
    return [text for text in found if text]


def is_document(record: Record) -> bool:
    """Return whether a record is a text with annotation, and not a question, pair, dialogue or text to write."""
    return (
        record.text is not None
        and record.question is None
        and record.turns is None
        and record.source is None
    )


def unit(record: Record) -> str:
    """Return the text by which a record is the same as another: a document's text, a question with its answer."""
    if is_document(record):
        return record.text or ""
    if record.turns is not None:
        return "\n".join(turn.text for turn in record.turns)
    if record.question is not None:
        answers = (answer.text for answer in record.answers or [])
        return "\n".join([question_of(record) or "", *answers, *(record.labels or [])])
    if record.text_a is not None or record.text_b is not None:
        return "\n".join(sorted((record.text_a or "", record.text_b or ""), key=str.casefold))
    return "\n".join(part for part in (record.source, record.target) if part)


def annotation(record: Record) -> int:
    """Return a hash of what is annotated, and on what: one text with two annotations is no repeat."""
    gold = [getattr(record, name) for name in GOLD_COLUMNS]
    return xxhash.xxh3_64_intdigest(msgspec.msgpack.encode(gold))


def space(record: Record, spec: DatasetSpec) -> int:
    """Return a hash of what a record is for: texts are compared within it.

    Documents are for tasks with labels, so that an abstract that six corpora annotate stays in each that asks something
    else of it; all else is for its kind.
    """
    if is_document(record):
        return _document_space(spec.id, spec)
    if record.turns is not None:
        kind = "dialogue"
    elif record.question is not None:
        kind = "question"
    elif record.text_a is not None or record.text_b is not None:
        return xxhash.xxh3_64_intdigest(f"pair {sorted(spec.tasks)}".encode())
    else:
        kind = f"text {record.target_language or ''}"
    return xxhash.xxh3_64_intdigest(kind.encode())


def _document_space(id_: str, spec: DatasetSpec) -> int:
    known = _spaces.get(id_)
    if known is None or known[0] is not spec:
        labels = spec.labels
        names = [
            sorted(part)
            for part in (labels.entities, labels.relations, labels.events, labels.classes)
        ]
        known = (spec, xxhash.xxh3_64_intdigest(msgspec.json.encode([sorted(spec.tasks), names])))
        _spaces[id_] = known
    return known[1]


_spaces: dict[str, tuple[DatasetSpec, int]] = {}


def near_space(record: Record, kind: int) -> int:
    """Return a hash of what near duplicates must have in common: for annotated texts, what is annotated, in words."""
    if record.text_a is not None or record.text_b is not None:
        return 0  # of a pair every word may matter
    if not is_document(record):
        # Of one passage many questions may be asked in much the same words; of two passages even the same.
        return (
            kind
            if record.context is None
            else kind ^ (xxhash.xxh3_64_intdigest(record.context.encode()) or 1)
        )
    entities = sorted((entity.type, entity.text.lower()) for entity in record.entities or [])
    relations = sorted(relation.type for relation in record.relations or [])
    events = sorted(event.type for event in record.events or [])
    said = msgspec.json.encode([kind, entities, relations, events, record.labels, record.score])
    return xxhash.xxh3_64_intdigest(said) or 1


def document_hash(name: str) -> int:
    """Return the hash of a document's bare name."""
    return xxhash.xxh3_64_intdigest(name.encode())


def document_key(names: Sequence[str]) -> int:
    """Return the hash of the first of a document's names; 0 where it has none."""
    return document_hash(names[0]) if names else 0
