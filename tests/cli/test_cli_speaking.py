"""Help, version, templates; what the command line may cost and must not do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from taiyi_corpus.cli.app import app
from taiyi_corpus.version import VERSION
from tests.cli.conftest import Run

HEAVY = {"datasets", "jieba", "lxml", "numpy", "pandas", "pyarrow", "pysbd", "spacy"}
README = Path(__file__).parents[2] / "README.md"


def commands(
    group: Any = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in (group or typer.main.get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands())


def test_there_are_the_commands_of_a_days_work() -> None:
    assert {" ".join(path) for path in ALL} >= {
        "list", "show", "status", "check", "preview", "plan", "build", "why",
        "templates list", "templates lint", "templates preview",
    }  # fmt: skip


@pytest.mark.parametrize("path", ALL)
def test_every_command_and_option_is_explained_with_an_example(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert f"Example:\n  taiyi-corpus {' '.join(path)}" in command.help
    for parameter in command.params:
        assert parameter.help, f"{parameter.name} of {path}"


@pytest.mark.parametrize("path", ALL)
def test_help_is_answered(run: Run, path: tuple[str, ...]) -> None:
    said = run(*path, "--help")
    assert said.code == 0
    assert "Example:" in said.out


def test_version(run: Run) -> None:
    assert run("--version").out == f"taiyi-corpus {VERSION}\n"


def test_an_unknown_option_is_bad_input(run: Run) -> None:
    assert run("build", "--sate", "1").code == 2
    assert run("biuld").code == 2


@pytest.mark.parametrize("arguments", ["['--help']", "['list']"])
def test_looking_needs_no_heavy_library(arguments: str) -> None:
    code = (
        f"import sys; sys.argv[1:] = {arguments}\n"
        "from taiyi_corpus.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print('loaded', sorted(sys.modules.keys() & " + repr(HEAVY) + "))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded []"


def test_no_colour_where_there_is_no_terminal(run: Run) -> None:
    for said in (
        run("list"),
        run("show", "drugs"),
        run("show", "nothing"),
        run("build", "--stage", "1"),
    ):
        assert "\x1b" not in said.out + said.err


def test_templates_are_listed_by_task_and_language(run: Run) -> None:
    said = run("templates", "list")
    assert said.row("ner", "zh")[2] == "all_types"
    assert said.row("mrd", "en")[2] == "-"


def test_templates_preview_asks_the_same_in_both_languages(run: Run) -> None:
    said = run(
        "templates", "preview", "ner", "--form", "all_types", "--wording", "2", "--style", "json"
    )
    assert said.code == 0
    assert "en/ner.all_types.2  style json" in said.out
    assert "zh/ner.all_types.2  style json" in said.out
    assert '{"药物": ["Aspirin"]' in said.out or '"药物": ["Aspirin"]' in said.out


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["nerr"], "TASK"),
        (["ner", "--form", "one"], "--form"),
        (["ner", "--style", "xml"], "--style"),
        (["ner", "--wording", "999"], "--wording"),
        (["ner", "--dataset", "effects"], "TASK"),
        (["mt"], "TASK"),
    ],
)
def test_templates_preview_of_what_is_not_there_is_bad_input(
    run: Run, arguments: list[str], where: str
) -> None:
    said = run("templates", "preview", *arguments)
    assert said.code == 2
    assert f"  {where}\n" in said.err


def test_templates_lint_passes_the_shipped_ones_and_names_faults(run: Run) -> None:
    assert run("templates", "lint").code == 0
    (Path("mine") / "en").mkdir(parents=True)
    assert run("templates", "lint", "mine").code == 2
    Path("mine/en/ner.yaml").write_text("task: ner\nlanguage: en\nwording: {}\n", encoding="utf-8")
    said = run("templates", "lint", "mine")
    assert said.code == 1
    assert "ner.yaml:3" in said.err


def test_the_readme_names_every_command() -> None:
    text = README.read_text(encoding="utf-8")
    assert [path[0] for path in ALL if f"`{path[0]}`" not in text] == []
