"""The library's front door: `load`, `records`, `registry`, `build`, `stream`, `push`."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taiyi_corpus import paths
from taiyi_corpus.errors import Fault, InputError, MissingDataError, nearest
from taiyi_corpus.export.report import can_draw
from taiyi_corpus.export.stream import stream
from taiyi_corpus.fetch.lock import read_lock
from taiyi_corpus.instruct.render import Instance, parse
from taiyi_corpus.pipeline.build import Built
from taiyi_corpus.pipeline.build import build as build_mix
from taiyi_corpus.pipeline.extras import Extras
from taiyi_corpus.pipeline.gather import missing, silent
from taiyi_corpus.publish.of_build import Wish
from taiyi_corpus.publish.push import Pushed, push_build, push_dataset, target_of
from taiyi_corpus.review.open import records as stored_records
from taiyi_corpus.review.open import stored
from taiyi_corpus.rewards.question import question_of
from taiyi_corpus.schema.arrow import record_schema
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located
from taiyi_corpus.spec.recipe import find_recipe
from taiyi_corpus.spec.registry import Registry, load_registry

if TYPE_CHECKING:
    import datasets

    from taiyi_corpus.publish.parcel import Progress

__all__ = ["build", "load", "push", "records", "registry", "stream"]


def registry(registry_dirs: Sequence[Path] = ()) -> Registry:
    """Return the datasets by id: the bundled ones, those of TAIYI_CORPUS_REGISTRY, and those of `registry_dirs`.

    Raises:
        InputError: a registry file is wrong, or an id occurs twice.
    """
    return load_registry(paths.registry_dirs(registry_dirs))


def records(
    id: str, split: Split | None = None, *, data: Path | None = None, samples: bool = False,
    registry_dirs: Sequence[Path] = (),
) -> Iterator[Record]:  # fmt: skip
    """Yield the records of a dataset, or of one split, from `data` or the bundled sample.

    Raises:
        InputError: no such dataset or split.
        MissingDataError: nothing of the dataset, or of the split, is there.
    """
    known = load_registry(paths.registry_dirs(registry_dirs), [id])
    located, dataset = stored(known, id, paths.existing_data_dir(data), samples=samples)
    if split is not None:
        _refuse_split(known, located, split)
    return stored_records(dataset, split)


def load(
    id: str, split: Split | None = None, *, data: Path | None = None, samples: bool = False,
    registry_dirs: Sequence[Path] = (),
) -> datasets.DatasetDict | datasets.Dataset:  # fmt: skip
    """Return a dataset in the one schema: a `DatasetDict` by split, or one `Dataset` if `split` is given.

    Raises:
        InputError: no such dataset or split.
        MissingDataError: nothing of the dataset, or of the split, is there.
    """
    known = load_registry(paths.registry_dirs(registry_dirs), [id])
    located, dataset = stored(known, id, paths.existing_data_dir(data), samples=samples)
    if split is not None:
        _refuse_split(known, located, split)
    import datasets

    splits = [name for name in located.splits if dataset.tallies[name].records or name == split]
    made = {
        name: _dataset([part.path for part in dataset.parts if part.split == name], name)
        for name in splits
        if split in (None, name)
    }
    return datasets.DatasetDict(made) if split is None else made[split]


def build(
    recipe: str, out: Path | None = None, *, data: Path | None = None, workers: int = 1, samples: bool = False,
    strict: bool = False, seed: int | None = None, named: Collection[str] = (), locked: Path | None = None,
    registry_dirs: Sequence[Path] = (), engine: str = "local", ray_address: str | None = None, report: bool = True,
) -> Built:  # fmt: skip
    """Build a mix by the name of its recipe (or a recipe file) and write it to `out`, else `./out/<recipe>`.

    Args:
        samples: take the bundled samples even if there is raw data.
        strict: a partial or absent dataset is an error.
        seed: of every choice, instead of the recipe's.
        named: draw from these datasets only; one of which nothing is there is an error.
        locked: a lock file; what differs from it is an error.
        engine: what runs the work: `local` (processes of this machine) or `ray`.
        ray_address: of a Ray cluster that is there; else Ray is started on this machine.
        report: write report.html, where the packages that draw it are installed.

    Raises:
        InputError: the recipe, the data or the output folder is wrong; nothing is written.
        LedgerError: the books do not add up; nothing is written.
    """
    dirs = paths.registry_dirs(registry_dirs)
    chosen = find_recipe(recipe, dirs)
    if seed is not None:
        chosen = chosen.model_copy(update={"seed": seed})
    target = out if out is not None else Path("out") / chosen.name
    lock = None if locked is None else read_lock(locked, required=True)
    return build_mix(load_registry(dirs), chosen, paths.existing_data_dir(data), target, workers=workers,
                     samples=samples, strict=strict, named=named, locked=lock,
                     extras=Extras(report=report and can_draw()), run_on=engine, address=ray_address)  # fmt: skip


def push(
    build: Path | str | None = None, *, dataset: str | None = None, curate: str | None = None,
    repo: str | None = None, to: str | None = None, private: bool = False,
    revision: str | None = None, tag: str | None = None, config: str | None = None,
    stages: Collection[int] = (), splits: Sequence[str] = (), only_redistributable: bool = False,
    allow_pii: Sequence[str] = (), dry_run: bool = False, workers: int = 1, data: Path | None = None,
    registry_dirs: Sequence[Path] = (), progress: Progress = silent,
) -> Pushed:  # fmt: skip
    """Send a finished build, or one dataset in the one schema, to the Hugging Face Hub or a folder.

    Args:
        build: folder of a build, or of several; or `dataset`, the id of one.
        curate: a recipe, whose `curate:` is done to the dataset; else its records are sent as released.
        repo: "org/name" on the Hub; or `to`, a folder or any address that fsspec writes to.
        private: make the repository private; one that is there must be.
        revision: branch to push to; made if it is not there.
        tag: what the commit is called.
        config: what `load_dataset(repo, config)` asks for; else `stage<N>`, or the id of the dataset.
        only_redistributable: send the rows that may be passed on, instead of refusing all.
        allow_pii: datasets whose findings of the search for names and numbers of persons were looked at.
        dry_run: check everything and say what would be sent; touch no network.
        workers: processes; 0: one a processor, for all but little data.

    Raises:
        InputError: something must not be sent (licences, samples, persons), or cannot be.
    """
    target = target_of(repo, to, private=private, revision=revision, tag=tag)
    wish = Wish(config, tuple(splits), only_redistributable, tuple(allow_pii), workers)
    if (build is None) == (dataset is None):
        raise InputError(
            Fault("push", "a build or a dataset", "neither" if build is None else "both")
        )
    dirs = paths.registry_dirs(registry_dirs)
    if build is not None:
        if curate is not None:
            raise InputError(Fault("--curate", "--dataset", "a build, which is curated"))
        known = load_registry(dirs)
        return push_build(
            known, Path(build), target, wish, stages, dry_run=dry_run, progress=progress
        )
    if stages:
        raise InputError(Fault("--stage", "a build", f"--dataset {dataset}"))
    recipe = None if curate is None else find_recipe(curate, dirs)
    return push_dataset(load_registry(dirs, [str(dataset)]), str(dataset), paths.existing_data_dir(data), target, wish,
                        recipe, dry_run=dry_run, progress=progress)  # fmt: skip


def parse_answer(
    row: Mapping[str, Any] | Instance, text: str, *, registry_dirs: Sequence[Path] = ()
) -> Any:
    """Return the structured answer that a text gives to a row of a build (or to an instance), in the shape of its gold.

    What is forgiven and what is not: docs/templates-styles.md. `taiyi_corpus.instruct.answers.equal` compares two
    answers.

    Args:
        registry_dirs: where the dataset of the row is registered, if it is not a bundled one.

    Raises:
        Unparsable: the text is no answer in the style that the row asks for.
        ValueError: the row names a task, template or style that does not exist.
    """
    if isinstance(row, Instance):
        return parse(row, text)
    known = _specs(tuple(registry_dirs))
    return question_of(row, known.get(str(row.get("dataset")))).parse(text)


@functools.lru_cache(maxsize=8)
def _specs(registry_dirs: tuple[Path, ...]) -> Registry:
    return load_registry(paths.registry_dirs(registry_dirs))


def _dataset(files: list[str], split: Split) -> datasets.Dataset:
    import datasets

    if not files:  # every record of the split was dropped
        return datasets.Dataset(record_schema().empty_table(), split=datasets.NamedSplit(split))
    # Parts lack the columns that nothing is in: they come back as nulls.
    features = datasets.Features.from_arrow_schema(record_schema())
    return datasets.Dataset.from_parquet(files, split=datasets.NamedSplit(split), features=features)


def _refuse_split(known: Registry, located: Located, split: str) -> None:
    if split not in located.splits:
        splits = list(located.splits)
        wanted = f"a split of {located.spec.id}"
        raise InputError(Fault("split", wanted, repr(split), nearest(split, splits)))
    if not any(source.members for source in located.splits[split]):
        raise MissingDataError(missing(known, located, "raw"))
