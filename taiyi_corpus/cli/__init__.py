"""The command line: parses, calls one function of the library, prints."""

from __future__ import annotations


def main() -> None:
    """Run the command line: the entry point `taiyi-corpus`."""
    from taiyi_corpus.cli.app import app

    app(prog_name="taiyi-corpus")
