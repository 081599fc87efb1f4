"""The books of a build: the funnel of each dataset x task, the ledger file, and the check that they add up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from taiyi_corpus.errors import LedgerError
from taiyi_corpus.export.manifest import Funnel
from taiyi_corpus.ledger import Stage
from taiyi_corpus.normalise.drops import drop_writer
from taiyi_corpus.pipeline.gather import Gathered
from taiyi_corpus.pipeline.select import Selected

_STAGES: tuple[Stage, ...] = ("read", "normalise", "curate", "instruct")


def account(gathered: list[Gathered], selected: Selected, ledger: Path) -> list[Funnel]:
    """Write the ledger file and return the funnel of each dataset x task.

    Raises:
        LedgerError: in = out + dropped fails somewhere.
    """
    chosen = {(p.stratum.dataset, p.stratum.task): p.chosen for p in selected.plan.strata}
    funnels: list[Funnel] = []
    with drop_writer(ledger) as writer:
        for data in gathered:
            id_ = data.spec.id
            early = _early_drops(data)
            writer.add_table(early)
            writer.add([drop for curated in data.curated for drop in curated.drops])
            writer.add(data.repeats)
            found = selected.found[id_]
            writer.add([drop for part in found for drop in part.drops])
            base = _base(data, early)
            for task in data.tasks:
                seen = sum(part.seen.get(task, 0) for part in found)
                refused = sum(
                    (Counter(part.refused.get(task, {})) for part in found), Counter[str]()
                )
                taken = chosen.get((id_, task), 0)
                can = seen - sum(refused.values())
                listed = sum(planned.available for planned in selected.plan.strata
                             if (planned.stratum.dataset, planned.stratum.task) == (id_, task))  # fmt: skip
                if can != listed and listed:
                    raise LedgerError(
                        f"{id_}, {task}: {seen} candidates, {can} to choose from, {listed} planned"
                    )
                dropped = {
                    **base.dropped,
                    **{f"instruct.{why}": n for why, n in sorted(refused.items())},
                }
                funnels.append(
                    Funnel(
                        id_,
                        task,
                        data.spec.language,
                        base.rows,
                        base.records,
                        base.kept,
                        can,
                        taken,
                        dropped,
                    )
                )
    return funnels


def _early_drops(data: Gathered) -> pa.Table:
    table = pq.read_table(data.stored.drops)
    return table.filter(pc.is_in(table.column("split"), pa.array(data.splits, pa.string())))


def _base(data: Gathered, early: pa.Table) -> Funnel:
    """Return the counts the tasks of a dataset share, checked against the ledger's lines."""
    tallies = [tally for split, tally in data.stored.tallies.items() if split in data.splits]
    rows, bad = sum(t.rows for t in tallies), sum(t.bad_rows for t in tallies)
    records, dropped = sum(t.records for t in tallies), sum(t.dropped for t in tallies)
    lines = Counter(
        zip(early.column("stage").to_pylist(), early.column("unit").to_pylist(), strict=True)
    )
    kept = sum(int(curated.keep.sum()) for curated in data.curated)
    cut = sum(len(curated.drops) for curated in data.curated) + len(data.repeats)
    for what, left, right in (
        ("read", bad, lines["read", "row"]),
        ("normalise", dropped, lines["normalise", "record"]),
        ("store", records, sum(part.rows for part in data.parts)),
        ("curate", records, kept + cut),
    ):
        if left != right:
            raise LedgerError(f"{data.spec.id}: {what}: {left} are not {right}")
    reasons = Counter(
        f"{stage}.{reason}"
        for stage, unit, reason in zip(
            *(early.column(name).to_pylist() for name in ("stage", "unit", "reason")), strict=True
        )
        if unit in ("row", "record")
    )
    reasons.update(f"curate.{drop.reason}" for curated in data.curated for drop in curated.drops)
    reasons.update(f"curate.{drop.reason}" for drop in data.repeats)
    return Funnel(
        data.spec.id,
        "",
        data.spec.language,
        rows,
        records,
        kept,
        0,
        0,
        dict(
            sorted(
                reasons.items(), key=lambda item: (_STAGES.index(item[0].split(".")[0]), item[0])
            )
        ),
    )
