"""What was measured, as lines and as the page docs/performance.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Run, median

_FINDINGS = Path(__file__).with_name("findings.md")


@dataclass
class Results:
    machine: str
    repeat: int
    builds: dict[int, dict[str, list[Run]]] = field(default_factory=dict)
    normalise: dict[str, list[Run]] = field(default_factory=dict)
    limits: list[Run] = field(default_factory=list)
    write: list[Run] = field(default_factory=list)
    peer: list[Run] = field(default_factory=list)
    beside_peer: list[Run] = field(default_factory=list)
    bigbio: dict[str, tuple[float, float]] = field(default_factory=dict)


def _rate(runs: list[Run]) -> float:
    return median(runs, lambda run: run.said["rows"] / run.cpu)


def build_line(size: int, builds: dict[str, list[Run]]) -> str:
    return f"build of {size:,}: " + ", ".join(
        f"{name} {median(runs, lambda run: run.wall):.1f} s ({median(runs, lambda run: run.cpu):.1f} s cpu)"
        for name, runs in builds.items()
    )


def normalise_line(dataset: str, runs: list[Run]) -> str:
    return f"normalise {dataset}: {median(runs, lambda run: run.said['rows'] / run.said['cpu']):,.0f} records a second"


def peer_line(peer: list[Run], ours: list[Run]) -> str:
    rest = median(peer, lambda run: run.said["rows"] / run.said["rest"])
    mine = median(ours, lambda run: run.said["rows"] / run.said["wall"])
    return f"peer {rest:,.0f} rows a second without loading, ours {mine:,.0f}: {mine / rest:.1f}x"


def page(results: Results) -> str:
    """Return docs/performance.md."""
    sections = [
        _head(results),
        _builds(results),
        _scaling(results),
        _normalise(results),
        _limits(results),
        _peer(results),
    ]
    if results.bigbio:
        sections.append(_bigbio(results))
    return "\n\n".join(sections) + "\n\n" + _FINDINGS.read_text(encoding="utf-8")


def _table(head: list[str], lines: list[list[str]]) -> str:
    rows = [head, ["---"] + ["--:"] * (len(head) - 1), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _head(results: Results) -> str:
    return f"""# Performance

Written by `python -m benchmarks`, on data it invents. {results.machine}. Medians of {results.repeat}; what is compared ran in turn.
"cpu" is the processor time of all processes of a run, start of the interpreter and imports included. Where the load average is not near 0,
wall times are those of a machine that did other work: compare processor times and ratios."""


def _builds(results: Results) -> str:
    lines = []
    for size, builds in results.builds.items():
        for name, runs in builds.items():
            rows = runs[0].said["rows"]
            lines.append([
                f"{size:,} records, {name}", f"{rows:,}", f"{median(runs, lambda r: r.wall):.1f}",
                f"{median(runs, lambda r: r.cpu):.1f}", f"{_rate(runs):,.0f}", f"{median(runs, lambda r: r.peak):,.0f}",
            ])  # fmt: skip
    table = _table(
        ["build", "rows", "wall s", "cpu s", "rows / cpu s", "peak MiB of a process"], lines
    )
    return f"""## Whole builds
19 % of the records are annotated documents (PubTator, BioC, brat), the others questions, choices, classes and dialogues in CSV and JSON lines. "records cached": the
sources were read and curated before; candidates are found, chosen, rendered and written. "all cached": candidates were kept too, as after a change of a template or of the
numbers of a recipe. Every build of one size had the same bytes, on one worker and on two.

{table}"""


def _scaling(results: Results) -> str:
    lines = []
    sizes = list(results.builds)
    for size in sizes:
        builds = results.builds[size]
        one, two = builds["records cached, 1 worker"], builds["records cached, 2 workers"]
        ratios = sorted(a.wall / b.wall for a, b in zip(one, two, strict=True))
        first = _rate(results.builds[sizes[0]]["records cached, 1 worker"])
        lines.append([
            f"{size:,}", f"{_rate(one):,.0f}", f"{_rate(one) / first:.2f}", f"{ratios[len(ratios) // 2]:.2f}",
            f"{median(two, lambda r: r.cpu) / median(one, lambda r: r.cpu):.2f}",
        ])  # fmt: skip
    head = [
        "records",
        "rows / cpu s, 1 worker",
        "of the first line",
        "wall, 1 worker / 2 workers",
        "cpu, 2 workers / 1 worker",
    ]
    return f"""## Slopes
{_table(head, lines)}"""


def _normalise(results: Results) -> str:
    lines = []
    for dataset, runs in results.normalise.items():
        rate = median(runs, lambda r: r.said["rows"] / r.said["cpu"])
        speed = median(runs, lambda r: r.said["bytes"] / r.said["cpu"] / 1e6)
        lines.append(
            [
                dataset,
                f"{runs[0].said['rows']:,}",
                f"{rate:,.0f}",
                f"{speed:.1f}",
                f"{median(runs, lambda r: r.peak):,.0f}",
            ]
        )
    return f"""## Reading and normalising, one process
{_table(["dataset", "records", "records / cpu s", "MB / cpu s", "peak MiB"], lines)}"""


def _limits(results: Results) -> str:
    size = results.limits[0].said["bytes"] / 1e6
    rows = results.limits[0].said["rows"]
    lines = [
        [name, f"{size / median(results.limits, lambda r, name=name: max(r.said[name], 1e-6)):,.0f}",  # type: ignore[misc]
         f"{rows / median(results.limits, lambda r, name=name: max(r.said[name], 1e-6)):,.0f}"]  # type: ignore[misc]
        for name in ("read", "sha256", "json", "json stdlib")
    ]  # fmt: skip
    count = results.write[0].said["rows"]
    for name in ("pyarrow", "ours"):
        seconds = median(results.write, lambda r, name=name: r.said[name])  # type: ignore[misc]
        lines.append(
            [
                f"write Parquet, {name}",
                f"{results.write[0].said['memory'] / 1e6 / seconds:,.0f}",
                f"{count / seconds:,.0f}",
            ]
        )
    share = median(results.write, lambda r: r.said["pyarrow"] / r.said["ours"])
    return f"""## Limits of this machine
{_table(["what", "MB / cpu s", "rows / cpu s"], lines)}

"json" decodes the lines of `questions_en` with msgspec, "json stdlib" with the standard library. "ours" gathers the rows of a shard from four spill files, orders them, writes them
and hashes the file: {share:.0%} of the speed at which pyarrow writes the same table, which lies in memory, with the same codec."""


def _peer(results: Results) -> str:
    peer, ours = results.peer, results.beside_peer
    load = median(peer, lambda r: r.said["load"])
    rest = median(peer, lambda r: r.said["rest"])
    mine = median(ours, lambda r: r.said["wall"])
    rows, kept = peer[0].said["rows"], peer[0].said["kept"]
    ratio = sorted(
        (a.said["rest"] / a.said["rows"]) / (b.said["wall"] / b.said["rows"])
        for a, b in zip(peer, ours, strict=True)
    )
    whole = sorted(
        ((a.said["load"] + a.said["rest"]) / a.said["rows"]) / (b.said["wall"] / b.said["rows"])
        for a, b in zip(peer, ours, strict=True)
    )
    return f"""## Beside the pipeline of `datasets`
Four datasets of pairs ({
        rows:,} rows): `load_dataset`, `map` with a compiled Jinja template, `interleave_datasets`, `to_parquet`, one process; beside a build of the same
files from cached records, one worker. `interleave_datasets` stops at the first dataset that is used up: it kept {
        kept:,} rows. It does not filter, tell duplicates, keep
books or shuffle within a dataset.

{
        _table(
            ["what", "wall s", "rows / s"],
            [
                ["datasets: load", f"{load:.2f}", f"{rows / load:,.0f}"],
                ["datasets: map, interleave, write", f"{rest:.2f}", f"{rows / rest:,.0f}"],
                [
                    "this package, from cached records",
                    f"{mine:.2f}",
                    f"{ours[0].said['rows'] / mine:,.0f}",
                ],
            ],
        )
    }

Ratio, paired: {ratio[len(ratio) // 2]:.1f}x without the peer's loading, {
        whole[len(whole) // 2]:.1f}x with it. Peak memory: {
        median(peer, lambda r: r.peak):,.0f} MiB beside {
        median(ours, lambda r: r.peak):,.0f} MiB."""


def _bigbio(results: Results) -> str:
    lines = [
        [name, f"{theirs:,.0f}", f"{ours:,.0f}", f"{ours / theirs:.1f}x"]
        for name, (theirs, ours) in results.bigbio.items()
    ]
    return f"""## Beside the parsers of BigBIO
Records a second of processor time on the same files; theirs parse only, ours also map, check every record and write Parquet.

{_table(["format", "BigBIO", "this package", "ratio"], lines)}"""
