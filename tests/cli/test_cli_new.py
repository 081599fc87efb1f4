"""`new`: a draft on stdout or in a folder, doubts on stderr."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

TSV = "id\tsentence\tlabel\n1\tFine.\tgood\n2\tPoor.\tbad\n3\tGreat.\tgood\n4\tAwful.\tbad\n"


def raw(tmp_path: Path) -> Path:
    file = tmp_path / "moods" / "all.tsv"
    file.parent.mkdir()
    file.write_text(TSV, encoding="utf-8")
    return file


def test_the_draft_goes_to_stdout(run: Run, tmp_path: Path) -> None:
    said = run("new", str(raw(tmp_path)), "--id", "moods")
    assert said.code == 0
    assert said.line("tasks:") == "tasks: [tc]"
    assert said.line("id:") == "id: moods"


def test_or_into_a_folder_but_over_no_file(run: Run, tmp_path: Path) -> None:
    file, out = raw(tmp_path), tmp_path / "registry"
    said = run("new", str(file.parent), "--out", str(out))
    assert (said.code, said.out) == (0, "")
    assert (out / "moods.yaml").read_text(encoding="utf-8").startswith("# Drafted")
    assert run("new", str(file.parent), "--out", str(out)).code == 2
