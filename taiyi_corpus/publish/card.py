"""The part of README.md that is about one config: the card of a build as it reads on the Hub, the card of a dataset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from taiyi_corpus.export.card import card, table
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.export.shards import split_of
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import DatasetSpec

# What the header says of all configs together is put together where README.md is.
_OF_ALL = ("configs", "size_categories", "pretty_name")
_TRAINING = re.compile(r"^## Training\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
_USE = """\
## Use
```python
from datasets import load_dataset

rows = load_dataset("{repo}", "{config}", split="{split}")
```

Rows hold chat `messages`; train on the assistant turns only. TRL:

```python
from trl import SFTConfig, SFTTrainer

SFTTrainer(
    model=...,
    train_dataset=rows.select_columns(["messages"]),
    args=SFTConfig(assistant_only_loss=True, max_length=2048),  # TRL cuts at 1,024 if not told
)
```

The files of this config are in `{config}/`: shards, `manifest.json`, `ledger.parquet` (ids and reasons, no texts),
`citations.bib`.

"""
_LOAD = """\
```python
from datasets import load_dataset

records = load_dataset("{repo}", "{config}")
```
"""


def split_header(readme: str) -> tuple[dict[str, Any], str]:
    """Return the YAML header of a README and what comes after it."""
    match = re.match(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", readme, re.DOTALL)
    if match is None:
        return {}, readme
    header = yaml.safe_load(match[1])
    return (header if isinstance(header, dict) else {}), match[2]


def build_card(
    made: Manifest,
    specs: Mapping[str, DatasetSpec],
    config: str,
    repo: str,
    left_out: Mapping[str, str],
) -> tuple[dict[str, Any], str]:
    """Return (header, Markdown) of a build that is sent, with what was left out of it."""
    header, body = split_header(card(made, specs))
    use = _USE.format(repo=repo, config=config, split=split_of(made.shards[0].path))
    body = _TRAINING.sub(lambda _: use, body).strip()
    if left_out:
        lines = [[id_, specs[id_].name, why] for id_, why in left_out.items()]
        missing = [
            "## Left out",
            "The build had rows of these datasets, too. They may not be passed on.",
            "",
        ]
        body = "\n".join([body, "", *missing, *table(["id", "dataset", "why"], lines)])
    return {key: value for key, value in header.items() if key not in _OF_ALL}, body + "\n"


def dataset_card(
    spec: DatasetSpec,
    config: str,
    repo: str,
    rows: Mapping[Split, int],
    missing: list[str],
    versions: Mapping[str, str],
    recipe: str | None,
) -> tuple[dict[str, Any], str]:
    """Return (header, Markdown) of one dataset in the one schema."""
    benchmarks: dict[str, list[str]] = {
        split: spec.splits[split].benchmark for split in spec.splits
    }
    lines = [[split, f"{n:,}", ", ".join(benchmarks.get(split, []))] for split, n in rows.items()]
    licence = spec.license
    body = [
        f"# {spec.name}", "", spec.about, "", f"Home page: {spec.homepage}", "",
        "## Splits", *table(["split", "records", "benchmark"], lines), "",
    ]  # fmt: skip
    if missing:
        body += ["Not whole: these files of the release were missing: " + ", ".join(missing), ""]
    if recipe is not None:
        body += [
            f"Curated as the recipe {recipe} says (`curated` in the manifest), but for benchmarks.",
            "",
        ]
    body += [
        "## Use", _LOAD.format(repo=repo, config=config),
        "One record type holds all tasks: text, entities with offsets, relations, events, labels, questions,"
        " dialogues. What a record does not have is null. `extra` is what the source carries besides, as JSON."
        " Offsets count code points.", "",
        "## Licence",
        f"{licence.name} ({licence.says})." + (f" {licence.note}" if licence.note else ""), "",
        "## Cite", spec.citation.text + (f" doi:{spec.citation.doi}" if spec.citation.doi else ""), "",
        "## How it was made",
        "By taiyi-corpus from the released files, with " + ", ".join(f"{k} {v}" for k, v in versions.items())
        + f". Their hashes are in `{config}/manifest.json`; what was left out is in `{config}/ledger.parquet`, with"
        " reasons.",
        "",
    ]  # fmt: skip
    header = {
        "language": sorted(spec.language.split("-")),
        "license": "other",
        "license_name": licence.name.lower().replace(" ", "-"),
        "license_link": spec.homepage,
        "tags": ["biomedical", *(tag for tag in spec.tags if tag != "biomedical")],
    }
    return header, "\n".join(body)
