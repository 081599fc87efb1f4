"""`overlap`: which datasets have documents in common."""

from __future__ import annotations

from typing import Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, RegistryDirs, Samples, registry_of
from taiyi_corpus.cli.voice import note, plural, say, table


def overlap(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids of datasets; else all that are there.",
                       show_default=False),
    ] = None,
    least: Annotated[
        float,
        typer.Option("--least", metavar="SHARE", min=0.0, max=1.0,
                     help="Only pairs that share at least this much of the smaller dataset."),
    ] = 0.0,
    samples: Samples = False,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:  # fmt: skip
    """List the pairs of datasets that share documents (by their identity) or sentences (by their words).

    A share is that of the dataset which has fewer. Nothing is removed: this only reports.

    \b
    Example:
      taiyi-corpus overlap bionlp_shared_task_2009 bionlp_st_2011_ge jnlpba
    """
    from taiyi_corpus.review.overlap import overlaps, share
    from taiyi_corpus.review.status import status

    folder = paths.existing_data_dir(data)
    known = registry_of(registry, ids)
    there = [
        id_ for id_ in known
        if ids or samples or status(known, id_, folder).state in ("ready", "partial")
    ]  # fmt: skip
    found = [p for p in overlaps(known, there, folder, samples=samples) if share(p) >= least]
    if found:
        table(
            ("first", "second", "documents", "of", "sentences", "of"),
            (
                (
                    pair.first,
                    pair.second,
                    f"{pair.documents:,}",
                    _of(pair.documents, pair.of_documents),
                    f"{pair.sentences:,}",
                    _of(pair.sentences, pair.of_sentences),
                )
                for pair in found
            ),
            right=("documents", "sentences", "of"),
            whole=("first", "second"),
        )
    else:
        say("no documents in common")
    note(f"{plural(len(found), 'pair')} of {plural(len(there), 'dataset')}")


def _of(part: int, wholes: tuple[int, int]) -> str:
    smaller = min(wholes)
    return f"{part / smaller:.0%} of {smaller:,}" if smaller else ""
