"""The books of a build: the funnel of each dataset x task, the ledger file, and the check that they add up."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.errors import LedgerError
from taiyi_corpus.export.manifest import Funnel
from taiyi_corpus.mix.plan import Planned, Stratum
from taiyi_corpus.normalise.drops import drop_writer, read_drops
from taiyi_corpus.pipeline.candidates import Candidates
from taiyi_corpus.pipeline.gather import Gathered
from taiyi_corpus.pipeline.select import Selected
from taiyi_corpus.sources.locate import form

_STAGES = ("read", "normalise", "curate", "instruct")


def account(gathered: list[Gathered], selected: Selected, ledger: Path) -> list[Funnel]:
    """Write the ledger file and return the funnel of each dataset x task.

    Raises:
        LedgerError: in = out + dropped fails somewhere.
    """
    planned = {p.stratum: p for p in selected.plan.strata}
    taken = _taken(selected)
    funnels: list[Funnel] = []
    with drop_writer(ledger) as writer:
        for data in gathered:
            early, found = _early_drops(data), selected.found[data.spec.id]
            writer.add_table(early)
            writer.add([drop for curated in data.curated for drop in curated.drops])
            writer.add(data.repeats)
            writer.add([repair for curated in data.curated for repair in curated.repairs])
            refusals = 0
            for part in found:
                drops = part.read_drops()
                refusals += sum(drop.unit == "instance" for drop in drops)
                writer.add(drops)
            base = _base(data, early)
            for task in data.tasks:
                stratum = Stratum(data.spec.id, task)
                plan = planned.get(stratum)
                funnels.append(_of_task(base, stratum, plan, found, taken[stratum]))
            _check(
                data.spec.id,
                "refused",
                refusals,
                sum(sum(part.refused[task].values()) for part in found for task in part.refused),
            )
    return funnels


def _check(where: str, what: str, left: int, right: int) -> None:
    if left != right:
        raise LedgerError(f"{where}: {what}: {left} are not {right}")


def _taken(selected: Selected) -> Counter[Stratum]:
    """Return the rows that go into the corpus."""
    taken: Counter[Stratum] = Counter()
    for pool in (pool for pools in selected.chosen.values() for pool in pools):
        taken.update(pool.taken)
    return taken


def _of_task(
    base: Funnel, stratum: Stratum, planned: Planned | None, found: list[Candidates], taken: int
) -> Funnel:
    """Return the funnel of one dataset x task: that of the dataset, with its instances."""
    task = stratum.task
    seen = sum(part.seen.get(task, 0) for part in found)
    refused = sum((Counter(part.refused.get(task, {})) for part in found), Counter[str]())
    can = seen - sum(refused.values())
    where = f"{stratum.dataset}, {task}"
    _check(where, "instances", can, planned.available if planned else 0)
    _check(where, "chosen", taken, planned.chosen if planned else 0)
    dropped = {f"instruct.{why}": n for why, n in sorted(refused.items())}
    return msgspec.structs.replace(
        base, task=task, instances=can, chosen=taken, dropped={**base.dropped, **dropped}
    )


def _early_drops(data: Gathered) -> pa.Table:
    table = read_drops(data.stored.drops)
    # A list made an array would import pandas.
    mine = [pc.equal(table.column("split"), split) for split in data.splits]
    return table.filter(functools.reduce(pc.or_, mine)) if mine else table.slice(0, 0)


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
    where = data.spec.id
    _check(where, "rows broken", bad, lines["read", "row"])
    _check(where, "records dropped", dropped, lines["normalise", "record"])
    _check(where, "records stored", records, sum(part.rows for part in data.parts))
    _check(where, "records curated", records, kept + cut)
    shape = form(data.located)
    if shape.adapter is None and shape.rows is None:  # an adapter may join rows, and cut them
        _check(where, "rows", rows, bad + records + dropped)
    reasons = Counter(
        f"{stage}.{reason}"
        for stage, unit, reason in zip(
            *(early.column(name).to_pylist() for name in ("stage", "unit", "reason")), strict=True
        )
        if unit in ("row", "record")
    )
    reasons.update(f"curate.{drop.reason}" for curated in data.curated for drop in curated.drops)
    reasons.update(f"curate.{drop.reason}" for drop in data.repeats)
    by_stage = sorted(reasons, key=lambda name: (_STAGES.index(name.split(".")[0]), name))
    return Funnel(
        dataset=where,
        task="",
        language=data.spec.language,
        rows=rows,
        records=records,
        kept=kept,
        dropped={name: reasons[name] for name in by_stage},
    )
