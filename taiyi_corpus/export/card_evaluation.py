"""The card of an evaluation set: which benchmarks it holds, and under which terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from taiyi_corpus.export.card import table
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.spec.benchmark import Benchmark
from taiyi_corpus.spec.dataset import DatasetSpec


def evaluation_card(
    made: Manifest, benchmarks: Sequence[Benchmark], specs: Mapping[str, DatasetSpec]
) -> str:
    """Return README.md of an evaluation set: a config a benchmark, each with the one split `test`."""
    languages = sorted({part for b in benchmarks for part in specs[b.dataset].language.split("-")})
    header = {
        "pretty_name": "taiyi-corpus evaluation set",
        "language": languages,
        "license": "other",
        "license_name": "mixed",
        "license_link": "README.md#datasets",
        "task_categories": ["text-generation"],
        "tags": ["biomedical", "evaluation"],
        "configs": [
            {
                "config_name": one.id,
                "data_files": [{"split": "test", "path": f"data/{one.id}.parquet"}],
            }
            for one in benchmarks
        ],
    }
    sizes = [[one.id, one.task, one.dataset, f"{made.chosen[one.id]:,}"] for one in benchmarks]
    licences = [
        [f"[{spec.name}]({spec.homepage})", spec.license.name, spec.citation.text]
        for spec in (specs[id_] for id_ in dict.fromkeys(one.dataset for one in benchmarks))
    ]
    body = ["# taiyi-corpus evaluation set", "", str(made.recipe["about"]), ""]
    if made.origin == "sample":
        body += ["**Made from the bundled samples: invented text. Its scores mean nothing.**", ""]
    body += [
        "Rows are those of a build: the last message is the reference answer, `gold` the same as JSON, `options`"
        " what was shown, `benchmark` the id. `taiyi-corpus score` reads them. Do not train on them.",
        "",
        "## Benchmarks",
        *table(["benchmark", "task", "dataset", "rows"], sizes),
        "",
        "## Datasets",
        *table(["dataset", "licence", "cite"], licences),
    ]
    head = yaml.safe_dump(header, allow_unicode=True, sort_keys=False, width=1_000)
    return "\n".join(["---", head.rstrip(), "---", "", *body, ""])
