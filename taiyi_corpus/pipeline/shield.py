"""What a build protects: benchmark splits and what the user names, found before any work starts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import xxhash

from taiyi_corpus import paths
from taiyi_corpus.curate.part import code_version
from taiyi_corpus.curate.protect_file import FORMATS, protected_file
from taiyi_corpus.curate.protected import Item, Lengths, index_of, is_whole, item_of, save
from taiyi_corpus.engine import Run
from taiyi_corpus.engine.local import Pool
from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.normalise.split import Origin
from taiyi_corpus.normalise.store import Job, Part, StoredDataset, read_part
from taiyi_corpus.pipeline.gather import Progress, silent
from taiyi_corpus.pipeline.normalised import normalise_all
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.locate import Located, form, locate
from taiyi_corpus.spec.curation import Protect
from taiyi_corpus.spec.dataset import DatasetSpec, Variant
from taiyi_corpus.spec.registry import Registry

_COLUMNS = ("document_ns", "document_id", "text", "text_a", "text_b", "question", "context", "choices", "turns",
            "source", "extra")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shield:
    """Splits and files to protect: source name -> (dataset, split), and file -> its items."""

    origin: Origin
    located: dict[str, Located]
    splits: dict[str, list[tuple[str, Split]]]
    files: dict[str, list[Item]]
    lengths: Lengths


def find_shield(registry: Registry, protect: Protect, data: Path, origin: Origin,
                known: Mapping[str, Located] | None = None) -> Shield:  # fmt: skip
    """Find what is to be protected and is there; files are read now.

    Args:
        known: datasets that are located already.

    Raises:
        InputError: a file cannot be read, or a name is no dataset, split or file.
    """
    located: dict[str, Located] = {}
    splits: dict[str, list[tuple[str, Split]]] = {}

    def find(id_: str) -> Located:
        if id_ not in located:
            folder = registry.sample_dir(id_) if origin == "sample" else data / id_
            located[id_] = (known or {}).get(id_) or locate(registry[id_], folder)
        return located[id_]

    def take(name: str, id_: str, split: Split) -> None:
        found = find(id_)
        if any(source.members for source in found.splits.get(split, [])):
            pair = (id_, split)
            if pair not in splits.setdefault(name, []):
                splits[name].append(pair)

    for id_, spec in registry.items():
        shapes: list[DatasetSpec | Variant] = [spec, *spec.variants.values()]
        marked = any(split.benchmark for shape in shapes for split in shape.splits.values())
        if protect.benchmarks and marked:
            for split, said in form(find(id_)).splits.items():
                for name in said.benchmark:
                    take(name, id_, split)
    faults: list[Fault] = []
    files: dict[str, list[Item]] = {}
    for name in protect.also:
        try:
            _take_named(name, registry, files, find, take)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    lengths = Lengths(protect.words, protect.characters, protect.common)
    used = {id_ for pairs in splits.values() for id_, _ in pairs}
    return Shield(origin, {id_: located[id_] for id_ in sorted(used)}, splits, files, lengths)


def _take_named(name: str, registry: Registry, files: dict[str, list[Item]], find: Callable[[str], Located],
                take: Callable[[str, str, Split], None]) -> None:  # fmt: skip
    path = Path(name).expanduser()
    if path.suffix in FORMATS or path.is_file():
        files[name] = protected_file(path)
        return
    id_, _, split = name.partition("/")
    if id_ not in registry:
        known = list(registry)
        raise InputError(Fault("--protect", f"a dataset, dataset/split, or file of {', '.join(FORMATS)}", repr(name),
                               nearest(id_, known) if len(nearest(id_, known)) < 80 else ""))  # fmt: skip
    there = form(find(id_)).splits
    tests = [s for s in there if there[s].benchmark] or [s for s in there if s == "test"]
    wanted = [s for s in there if s == split] if split else tests
    if not wanted:
        raise InputError(Fault("--protect", f"a split of {id_}: {', '.join(there)}", repr(name)))
    for one in wanted:
        take(name, id_, one)


def index_folder(shield: Shield, run: Run | None = None, progress: Progress = silent) -> str | None:
    """Return the folder of the index of a shield, made where it is not there yet; None if nothing is protected.

    Args:
        run: the engine that normalises what is protected; else this process does.

    Raises:
        SourceError: a file of a protected dataset cannot be read.
    """
    if not shield.splits and not shield.files:
        return None
    cache = paths.cache_dir()
    jobs = [Job(found, shield.origin, str(cache)) for found in shield.located.values()]
    made = normalise_all(jobs, run or Pool(1).run, progress, "protect")
    stored = {one.dataset: one for one in made}
    parts = {
        name: [part for id_, split in pairs for part in _of_split(stored[id_], split)]
        for name, pairs in sorted(shield.splits.items())
    }
    identity = [
        code_version(),
        shield.lengths,
        [[name, [Path(part.path).parts[-2:] for part in some]] for name, some in parts.items()],
        sorted(shield.files.items()),
    ]
    folder = cache / "protected" / xxhash.xxh3_128_hexdigest(msgspec.json.encode(identity))
    if not is_whole(folder):
        sources = [
            (name, [item for part in some for item in _items(part)]) for name, some in parts.items()
        ]
        save(index_of([*sources, *sorted(shield.files.items())], shield.lengths), folder)
    return str(folder)


def _of_split(stored: StoredDataset, split: Split) -> list[Part]:
    return [part for part in stored.parts if part.split == split]


def _items(part: Part) -> Collection[Item]:
    return [item_of(record) for record in from_table(read_part(part.path, columns_of(_COLUMNS)))]
