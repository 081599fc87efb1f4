"""The library's front door: `load`, `records`, `registry`, `build`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from taiyi_corpus import paths
from taiyi_corpus.pipeline import build as pipeline
from taiyi_corpus.review.open import records as stored_records
from taiyi_corpus.review.open import stored
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.spec.recipe import find_recipe
from taiyi_corpus.spec.registry import Registry, load_registry

if TYPE_CHECKING:
    import datasets


def registry(dirs: Sequence[Path] = ()) -> Registry:
    """Return the datasets: the bundled ones, those of TAIYI_CORPUS_REGISTRY, and those of `dirs`.

    Raises:
        InputError: a registry file is wrong, or an id occurs twice.
    """
    return load_registry(paths.registry_dirs(dirs))


def records(
    id: str, split: Split | None = None, *, data: Path | None = None, samples: bool = False,
    registry_dirs: Sequence[Path] = (),
) -> Iterator[Record]:  # fmt: skip
    """Yield the records of a dataset, from `data` or the bundled sample.

    Raises:
        MissingDataError: nothing of the dataset is there.
    """
    known = load_registry(paths.registry_dirs(registry_dirs), [id])
    _, dataset = stored(known, id, paths.data_dir(data), samples=samples)
    return stored_records(dataset, split)


def load(
    id: str, split: Split | None = None, *, data: Path | None = None, samples: bool = False,
    registry_dirs: Sequence[Path] = (),
) -> datasets.DatasetDict | datasets.Dataset:  # fmt: skip
    """Return a dataset in the one schema: a `DatasetDict`, or one `Dataset` if `split` is given.

    Raises:
        MissingDataError: nothing of the dataset, or of the split, is there.
    """
    import datasets

    known = load_registry(paths.registry_dirs(registry_dirs), [id])
    located, dataset = stored(known, id, paths.data_dir(data), samples=samples)
    files: dict[str, list[str]] = {}
    for part in dataset.parts:
        files.setdefault(part.split, []).append(part.path)
    if split is not None:
        if split not in files:
            from taiyi_corpus.errors import MissingDataError
            from taiyi_corpus.sources.locate import where_missing

            raise MissingDataError(where_missing(located))
        return datasets.Dataset.from_parquet(files[split])
    return datasets.DatasetDict(
        {name: datasets.Dataset.from_parquet(paths_) for name, paths_ in files.items()}
    )


def build(
    recipe: str, out: Path | None = None, *, data: Path | None = None, workers: int = 1, samples: bool = False,
    strict: bool = False, seed: int | None = None, registry_dirs: Sequence[Path] = (),
) -> pipeline.Built:  # fmt: skip
    """Build a mix by the name of its recipe (or a recipe file) and write it to `out`, else `./out/<recipe>`.

    Raises:
        InputError: the recipe, the data or the output folder is wrong; nothing is written.
    """
    dirs = paths.registry_dirs(registry_dirs)
    chosen = find_recipe(recipe, dirs)
    if seed is not None:
        chosen = chosen.model_copy(update={"seed": seed})
    target = out if out is not None else Path("out") / chosen.name
    return pipeline.build(
        load_registry(dirs),
        chosen,
        paths.data_dir(data),
        target,
        workers=workers,
        samples=samples,
        strict=strict,
    )
