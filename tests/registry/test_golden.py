"""Our records agree with an independent reading of the same files, but for differences that are known and explained."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.registry.compare import compare, golden_ids

KNOWN = yaml.safe_load(
    (Path(__file__).parent / "golden_differences.yaml").read_text(encoding="utf-8")
)
IDS = [
    "an_em", "anat_em", "bc5cdr", "bio_sim_verb", "bioinfer", "bionlp_shared_task_2009", "bionlp_st_2011_epi",
    "bionlp_st_2011_ge", "bionlp_st_2011_rel", "bionlp_st_2013_cg", "bionlp_st_2013_ge", "bionlp_st_2013_pc",
    "biosses", "chia", "ddi_corpus", "genetag", "hallmarks_of_cancer", "iepa", "linnaeus", "lll", "med_qa",
    "mediqa_qa", "medmentions", "meqsum", "mqp", "ncbi_disease", "pubmed_qa", "scicite", "seth_corpus",
    "tmvar_v1",
]  # fmt: skip


@pytest.mark.golden
@pytest.mark.real_data
@pytest.mark.parametrize("id_", IDS)
def test_a_dataset_agrees(id_: str, data_dir: Path, golden_dir: Path) -> None:
    found = compare(id_, data_dir, golden_dir)
    differing = {
        kind: {"ours": counts["ours"], "theirs": counts["theirs"]}
        for kind, counts in found.items()
        if counts["ours"] or counts["theirs"]
    }
    assert differing == KNOWN.get(id_, {})
    assert any(counts["agree"] for counts in found.values())


@pytest.mark.golden
def test_every_reading_is_compared(golden_dir: Path) -> None:
    assert golden_ids(golden_dir) == sorted(IDS)


def explained() -> dict[str, list[str]]:
    """Return the cells of each row of the page that explains the differences, by dataset."""
    page = Path(__file__).parents[2] / "docs" / "differences-from-bigbio.md"
    rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    return {row[0]: row[1:] for row in rows if row[0] != "dataset"}


def test_every_counted_difference_is_explained_by_an_example() -> None:
    rows = explained()
    assert sorted(set(KNOWN) - set(rows)) == []
    assert [id_ for id_, cells in rows.items() if len(cells) != 3 or not all(cells)] == []
