"""The parts of docs/performance.md that stand beside pipelines of `datasets`."""

from __future__ import annotations

from benchmarks.bars import sizes
from benchmarks.measure import median, paired
from benchmarks.sections import Runs
from benchmarks.tables import TIMES, table, times

_TOOLS = ("datatrove", "datasketch")
_CURATED = """\
From records, normalised and not curated yet, to Parquet: one in ten says what another says, or nearly so. All with two workers; wall time is that of the whole
process with its start, which counts no less for the peers: datatrove starts workers for each of its four stages, in each language.

- This package reads its cached Parquet and curates as the recipe `stage2` does: repairs, filters, exact and near duplicates (sketches of 128, Jaccard from 0.45 on, Chinese by
  characters), decontamination (here from 200 protected questions); then candidates, budgets, choice, wordings, a global shuffle, shards, ledger, manifest, card.
- The peers read JSON lines of the same records, take near duplicates out (word 5-grams, 14 bands of 8), then `load_dataset`, `map` with compiled Jinja templates,
  `interleave_datasets`, `to_parquet`. datatrove runs its four stages for English, and for Chinese with words of jieba, its default. datasketch makes its sketches in two
  processes, of Chinese by characters, and looks them up in one. They repair, filter, protect and shuffle nothing and keep no books.

The bar is held against the pipeline that users put together for this work, `datasets` and datatrove. datasketch, and `datasets` alone above, are told beside it."""


def datasets(runs: Runs) -> str:
    """Return the part on `datasets` alone."""
    ours, said = runs["ours"], []
    lines = [["this package, from cached records, 2 workers", *times(ours)]]
    for count in (1, 2):
        peer = runs[f"peer {count}"]
        lines.append([f"`datasets`, {count} process" + "es" * (count > 1), *times(peer)])
        rest = paired(
            peer, ours, lambda r: r.said.get("rest", r.said.get("wall", 0)) / r.said["rows"]
        )
        whole = paired(peer, ours, lambda r: r.wall / r.said["rows"])
        said.append(
            f"{rest:.1f}x the peer with {count} process{'es' * (count > 1)} ({whole:.1f}x with its loading and both starts)"
        )
    first = runs["peer 1"][0].said
    return f"""`load_dataset`, `map` with compiled Jinja templates, `interleave_datasets`, `to_parquet`, over JSON lines of the same records, for the same tasks; beside a build from cached
records. `interleave_datasets` stops at the first dataset that is used up: of {first["rows"]:,} rows it kept {first["kept"]:,}. The peer neither shuffles within a dataset nor draws wordings, counts,
checks budgets or keeps books.

{table(["pipeline", *TIMES], lines)}

Rows a second, paired: {"; ".join(said)}."""


def pipeline(runs: Runs) -> str:
    """Return the part on `datasets` after near duplicates were taken out with datatrove or datasketch."""
    parts = [_curated(size, runs) for size in sizes(runs)]
    return "\n\n".join([_CURATED, *parts])


def _curated(records: int, runs: Runs) -> str:
    ours = runs[f"{records} ours"]
    first, lines, said = ours[0].said, [], []
    for name, what in (
        ("ours", "this package"),
        *((tool, f"{tool}, then `datasets`") for tool in _TOOLS),
    ):
        mine = runs[f"{records} {name}"]
        near = median(
            mine, lambda r: r.said["near"] if "near" in r.said else r.said["stages"]["curate"]
        )
        wall = median(mine, lambda r: r.wall)
        left = mine[0].said.get("records", records - sum(first["dropped"].values()))
        lines.append([
            what, str(len(mine)), f"{left:,}", f"{mine[0].said['rows']:,}", f"{near:.1f}", f"{wall:.1f}", f"{records / wall:,.0f}",
            f"{median(mine, lambda r: r.peak):,.0f}", f"{median(mine, lambda r: r.together):,.0f}",
        ])  # fmt: skip
        if name != "ours":
            said.append(f"{paired(mine, ours, lambda r: r.wall):.1f}x the peer with {name}")
    dropped = ", ".join(
        f"{count:,} `{reason}`" for reason, count in sorted(first["dropped"].items())
    )
    head = ["pipeline", "runs", "records left", "rows", "of it curating, s", "wall s", "records / s", "peak MiB, largest process",
            "all processes"]  # fmt: skip
    return f"""From {records:,} records:

{table(head, lines)}

This package dropped {dropped}. Records a second, paired: {"; ".join(said)}."""
