"""The command line: parses, calls one function of the library, prints."""

from __future__ import annotations


def main() -> None:
    """Run the command line: the entry point `taiyi-corpus`."""
    import gc

    # Start-up makes a hundred thousand objects that all stay; looking at them again and again took a fifth of `list`.
    gc.set_threshold(100_000)
    from taiyi_corpus.cli.app import app

    app(prog_name="taiyi-corpus")
