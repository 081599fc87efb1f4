"""README.md covers all configs of a target and keeps what people wrote."""

from __future__ import annotations

import pyarrow as pa
import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.publish.card import split_header
from taiyi_corpus.publish.parcel import File, Parcel, Size
from taiyi_corpus.publish.readme import readme


def parcel(config: str, rows: int = 10, licence: str = "mit", language: str = "en") -> Parcel:
    header = {
        "language": [language],
        "license": "other",
        "license_name": licence,
        "license_link": "README.md#datasets",
        "tags": ["biomedical", config],
    }
    files = [
        File(f"{config}/{name}", "", 7, "")
        for name in ("train-00000-of-00001.parquet", "ledger.parquet", "manifest.json")
    ]
    return Parcel(
        config, f"recipe {config}", files, header,
        f"# About {config}\n", {"train": Size(rows, 99)}, pa.schema([("id", pa.string())]), {},
    )  # fmt: skip


def test_a_new_readme_says_what_load_dataset_needs() -> None:
    header, body = split_header(readme(None, [parcel("stage1")], "lab/a"))
    assert header["configs"] == [
        {
            "config_name": "stage1",
            "data_files": [{"split": "train", "path": "stage1/train-*.parquet"}],
        }
    ]
    info = header["dataset_info"]
    assert info["config_name"] == "stage1"
    assert info["features"] == [{"name": "id", "dtype": "string"}]
    assert info["splits"] == [{"name": "train", "num_bytes": 99, "num_examples": 10}]
    assert info["download_size"] == 7  # of the shards; nobody loads the ledger
    assert header["size_categories"] == ["n<1K"]
    assert header["pretty_name"] == "lab/a"
    assert "# About stage1" in body


def test_two_configs_are_one_header() -> None:
    first = readme(None, [parcel("stage2", 900)], "lab/a")
    header, body = split_header(readme(first, [parcel("stage1", 200, language="zh")], "lab/a"))
    assert [one["config_name"] for one in header["configs"]] == ["stage1", "stage2"]
    assert [one["config_name"] for one in header["dataset_info"]] == ["stage1", "stage2"]
    assert header["language"] == ["en", "zh"]
    assert header["tags"] == ["biomedical", "stage2", "stage1"]
    assert header["size_categories"] == ["1K<n<10K"]
    assert header["license_name"] == "mit"
    assert "# About stage1" in body
    assert "# About stage2" in body


@pytest.mark.parametrize("parts", [["stage1"], ["stage1", "stage2"]])
def test_the_same_again_changes_nothing(parts: list[str]) -> None:
    first = readme(None, [parcel(part) for part in parts], "lab/a")
    for part in parts:
        assert readme(first, [parcel(part)], "lab/a") == first


def test_several_licences_are_mixed() -> None:
    first = readme(None, [parcel("stage1")], "lab/a")
    header, _ = split_header(readme(first, [parcel("stage2", licence="cc-by-4.0")], "lab/a"))
    assert header["license_name"] == "mixed"
    header, _ = split_header(readme(first, [parcel("stage1", licence="cc-by-4.0")], "lab/a"))
    assert header["license_name"] == "cc-by-4.0"


def test_what_people_wrote_stays() -> None:
    theirs = "---\nlicense: mit\nannotations_creators: [expert]\n---\n# Ours\nAsk Jane.\n"
    once = readme(theirs, [parcel("stage1")], "lab/a")
    header, body = split_header(once.replace("Ask Jane.", "Ask Jane or John."))
    assert header["annotations_creators"] == ["expert"]
    assert header["license"] == "other"  # of the data, whatever the empty repository said
    twice = readme(once.replace("Ask Jane.", "Ask Jane or John."), [parcel("stage1", 20)], "lab/a")
    assert twice.count("# About stage1") == 1
    assert "# Ours\nAsk Jane or John.\n" in twice
    assert body.index("# Ours") < body.index("# About stage1")


def test_a_header_that_is_no_yaml_is_a_fault() -> None:
    with pytest.raises(InputError, match=r"README\.md: wanted a header of YAML"):
        readme("---\n[: x\n---\n", [parcel("stage1")], "lab/a")
