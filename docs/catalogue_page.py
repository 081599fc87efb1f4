"""The page of all datasets, from their registry files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from taiyi_corpus.schema.record import SPLITS
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.registry import load_registry

REGISTRY = Path(__file__).parents[1] / "registry"
FOLDERS = {
    "en": "English",
    "zh": "Chinese",
    "general": "General instruction data, not biomedical",
    "extra": "Further biomedical datasets",
}
HEAD = ("dataset", "tasks", "language", "size", "licence", "may be passed on", "access")
INTRO = """\
What the bundled registry holds. Sizes are the published numbers of records; in parentheses that of the paper "Taiyi"
where the files differ or state none. "May be passed on" is what the licence says, and "unknown" counts as no: `push`
uploads nothing of such a dataset. Access: *open* is a download; *registration* is an account and terms to accept; *dua*
is an agreement to sign; *dead-link* is gone from where it was. `taiyi-corpus show ID` tells the rest, and
`taiyi-corpus fetch ID` gets it or says how."""


def catalogue() -> Iterator[str]:
    """Yield the parts of the page."""
    known = load_registry([REGISTRY])
    by_folder: dict[str, list[DatasetSpec]] = {folder: [] for folder in FOLDERS}
    for id_, spec in known.items():
        by_folder[known.path(id_).parent.name].append(spec)
    yield INTRO
    yield _counts(by_folder)
    for folder, specs in by_folder.items():
        yield f"## {FOLDERS[folder]}"
        yield _table(specs, folder)


def _counts(by_folder: dict[str, list[DatasetSpec]]) -> str:
    tasks = Counter(task for specs in by_folder.values() for spec in specs for task in spec.tasks)
    access = Counter(spec.access for specs in by_folder.values() for spec in specs)
    sizes = ", ".join(
        f"{len(specs)} {FOLDERS[f].split(',')[0].lower() if f not in ('en', 'zh') else FOLDERS[f]}"
        for f, specs in by_folder.items()
    )
    return (
        f"{sum(map(len, by_folder.values()))} datasets: {sizes}. By task: "
        + ", ".join(f"{task} {count}" for task, count in sorted(tasks.items()))
        + ". By access: "
        + ", ".join(f"{how} {count}" for how, count in sorted(access.items()))
        + "."
    )


def _table(specs: Sequence[DatasetSpec], folder: str) -> str:
    rows: list[Sequence[str]] = [HEAD, ["---"] * len(HEAD)]
    rows += [_row(spec, folder) for spec in specs]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(spec: DatasetSpec, folder: str) -> Sequence[str]:
    may = spec.license.redistributable
    name = spec.name.replace("|", r"\|")
    return (
        f"[`{spec.id}`](../registry/{folder}/{quote(spec.id)}.yaml) [{name}]({spec.homepage})",
        " ".join(spec.tasks),
        spec.language,
        _size(spec),
        spec.license.name.replace("|", r"\|"),
        {True: "yes", False: "no", "unknown": "unknown"}[may],
        spec.access,
    )


def _size(spec: DatasetSpec) -> str:
    def said(counts: dict[str, int]) -> str:
        return ", ".join(f"{split} {counts[split]:,}" for split in SPLITS if split in counts)

    own, paper = said({**spec.expect.records}), said({**spec.expect.paper})
    return f"{own} ({paper})" if own and paper else own or (f"({paper})" if paper else "not stated")
