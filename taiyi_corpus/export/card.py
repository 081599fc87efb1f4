"""The dataset card of a build: what it is, what it is made of, under which terms, how to make it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.spec.dataset import DatasetSpec

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
          (10_000_000, "1M<n<10M"))  # fmt: skip

_MAY: dict[bool | str, str] = {True: "yes", False: "no", "unknown": "unknown"}


def card(made: Manifest, specs: Mapping[str, DatasetSpec]) -> str:
    """Return README.md of a build, with the YAML header the Hub reads."""
    name, stage = made.recipe["name"], made.recipe["stage"]
    used = sorted({funnel.dataset for funnel in made.counts if funnel.chosen})
    languages = sorted({part for d in used for part in specs[d].language.split("-")})
    splits = sorted({Path(shard.path).name.split("-")[0] for shard in made.shards})
    size = next((tag for limit, tag in _SIZES if made.rows < limit), "10M<n<100M")
    header = [
        "---",
        f"pretty_name: taiyi-corpus {name}",
        "language:", *(f"- {language}" for language in languages or ["en", "zh"]),
        "task_categories:", "- text-generation",
        "tags:", "- biomedical", "- instruction-tuning",
        "size_categories:", f"- {size}",
        "configs:", "- config_name: default", "  data_files:",
        *(line for s in splits for line in (f"  - split: {s}", f"    path: data/{s}-*.parquet")),
        "---",
    ]  # fmt: skip
    body = [f"# taiyi-corpus {name}", "", str(made.recipe["about"]), ""]
    if made.origin == "sample":
        body += [
            "**Made from the bundled samples: invented text, to try the pipeline with. Train nothing on it.**",
            "",
        ]
    body += [
        f"{made.rows:,} rows from {len(used)} datasets; stage {stage}; seed {made.recipe['seed']}.",
        "",
        "## Composition",
        *_table(["task", "language", "rows"], _by_task(made)),
        "",
        "## Datasets",
        *_table(
            ["dataset", "rows", "licence", "may be passed on", "cite"],
            [_dataset_line(d, made, specs[d]) for d in used],
        ),
        "",
        "## How it was made",
        f"`taiyi-corpus build --recipe {name}`. The recipe, the versions and the hashes of all sources are in"
        " `manifest.json`; everything left out is in `ledger.parquet`, a line each with its reason.",
        "",
        "## Limits",
        "The texts are those of the datasets named above, with their faults; instructions are templates."
        " Not for clinical use.",
    ]
    return "\n".join([*header, "", *body, ""])


def _by_task(made: Manifest) -> list[list[str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for funnel in made.counts:
        counts[funnel.task, funnel.language] += funnel.chosen
    return [[task, language, f"{n:,}"] for (task, language), n in sorted(counts.items()) if n]


def _dataset_line(dataset: str, made: Manifest, spec: DatasetSpec) -> list[str]:
    rows = sum(funnel.chosen for funnel in made.counts if funnel.dataset == dataset)
    may = _MAY[spec.license.redistributable]
    return [
        f"[{spec.name}]({spec.homepage})",
        f"{rows:,}",
        spec.license.name,
        may,
        spec.citation.text,
    ]


def _table(head: list[str], lines: list[list[str]]) -> list[str]:
    clean = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *clean)]
