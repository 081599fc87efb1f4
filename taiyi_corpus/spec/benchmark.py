"""The benchmarks: which test split, and what it is asked for."""

from __future__ import annotations

from pathlib import Path

from taiyi_corpus import paths
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import DatasetSpec, TaskId, Variant
from taiyi_corpus.spec.mapping import Nonempty, Strict
from taiyi_corpus.spec.strict import read_model


class Asked(Strict):
    """A type that is asked for: what an instruction calls it, and the dataset's types it stands for."""

    en: Nonempty  # in English
    zh: Nonempty  # in Chinese
    of: list[str]  # types of the dataset


class Benchmark(Strict):
    """One test set."""

    id: Nonempty  # as the splits of the registry name it under `benchmark`
    dataset: Nonempty  # id of the dataset
    task: TaskId  # what its records are asked for
    types: dict[str, Asked] = {}  # entity types; none: those of the dataset

    def split_of(self, spec: DatasetSpec) -> Split | None:
        """Return the split of its dataset that is this benchmark; None if none is."""
        forms: tuple[DatasetSpec | Variant, ...] = (spec, *spec.variants.values())
        return next(
            (name for form in forms for name, s in form.splits.items() if self.id in s.benchmark),
            None,
        )


class _File(Strict):
    benchmarks: list[Benchmark]  # in the order of the paper's table


def load_benchmarks(path: Path | None = None) -> list[Benchmark]:
    """Return the shipped benchmarks, or those of a file, in the order of the paper's table.

    Raises:
        InputError: the file is wrong.
    """
    return read_model(
        path or paths.bundled("registry") / "benchmarks" / "taiyi.yaml", _File
    ).benchmarks
