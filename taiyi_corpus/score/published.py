"""Scores that others published, from `registry/published/`: what a report sets beside its own."""

from __future__ import annotations

from taiyi_corpus import paths
from taiyi_corpus.spec.mapping import Nonempty, Strict
from taiyi_corpus.spec.strict import read_model


class Benchmark(Strict):
    """What was published for one benchmark, in the order of the columns."""

    metric: Nonempty
    scores: list[float]
    best: Nonempty  # the model of the last column


class Published(Strict):
    """A published table."""

    source: Nonempty
    columns: list[Nonempty]
    benchmarks: dict[str, Benchmark]


def published(name: str = "taiyi") -> Published:
    """Return a table shipped with the package."""
    root = paths.bundled("registry")
    return read_model(root / "published" / f"{name}.yaml", Published, root=root)
