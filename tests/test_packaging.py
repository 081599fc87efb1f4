"""The wheel holds what the checkout holds: every file of the package, the registry and the templates."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def names_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The root of a wheel built from this checkout with the build tools installed here."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    built = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    return zipfile.Path(path)


def names_in(wheel: zipfile.Path, folder: str) -> set[str]:
    return {
        name.removeprefix(folder)
        for name in wheel.root.namelist()
        if name.startswith(folder) and not name.endswith("/")
    }


@pytest.mark.parametrize("folder", ["registry", "templates"])
def test_data_folders_reach_the_wheel_whole(wheel: zipfile.Path, folder: str) -> None:
    assert names_in(wheel, f"taiyi_corpus/_data/{folder}/") == names_below(ROOT / folder)


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.Path) -> None:
    packed = {name for name in names_in(wheel, "taiyi_corpus/") if not name.startswith("_data/")}
    assert packed == names_below(ROOT / "taiyi_corpus")
    assert "py.typed" in packed


def test_the_wheel_carries_licence_and_command(wheel: zipfile.Path) -> None:
    (info,) = (entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
    licence = info / "licenses" / "LICENSE"
    assert licence.read_text(encoding="utf-8") == (ROOT / "LICENSE").read_text(encoding="utf-8")
    commands = (info / "entry_points.txt").read_text(encoding="utf-8")
    assert "taiyi-corpus = taiyi_corpus.cli:main" in commands


def test_nothing_else_is_in_the_wheel(wheel: zipfile.Path) -> None:
    top = {entry.name for entry in wheel.iterdir() if not entry.name.endswith(".dist-info")}
    assert top == {"taiyi_corpus"}
