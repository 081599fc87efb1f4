"""Curating one part: what of it stays, and arrays by which its records are compared with those of others.

The work on a part is a pure function of the part and the settings, so its result is kept on disk under their hash and a
second build does nothing again.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import xxhash
from msgspec import Struct

from taiyi_corpus import kept
from taiyi_corpus.curate import compared, curated
from taiyi_corpus.curate.crossrefs import links
from taiyi_corpus.curate.curated import Arrays, Curated
from taiyi_corpus.curate.filters import Setting, chosen
from taiyi_corpus.curate.leaks import find_leaks, may_be_protected, suspect
from taiyi_corpus.curate.looked import Looked, look
from taiyi_corpus.curate.mend import mend
from taiyi_corpus.curate.protected import load
from taiyi_corpus.curate.scores import NO_SCORES, Scores, outside, scored
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.store import Part, read_part
from taiyi_corpus.schema.arrow import from_table, to_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.curation import Curation
from taiyi_corpus.spec.dataset import DatasetSpec

_STAGES = ("curate", "schema", "language")


class CurateJob(Struct, frozen=True):
    """One part to curate."""

    part: Part
    spec: DatasetSpec
    curation: Curation
    protected: str | None = None  # folder of the index of what must not leak
    cache: str | None = None  # folder to keep the result in

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"curating {self.spec.id}, {Path(self.part.path).name}"


def curate_part(job: CurateJob) -> Curated:
    """Curate a part, or return what an earlier run kept."""
    place = _place(job)
    if place is not None and (done := curated.load(place, job.part)) is not None:
        return done
    return _curate(job, place)


def _curate(job: CurateJob, place: Path | None) -> Curated:
    spec, curation = job.spec, job.curation
    records = from_table(read_part(job.part.path))
    records, repairs, spilled = mend(records, spec, curation)
    keep = np.ones(len(records), dtype=np.bool_)
    reasons: list[tuple[int, str, str]] = [*spilled]
    keep[[row for row, _, _ in reasons]] = False
    filters, setting = chosen(curation.filters), Setting(spec, curation.limits)
    for row, record in enumerate(records):
        for name, test in filters if keep[row] else ():
            if (detail := test(record, setting)) is not None:
                keep[row] = False
                reasons.append((row, name, detail))
                break
    scores = scored(records) if curation.scores or curation.where else NO_SCORES
    for row, detail in outside(scores, spec, curation.where):
        if keep[row]:
            keep[row] = False
            reasons.append((row, "score_out_of_bounds", detail))
    named = [compared.documents(record) for record in records]
    index = load(job.protected) if job.protected is not None else None
    looked = look(records, curation.duplicates, index)
    leaks: dict[str, int] = {}
    if index is not None:
        suspects = keep & (looked.suspects | may_be_protected(named, index))
        rows = np.flatnonzero(suspects).tolist()
        for leak in find_leaks([suspect(records[row]) for row in rows], index):
            keep[rows[leak.row]] = False
            reasons.append((rows[leak.row], leak.reason, leak.detail))
            for source in leak.sources:
                leaks[source] = leaks.get(source, 0) + 1
    drops = [_drop(records[row], reason, detail) for row, reason, detail in sorted(reasons)]
    part = job.part
    if repairs and place is not None:
        place.mkdir(parents=True, exist_ok=True)
        target = place / Path(part.path).name
        with kept.whole(target) as staging:
            pq.write_table(to_table(records), staging, compression="zstd", compression_level=1)
        part = Part(str(target), part.split, part.rows, kept.file_hash(target))
    result = Curated(
        part, keep, _hashed(records, spec, curation, named, looked, scores), drops, repairs, leaks
    )
    return result if place is None else curated.keep(place, result, job.part)


def _drop(record: Record, reason: str, detail: str) -> Drop:
    return Drop("curate", "record", record.dataset, record.split, record.id, reason, detail)


def _hashed(
    records: list[Record],
    spec: DatasetSpec,
    curation: Curation,
    named: list[list[str]],
    looked: Looked,
    scores: Scores,
) -> Arrays:
    """Return the hashes by which records are compared."""
    wholes = looked.wholes
    kinds = np.array([compared.space(record, spec) for record in records], dtype=np.uint64)
    is_document = np.array([compared.is_document(record) for record in records], dtype=np.bool_)
    own = np.array([compared.annotation(record) for record in records], dtype=np.uint64)
    crossed = np.where(is_document & (wholes != 0), wholes ^ kinds, np.uint64(0))
    units = np.where(wholes != 0, wholes ^ kinds ^ own, np.uint64(0))
    spaces = np.zeros(len(records), dtype=np.uint64)
    if curation.duplicates.near is not None:
        both = zip(records, kinds.tolist(), strict=True)
        spaces[:] = [compared.near_space(record, kind) for record, kind in both]
    return Arrays(
        keys=np.array(
            [_key(r, spec.unique_by) for r in records] if spec.unique_by else [], dtype=np.uint64
        ),
        ids=np.array([_hash(record.id) for record in records], dtype=np.uint64),
        units=units,
        crossed=crossed,
        spaces=spaces,
        texts=wholes,
        words=looked.words,
        documents=np.array([compared.document_key(names) for names in named], dtype=np.uint64),
        labels=np.array([_label(record, spec) for record in records], dtype=np.uint64),
        sketches=looked.sketches,
        links=links(named),
        scores=scores,
    )


def _hash(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode())


def _label(record: Record, spec: DatasetSpec) -> int:
    if spec.labels.multi or record.labels is None or len(record.labels) != 1:
        return 0
    return _hash(record.labels[0])


def _key(record: Record, by: str) -> int:
    if by == "pair":
        if record.text_a is None and record.text_b is None:
            return 0
        text = "\x1f".join(sorted((record.text_a or "", record.text_b or "")))
    else:
        text = getattr(record, by) or ""
    # Blanks and width of letters do not make another question.
    return _hash(" ".join(text.split())) if text else 0


def code_version() -> str:
    """Return a hash of the code that curates."""
    return kept.code_version(*_STAGES)


def _place(job: CurateJob) -> Path | None:
    if job.cache is None:
        return None
    path = Path(job.part.path)
    # The folder of a part is named by everything that made it.
    key = kept.key(
        code_version(),
        path.parent.name,
        path.name,
        job.spec.model_dump_json(),
        job.curation.model_dump_json(),
        Path(job.protected).name if job.protected else "",
    )
    return Path(job.cache) / "curated" / job.spec.id / key
