"""`export`, `report`, `diff`, and what `build` writes besides: the whole flow, and what is said when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taiyi_corpus.export import report
from tests.cli.conftest import Run, Tiny
from tests.export.toy_build import write_tokenizer


@pytest.fixture
def built(run: Run) -> Path:
    assert run("build", "--stage", "2").code == 0
    return Path("out/stage2")


def test_a_finished_build_is_exported_in_another_format(run: Run, built: Path) -> None:
    said = run("export", str(built), "--format", "taiyi", "--out", "release")

    assert said.code == 0
    assert said.out == "8 rows in release, as taiyi\n"
    lines = Path("release/train/train.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["category"] for line in lines} == {"NER", "RE", "TC", "QA_sqa"}


def test_what_a_format_has_no_place_for_is_said(run: Run, built: Path) -> None:
    said = run("export", str(built), "--format", "taiyi", "--out", "release")

    assert "system text of 1 rows left out" in said.err


def test_a_finished_build_is_exported_as_packed_tokens(run: Run, built: Path, tiny: Tiny) -> None:
    tokenizer = write_tokenizer(tiny.root / "tokenizer")
    said = run(
        "export",
        str(built),
        "--tokenizer",
        str(tokenizer),
        "--max-length",
        "900",
        "--pack",
        "--out",
        "tokens",
    )

    assert said.code == 0
    assert "rows in" in said.out and "% full" in said.out and "tokens trained" in said.out
    assert said.row("ner", "en")[2] == "2"


@pytest.mark.parametrize("args", [(), ("--format", "alpaca", "--tokenizer", "x")])
def test_an_export_is_one_thing(run: Run, built: Path, args: tuple[str, ...]) -> None:
    said = run("export", str(built), *args, "--out", "x")

    assert said.code == 2
    assert "--format or --tokenizer" in said.err


def test_a_typo_in_a_format_gets_the_nearest_word(run: Run, built: Path) -> None:
    assert (
        "Did you mean 'sharegpt'?"
        in run("export", str(built), "--format", "shargpt", "--out", "x").err
    )
    assert "Did you mean 'sharegpt'?" in run("build", "--stage", "2", "--format", "shargpt").err


def test_a_build_writes_formats_besides(run: Run) -> None:
    assert run("build", "--stage", "2", "--format", "alpaca", "--format", "sharegpt").code == 0
    assert Path("out/stage2/alpaca/dataset_info.json").is_file()
    assert Path("out/stage2/sharegpt/dataset_info.json").is_file()


def test_diff_says_what_changed_and_why(run: Run, built: Path, tiny: Tiny) -> None:
    tiny.edit("data/effects/train.tsv", "A headache came.", "A headache stayed.")
    tiny.edit("registry/recipes/stage2.yaml", "share: 0.6", "share: 0.5")
    assert run("build", "--stage", "2", "--out", "out/other").code == 0
    said = run("diff", str(built), "out/other")

    assert said.code == 0
    assert said.row("recipe")[1:] == ["groups.tasks.share", "0.6", "0.5"]
    assert said.row("data")[1:3] == ["effects:", "train.tsv"]
    assert "other bytes" in said.out
    assert "the same bytes" in run("diff", str(built), str(built)).out


def test_diff_of_no_build_is_named(run: Run, built: Path) -> None:
    assert run("diff", str(built), "nowhere").code == 2


def test_a_report_is_written_into_the_build(run: Run, built: Path) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("squarify")
    said = run("report", str(built))

    assert (said.code, said.out.strip()) == (0, "out/stage2/report.html")
    assert (built / "report.html").is_file()
    assert run("build", "--stage", "2").code == 0  # a build with a report is still a build


def test_a_build_has_a_report_unless_it_is_told_not_to(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path("out/stage2/report.html")
    assert run("build", "--stage", "2").code == 0
    assert page.is_file() == report.can_draw()
    assert run("build", "--stage", "2", "--no-report").code == 0
    assert not page.exists()

    monkeypatch.setattr(report, "can_draw", lambda: False)
    said = run("build", "--stage", "2")
    assert (said.code, page.exists()) == (0, False)
    assert "No report.html: `pip install 'taiyi-corpus[report]'`" in said.err


def test_a_contradiction_is_said_before_any_work(run: Run, tiny: Tiny) -> None:
    tiny.edit(
        "registry/recipes/stage2.yaml", "rows: 100", "rows: 100\nfloors: {effects: 80, drugs: 30}"
    )
    said = run("build", "--stage", "2")

    assert said.code == 2
    assert "110, 10 too many" in said.err
    assert not Path("out").exists()


def test_plan_says_what_is_short_of_its_target(run: Run) -> None:
    said = run("plan", "--stage", "2")

    assert said.row("effects", "tc")[-1] != "-"
    assert "short of" in said.out
    assert "paper" not in said.out
