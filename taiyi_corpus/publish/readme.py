"""README.md of the target: its header and text cover all configs that lie there, and what people wrote stays.

The part of a config stands between two comments. A push replaces the parts it sends, and touches nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.export.card import size_category
from taiyi_corpus.publish.card import split_header
from taiyi_corpus.publish.parcel import README, SHARD, Parcel

_BEGIN, _END = "<!-- taiyi-corpus {} begins -->", "<!-- taiyi-corpus {} ends -->"
_JOINED = (
    "language",
    "task_categories",
    "tags",
)  # lists; of several configs, what any of them says
_FIRST = ("pretty_name", "language", "license", "license_name", "license_link", "task_categories", "tags",
          "size_categories")  # fmt: skip


def readme(there: str | None, parcels: Sequence[Parcel], name: str) -> str:
    """Return the README with the parts of these configs put in.

    Args:
        there: the README of the target, if it has one.
        name: what the target is called, if its README does not say.

    Raises:
        InputError: the header that is there is no YAML.
    """
    try:
        header, body = split_header(there or "")
    except yaml.YAMLError as error:
        found = str(error).splitlines()[0]
        raise InputError(Fault(f"{name}, {README}", "a header of YAML", found)) from None
    for parcel in parcels:
        body = _with_part(body, parcel)
    head = yaml.safe_dump(
        _header(header, parcels, name), allow_unicode=True, sort_keys=False, width=1_000
    )
    return f"---\n{head}---\n{body.rstrip()}\n"


def _with_part(body: str, parcel: Parcel) -> str:
    begin, end = _BEGIN.format(parcel.config), _END.format(parcel.config)
    part = f"{begin}\n{parcel.body.strip()}\n{end}"
    old = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if old.search(body):
        return old.sub(lambda _: part, body, count=1)
    return f"{body.rstrip()}\n\n{part}\n" if body.strip() else f"\n{part}\n"


def _header(there: dict[str, Any], parcels: Sequence[Parcel], name: str) -> dict[str, Any]:
    mine = {parcel.config for parcel in parcels}
    configs = {str(c["config_name"]): c for c in _list(there.get("configs")) if "config_name" in c}
    made = dict(there)
    for parcel in parcels:
        for key in _JOINED:
            if value := parcel.header.get(key):
                made[key] = list(dict.fromkeys([*_words(made.get(key)), *value]))
    licences = {(str(p.header["license_name"]), str(p.header["license_link"])) for p in parcels}
    if configs.keys() - mine:
        licences.add((str(there.get("license_name")), str(there.get("license_link"))))
    one = next(iter(licences)) if len(licences) == 1 else ("mixed", f"{README}#datasets")
    made |= {"license": "other", "license_name": one[0], "license_link": one[1]}
    for key in ("language", "task_categories"):
        if key in made:
            made[key] = sorted(made[key])
    made.setdefault("pretty_name", name)
    configs |= {parcel.config: _config(parcel) for parcel in parcels}
    made["configs"] = [configs[config] for config in sorted(configs)]
    made["dataset_info"] = _infos(there.get("dataset_info"), parcels)
    made["size_categories"] = [size_category(_rows(made["dataset_info"]))]
    first = {key: made[key] for key in _FIRST if key in made}
    return {**first, **{key: value for key, value in made.items() if key not in first}}


def _config(parcel: Parcel) -> dict[str, Any]:
    files = [
        {"split": split, "path": f"{parcel.config}/{split}-*.parquet"} for split in parcel.splits
    ]
    return {"config_name": parcel.config, "data_files": files}


def _infos(there: Any, parcels: Sequence[Parcel]) -> Any:
    """Return what the header says of columns and sizes, as the `datasets` library writes and checks it."""
    from datasets import DatasetInfo, Features, SplitDict, SplitInfo
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCardData

    data = DatasetCardData(dataset_info=there) if there else DatasetCardData()
    infos = DatasetInfosDict()
    for parcel in parcels:
        splits = SplitDict()
        for split, size in parcel.splits.items():
            splits.add(SplitInfo(split, num_bytes=size.bytes, num_examples=size.rows))
        shards = [f.bytes for f in parcel.files if SHARD.fullmatch(f.path.rsplit("/", 1)[-1])]
        infos[parcel.config] = DatasetInfo(
            features=Features.from_arrow_schema(parcel.schema),
            splits=splits,
            download_size=sum(shards),
            dataset_size=sum(size.bytes for size in parcel.splits.values()),
        )
    infos.to_dataset_card_data(data)
    return data.get("dataset_info")


def _rows(infos: Any) -> int:
    return sum(
        int(split.get("num_examples", 0))
        for info in _list(infos)
        for split in info.get("splits", [])
    )


def _list(value: Any) -> list[dict[str, Any]]:
    """Return a list of mappings: one alone counts as one, anything else as none."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]


def _words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, str)]
