"""The page docs/performance.md, from what the sections measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks import report_peer
from benchmarks.bars import bars, pairs_of_workers
from benchmarks.bigbio import LOADERS, loaded
from benchmarks.measure import median, paired
from benchmarks.released import SIZE
from benchmarks.sections import Runs, Section
from benchmarks.tables import TIMES, table, times, where

_HOLDS = {True: "yes", False: "**no**", None: ""}
_FINDINGS = Path(__file__).with_name("findings.md")
_HEAD = """# Performance

Written by `python -m benchmarks`, on data it invents; [scale.md](scale.md) has what a row costs at several sizes. What is compared ran in turn; numbers are medians of
so many runs, and a ratio is the median of the ratios of runs that followed each other. "cpu" is the processor time of all processes of a run, start of the interpreter and imports included. Where the load average is
not near 0, wall times are those of a machine that did other work: compare processor times and ratios."""


def page(results: dict[str, Section]) -> str:
    """Return docs/performance.md."""
    parts = [f"## {title}\n{where(results[name])}.\n\n{make(results[name].runs)}"
             for name, (title, make) in _PARTS.items() if name in results and results[name].runs]  # fmt: skip
    held = [
        [what, wanted or "no bar", measured, _HOLDS[holds]]
        for what, wanted, measured, holds in bars(results)
    ]
    summary = "## What must hold\n" + table(["what", "wanted", "measured", "holds"], held)
    return "\n\n".join([_HEAD, summary, *parts, _FINDINGS.read_text(encoding="utf-8")])


def _cold(runs: Runs) -> str:
    return f"""Two workers. 19 % of the records are annotated documents (PubTator, BioC, brat), the others questions, choices, classes and dialogues in CSV and JSON lines.

{_sizes(runs)}"""


def _builds(runs: Runs) -> str:
    return f"""The same records, two workers. The sources were read and curated before; candidates are found, chosen, rendered and written. Every build of one size had the same bytes.

{_sizes(runs)}"""


def _again(runs: Runs) -> str:
    return f"""The same, and candidates were kept too, as after a change of the numbers of a recipe.

{_sizes(runs)}"""


def _sizes(runs: Runs) -> str:
    by_size = sorted((int(name.split()[0]), of) for name, of in runs.items())
    return table(["build", *TIMES], [[f"{size:,} records", *times(of)] for size, of in by_size])


def _workers(runs: Runs) -> str:
    lines, said = [], []
    for size, what, one, two in pairs_of_workers(runs):
        build = f"{size:,} records {what}"
        lines += [[f"{build}, 1 worker", *times(one)], [f"{build}, 2 workers", *times(two)]]
        alone = median(two, lambda r: r.said["parent"])
        said.append(
            f"{build} {paired(one, two, lambda r: r.wall):.2f}x (the parent's own work: {alone:.1f} s)"
        )
    return f"""{table(["build", *TIMES], lines)}

Two workers beside one, by wall time, paired: {"; ".join(said)}. The bytes are the same."""


def _normalise(runs: Runs) -> str:
    lines = [[
        name, str(len(of)), f"{of[0].said['rows']:,}", f"{median(of, lambda r: r.said['rows'] / r.said['cpu']):,.0f}",
        f"{median(of, lambda r: r.said['bytes'] / r.said['cpu'] / 1e6):.1f}", f"{median(of, lambda r: r.peak):,.0f}",
    ] for name, of in runs.items()]  # fmt: skip
    return table(["dataset", "runs", "records", "records / cpu s", "MB / cpu s", "peak MiB"], lines)


def _limits(runs: Runs) -> str:
    found, written = runs["limits"], runs["write"]
    size, rows = found[0].said["bytes"] / 1e6, found[0].said["rows"]
    lines = []
    for name in ("read", "sha256", "json", "json stdlib"):
        seconds = median(found, lambda r, name=name: max(r.said[name], 1e-6))  # type: ignore[misc]
        lines.append([name, str(len(found)), f"{size / seconds:,.0f}", f"{rows / seconds:,.0f}"])
    count = written[0].said["rows"]
    for name in ("pyarrow", "ours"):
        seconds = median(written, lambda r, name=name: r.said[name])  # type: ignore[misc]
        lines.append(
            [
                f"write Parquet, {name}",
                str(len(written)),
                f"{written[0].said['memory'] / 1e6 / seconds:,.0f}",
                f"{count / seconds:,.0f}",
            ]
        )
    share = median(written, lambda r: r.said["pyarrow"] / r.said["ours"])
    return f"""{table(["what", "runs", "MB / cpu s", "rows / cpu s"], lines)}

"json" decodes the lines of `questions_en` with msgspec, "json stdlib" with the standard library. "ours" gathers the rows of a shard from four spill files, orders them, writes them
and hashes the file: {share:.0%} of the speed at which pyarrow writes the same table, which lies in memory, with the same codec."""


def _loaders(runs: Runs) -> str:
    lines = []
    for name, (format_, _, _) in LOADERS.items():
        theirs, one, two = (runs[f"{name} {who}"] for who in ("theirs", "ours 1", "ours 2"))
        cpu = paired(one, theirs, lambda r: r.said["rows"] / r.said["cpu"])
        lines.append([
            f"{name} ({format_})", f"{theirs[0].said['rows']:,}", str(len(theirs)), f"{median(theirs, loaded):,.0f}",
            f"{median(one, loaded):,.0f}", f"{median(two, loaded):,.0f}", f"{cpu:.1f}x", f"{paired(one, theirs, loaded):.1f}x",
            f"{paired(two, theirs, loaded):.1f}x", f"{median(theirs, lambda r: r.peak):,.0f}", f"{median(one, lambda r: r.peak):,.0f}",
        ])  # fmt: skip
    head = ["corpus", "records", "runs", "BigBIO, records / s", "this package, 1 process", "2 workers", "ratio, 1 process, cpu",
            "1 process, wall", "2 workers, wall", "BigBIO, peak MiB", "this package, 1 process"]  # fmt: skip
    return f"""BigBIO's loading scripts (with `datasets` 2.21, to Arrow, in one process: a script that reads one file has no work for a second) and our registry entries (to Parquet),
on the same invented files of {SIZE // 10**6} MB in the released layouts. Imports and the start of workers are not counted on either side, nor is the unpacking of the zip of chia, from
which ours reads, for BigBIO. Ours also hashes the files, checks every span and reference, and keeps what the schema has no place for. The bar is for two cores, so it takes
the ratio of two workers by wall time.

{table(head, lines)}"""


def _near_duplicates(runs: Runs) -> str:
    lines = []
    for tool, of in runs.items():
        said = of[0].said
        rate = median(of, lambda r: r.said["records a second"])
        lines.append([tool, str(len(of)), f"{said['records']:,}", f"{rate:,.0f}", f"{said['recall at J >= 0.8']:.3f}",
                      f"{said['recall below']:.3f}", f"{said['wrongly removed']:,}", f"{said['peak MiB']:,}"])  # fmt: skip
    return table(
        [
            "tool",
            "runs",
            "records",
            "records / s",
            "recall, J >= 0.8",
            "recall below",
            "wrongly removed",
            "peak MiB",
        ],
        lines,
    )


def _start(runs: Runs) -> str:
    lines = [[f"`taiyi-corpus {name}`", str(len(of)), f"{median(of, lambda r: r.wall):.2f}", f"{median(of, lambda r: r.cpu):.2f}"]
             for name, of in runs.items()]  # fmt: skip
    return table(["command", "runs", "wall s", "cpu s"], lines)


_PARTS: dict[str, tuple[str, Callable[[Runs], str]]] = {
    "cold": ("Whole builds from nothing", _cold),
    "builds": ("Whole builds from cached records", _builds),
    "again": ("Whole builds from all that is cached", _again),
    "workers": ("Two workers beside one", _workers),
    "datasets": ("Beside the pipeline of `datasets`", report_peer.datasets),
    "pipeline": ("Beside a pipeline that curates, too", report_peer.pipeline),
    "loaders": ("Beside BigBIO's loaders", _loaders),
    "near_duplicates": ("Near duplicates beside datasketch and datatrove", _near_duplicates),
    "normalise": ("Reading and normalising, one process", _normalise),
    "limits": ("Limits of this machine", _limits),
    "start": ("Start", _start),
}
