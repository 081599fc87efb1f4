"""What a terminal sees: tables that fit and lose nothing, colour unless NO_COLOR is set."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

import pytest

from taiyi_corpus.cli import voice
from taiyi_corpus.cli.progress import Bars
from taiyi_corpus.errors import Fault


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


Open = Callable[[], Terminal]


@pytest.fixture
def open_terminal(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Put a terminal of 80 columns in the place of both streams, once the test has begun."""

    def opened() -> Terminal:
        stream = Terminal()
        for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return opened


def plain(terminal: Terminal) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue())


def test_a_table_fits_80_columns_and_loses_nothing(open_terminal: Open) -> None:
    terminal = open_terminal()
    id_ = "chinese_medical_dialogue_data"
    words = " ".join(f"word{n}" for n in range(40))
    voice.table(("id", "name", "notes"), [(id_, "A Name of Many Words", words)], whole=("id",))
    shown = plain(terminal)
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert id_ in shown
    assert all(f"word{n}" in shown for n in range(40))


def test_colour_can_be_switched_off(open_terminal: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal()
    voice.say("kept", "red")
    assert "\x1b[31m" in terminal.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    terminal.truncate(0)
    voice.say("kept", "red")
    assert "\x1b[31m" not in terminal.getvalue()


def test_markup_in_data_is_text(open_terminal: Open) -> None:
    terminal = open_terminal()
    voice.say_faults([Fault("a.yaml:1", "[bold]b[/bold]", "[x]", "first\nsecond")])
    shown = plain(terminal)
    assert "wanted  [bold]b[/bold]" in shown
    assert "    first\n    second" in shown


def test_progress_is_a_bar_a_stage(open_terminal: Open) -> None:
    terminal = open_terminal()
    with Bars() as bars:
        bars("normalise", 1, 2)
        bars("render", 3, 3)
    shown = plain(terminal)
    assert re.search(r"normalise .* 1/2 datasets", shown)
    assert re.search(r"render .* 3/3 parts", shown)


def test_a_long_fact_is_cut_and_says_how_long_it_was() -> None:
    assert voice.shortened("a" * 1_500).endswith("a ... (1,500 characters)")
    assert voice.shortened("a" * 1_000) == "a" * 1_000
