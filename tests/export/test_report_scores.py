"""Scores of models in report.html: a chart with published scores beside, the tables of `score`, faults of files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("matplotlib", reason="the extra [report] is not installed")
pytest.importorskip("squarify", reason="the extra [report] is not installed")

from taiyi_corpus.cli.app import app
from taiyi_corpus.errors import InputError
from taiyi_corpus.export.manifest import read_manifest
from taiyi_corpus.export.report.page import write_report
from taiyi_corpus.export.report.scores import read_scores
from taiyi_corpus.score.measure import Measured
from taiyi_corpus.score.report import Report, Scored, TypeScore, as_json
from tests.export.test_report import look
from tests.export.toy_build import rows, write_build

HOSTILE = "<b>drug</b>"


def scores(value: float) -> str:
    """Scores as `score --json` writes them: a benchmark, and a correlation that cannot be rated."""
    ner = Scored(
        dataset="ncbi_disease", benchmark="ncbi_disease", task="ner", rows=9, missing=1, unparsable=2,
        unparsable_rate=0.2222, metrics=[Measured("micro_f1", value, value - 5, value + 5)],
        types=[TypeScore(HOSTILE, 8, 9, 6, 66.6667, 75.0, 70.5882)],
    )  # fmt: skip
    flat = Scored(
        dataset="biosses", benchmark=None, task="tp_ss", rows=3, missing=0, unparsable=0, unparsable_rate=0.0,
        metrics=[Measured("pearson", None, note="a constant")],
    )  # fmt: skip
    return as_json(
        Report(
            version="1", rules="strict", seed=0, samples=100, rows=12, missing=1, unparsable=2, scores=[flat, ner]
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scored")
    (folder / "small.json").write_text(scores(60.5), encoding="utf-8")
    (folder / "large.json").write_text(scores(80.5), encoding="utf-8")
    return write_build(folder / "build", rows())


@pytest.fixture(scope="module")
def report(build: Path) -> Path:
    files = [str(build.parent / f"{name}.json") for name in ("small", "large")]
    args = ["report", str(build), "--scores", files[0], "--scores", files[1]]
    said = CliRunner().invoke(app, args)
    assert said.exit_code == 0, said.output
    return build / "report.html"


def test_each_model_has_its_tables_and_the_chart_has_all(report: Path) -> None:
    html = report.read_text(encoding="utf-8")
    section = html[html.index('<section id="scores">') : html.index('<section id="samples">')]
    assert re.findall("<summary>(.*?)</summary>", section) == ["small", "large"]
    assert 'id="scores-figure_1"' in section
    for shown in ("60.5", "55.5 to 65.5", "80.5", "73.1", "22.2 %", "ncbi_disease, ner", "Taiyi 2"):
        assert shown in section, shown
    assert "pearson cannot be rated: a constant" in section
    assert HOSTILE not in section
    assert "nan" not in section.lower().replace("nano", "")


def test_a_report_without_scores_has_no_such_section(build: Path, report: Path) -> None:
    scored = report.read_text(encoding="utf-8")
    plain = write_report(build, read_manifest(build), {}).read_text(encoding="utf-8")
    report.write_text(scored, encoding="utf-8")
    assert 'id="scores"' not in plain


def test_all_faults_of_files_are_named_at_once(build: Path, tmp_path: Path) -> None:
    (tmp_path / "small.json").write_text(scores(1.0), encoding="utf-8")
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    (tmp_path / "bytes.json").write_bytes(b"\xff")
    names = ("small", "no", "bytes", "lost")
    paths = [build.parent / "small.json", *(tmp_path / f"{name}.json" for name in names)]
    with pytest.raises(InputError) as error:
        read_scores(paths)
    assert [Path(fault.where).name for fault in error.value.faults] == [
        "small.json", "no.json", "bytes.json", "lost.json",
    ]  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_the_scores(report: Path, tmp_path: Path, scheme: str) -> None:
    probe = """<script>addEventListener("load", () => {
      const chart = document.querySelector("#scores figure svg").getBoundingClientRect();
      const ink = getComputedStyle(document.querySelector("#scores figure svg text")).fill;
      document.title = "seen:" + [chart.width > 400, chart.height > 60, ink].join("|");
    });</script>"""
    probed = tmp_path / "probed.html"
    text = report.read_text(encoding="utf-8")
    probed.write_text(text.replace("</body>", probe + "</body>"), encoding="utf-8")
    seen = look(probed, scheme, tmp_path, "--dump-dom")
    ink = {"light": "rgb(29, 36, 48)", "dark": "rgb(230, 233, 238)"}[scheme]
    assert f"<title>seen:true|true|{ink}</title>" in seen.stdout
    assert [line for line in seen.stderr.splitlines() if ":CONSOLE" in line] == []
