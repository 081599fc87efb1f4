"""The push, on one screen: what would be sent is made and checked first, then it goes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.publish.folder import push_to_folder
from taiyi_corpus.publish.hub import Place, push_to_hub
from taiyi_corpus.publish.of_build import Wish, builds_in, parcel_of_build
from taiyi_corpus.publish.of_dataset import parcel_of_dataset
from taiyi_corpus.publish.parcel import File, Parcel, Progress
from taiyi_corpus.review.open import stored
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import Registry

_REPO = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)


class Target(Struct, frozen=True):
    """Where to: a repository of the Hub, or a folder."""

    place: Place | None = None
    url: str | None = None

    @property
    def name(self) -> str:
        """Return what messages call it."""
        return self.place.repo if self.place is not None else str(self.url)

    @property
    def read_as(self) -> str:
        """Return what the card tells `load_dataset`; of a folder not where it lies now, for it will be copied."""
        return self.place.repo if self.place is not None else "path/to/this/folder"


class Pushed(Struct, frozen=True):
    """What a push did, or what it would do."""

    url: str
    files: list[File]  # all that the configs consist of
    sent: list[str]  # paths of those that went; none: nothing had changed
    removed: list[str]  # paths of shards that are out of date
    commit: str | None  # of the Hub
    left_out: dict[str, str]  # dataset -> why nothing of it was sent


def target_of(
    repo: str | None, to: str | None, *, private: bool, revision: str | None, tag: str | None
) -> Target:
    """Return where to push.

    Raises:
        InputError: not exactly one of repository and folder, or a name the Hub does not take.
    """
    if (repo is None) == (to is None):
        found = "neither" if repo is None else "both"
        raise InputError(Fault("push", "--repo ORG/NAME or --to URL", found))
    if to is not None:
        hub_only = {"--private": private, "--revision": revision, "--tag": tag}
        if given := [option for option, value in hub_only.items() if value]:
            raise InputError(Fault(", ".join(given), "a repository of the Hub", f"--to {to}"))
        return Target(url=to)
    if not _REPO.fullmatch(str(repo)):
        raise InputError(Fault("--repo", "ORG/NAME", repr(repo)))
    return Target(Place(str(repo), private, revision, tag))


def push_build(registry: Registry, build: Path, target: Target, wish: Wish, stages: Collection[int], *,
               dry_run: bool, progress: Progress) -> Pushed:  # fmt: skip
    """Send a build, or several in one folder, or only say what would be sent.

    Raises:
        InputError: something must not be sent, or cannot be.
    """
    builds = builds_in(build, stages)
    if wish.config is not None and len(builds) > 1:
        raise InputError(Fault("--config", "one build", f"{len(builds)} in {build}"))

    def parcels(work: Path) -> list[Parcel]:
        made = []
        for number, one in enumerate(builds):
            (work / str(number)).mkdir()
            made.append(parcel_of_build(one, target.read_as, registry, work / str(number), wish))
        return made

    return _push(parcels, target, dry_run=dry_run, progress=progress)


def push_dataset(registry: Registry, id_: str, data: Path, target: Target, wish: Wish, curate: Recipe | None, *,
                 dry_run: bool, progress: Progress) -> Pushed:  # fmt: skip
    """Send one dataset in the one schema, or only say what would be sent.

    Raises:
        InputError: it must not be sent, or cannot be.
    """
    located, dataset = stored(registry, id_, data)

    def parcels(work: Path) -> list[Parcel]:
        return [parcel_of_dataset(located, dataset, target.read_as, work, wish, curate)]

    return _push(parcels, target, dry_run=dry_run, progress=progress)


def _push(parcels: Callable[[Path], Sequence[Parcel]], target: Target, *, dry_run: bool, progress: Progress
          ) -> Pushed:  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="taiyi-corpus-push-") as folder:
        work = Path(folder)
        made = parcels(work)
        left_out = {id_: why for parcel in made for id_, why in parcel.left_out.items()}
        if dry_run:
            files = [file for parcel in made for file in parcel.files]
            return Pushed(target.name, files, [], [], None, left_out)
        if target.place is not None:
            done = push_to_hub(target.place, made, work, progress)
        else:
            done = push_to_folder(str(target.url), made, work, progress)
    return Pushed(done.url, done.files, done.sent, done.removed, done.commit, left_out)
