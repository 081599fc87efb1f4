"""The dataset card of a build: what it is, what it is made of, under which terms, how to make it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from taiyi_corpus.export.card_trainers import trainers
from taiyi_corpus.export.lengths import LIMITS, Lengths, counted
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.export.shards import split_of
from taiyi_corpus.spec.dataset import DatasetSpec

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
          (10_000_000, "1M<n<10M"))  # fmt: skip
# Task -> category of the Hub; what it has no word for is text generation.
_CATEGORIES = {
    "ner": "token-classification", "tc": "text-classification", "tp_ss": "text-classification",
    "tp_te": "text-classification", "mt": "translation", "tt_ds": "summarization", "tt_ts": "summarization",
    "qa_choice": "question-answering", "qa_yesno": "question-answering", "qa_sqa": "question-answering",
    "qa_cqa": "question-answering",
}  # fmt: skip
_MAY: dict[bool | str, str] = {True: "yes", False: "no", "unknown": "unknown"}


def contributors(made: Manifest) -> list[str]:
    """Return the ids of the datasets that gave a row."""
    return sorted({funnel.dataset for funnel in made.counts if funnel.chosen})


def size_category(rows: int) -> str:
    """Return the Hub's word for so many rows."""
    return next((tag for limit, tag in _SIZES if rows < limit), "10M<n<100M")


def card(made: Manifest, specs: Mapping[str, DatasetSpec]) -> str:
    """Return README.md of a build, with the YAML header the Hub reads."""
    name, stage = made.recipe["name"], made.recipe["stage"]
    used = contributors(made)
    head = yaml.safe_dump(_header(made, specs), allow_unicode=True, sort_keys=False, width=1_000)
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
        *table(["task", "language", "rows"], _by_task(made)),
        "",
        *_groups(made),
        "## Lengths",
        f"{counted(made.recipe)}. A row that is longer than a trainer's limit loses its answer.",
        "",
        *table(
            ["task", "language", "rows", "mean", "longest", *(f"over {limit:,}" for limit in LIMITS)],
            [_length_line(lengths) for lengths in made.lengths],
        ),
        "",
        "## Datasets",
        "Each row carries the licence of its dataset in `license`; all citations are in `citations.bib`.",
        "",
        *table(
            ["dataset", "rows", "licence", "may be passed on", "commercial use", "cite"],
            [_dataset_line(d, made, specs[d]) for d in used],
        ),
        "",
        *_kept_out(made),
        *trainers(str(name)),
        "",
        "## How it was made",
        f"`taiyi-corpus build --recipe {name}`, with " + ", ".join(f"{k} {v}" for k, v in made.versions.items())
        + ". The recipe and the hashes of all sources, registry entries and templates are in `manifest.json`;"
        " everything left out is in `ledger.parquet`, a line each with its reason. The same sources, recipe and"
        " versions give the same bytes.",
        "",
        "## Limits",
        "The texts are those of the datasets named above, with their faults; instructions are templates."
        " Datasets of model-written text (tag `synthetic`) are as right as their models were. Not for clinical use.",
    ]  # fmt: skip
    return "\n".join(["---", head.rstrip(), "---", "", *body, ""])


def _header(made: Manifest, specs: Mapping[str, DatasetSpec]) -> dict[str, Any]:
    used = contributors(made)
    tasks = {funnel.task for funnel in made.counts if funnel.chosen}
    languages = sorted({part for d in used for part in specs[d].language.split("-")})
    splits = list(dict.fromkeys(split_of(shard.path) for shard in made.shards))
    licences = sorted({specs[d].license.name for d in used})
    return {
        "pretty_name": f"taiyi-corpus {made.recipe['name']}",
        "language": languages or ["en", "zh"],
        # The Hub knows one licence a dataset; a mix of several has its own name.
        "license": "other",
        "license_name": "mixed" if len(licences) != 1 else licences[0].lower().replace(" ", "-"),
        "license_link": "README.md#datasets",
        "task_categories": sorted({_CATEGORIES.get(task, "text-generation") for task in tasks} | {"text-generation"}),
        "tags": ["biomedical", "instruction-tuning", f"stage-{made.recipe['stage']}"],
        "size_categories": [size_category(made.rows)],
        "configs": [
            {
                "config_name": str(made.recipe["name"]),
                "default": True,
                "data_files": [{"split": s, "path": f"data/{s}-*.parquet"} for s in splits],
            }
        ],
    }  # fmt: skip


def _by_task(made: Manifest) -> list[list[str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for funnel in made.counts:
        counts[funnel.task, funnel.language] += funnel.chosen
    return [[task, language, f"{n:,}"] for (task, language), n in sorted(counts.items()) if n]


def _groups(made: Manifest) -> list[str]:
    if len(made.wanted) < 2:
        return []
    lines = [[g, f"{n:,}", f"{made.chosen.get(g, 0):,}"] for g, n in made.wanted.items()]
    return [*table(["group", "wanted", "rows"], lines), ""]


def _kept_out(made: Manifest) -> list[str]:
    lines = [
        [id_, source, f"{count:,}"]
        for id_, counts in made.curation.get("leaks", {}).items()
        for source, count in counts.items()
    ]
    reasons = made.curation.get("unprotected", {}).items()
    if not lines and not reasons:
        return []
    body = ["## Kept out of `train`"]
    if lines:
        body += table(["dataset", "benchmark or test split", "records that it has, too"], lines)
    body += [f"\nThe test split of `{id_}` kept nothing out: {why}." for id_, why in reasons]
    return [*body, ""]


def _length_line(lengths: Lengths) -> list[str]:
    counts = [lengths.rows, round(lengths.tokens / lengths.rows), lengths.longest]
    shares = [f"{over / lengths.rows:.1%}" for over in lengths.over]
    return [lengths.task, lengths.language, *(f"{count:,}" for count in counts), *shares]


def _dataset_line(dataset: str, made: Manifest, spec: DatasetSpec) -> list[str]:
    rows = sum(funnel.chosen for funnel in made.counts if funnel.dataset == dataset)
    return [
        f"[{spec.name}]({spec.homepage})",
        f"{rows:,}",
        spec.license.name,
        _MAY[spec.license.redistributable],
        _MAY[spec.license.commercial],
        spec.citation.text,
    ]


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    clean = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *clean)]
