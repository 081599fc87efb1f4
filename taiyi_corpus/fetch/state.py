"""What can be done about a dataset that is not there: fetched, or got by hand, and how."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path
from typing import Literal

from taiyi_corpus.sources.locate import Located
from taiyi_corpus.spec.dataset import DatasetSpec

Way = Literal["ready", "fetchable", "manual"]

_ACCESS = {
    "open": "open",
    "registration": "you must register for it",
    "dua": "you must sign an agreement",
    "dead-link": "its address is dead",
}


def way(located: Located) -> Way:
    """Tell whether a dataset is ready, can be fetched (further), or must be got by hand."""
    spec = located.spec
    if located.state == "ready":
        return "ready"
    folder = located.folder or Path(spec.id)
    files = [file for file in spec.source.files if not (folder / file.path).exists()]
    nothing_yet = located.state == "absent" and spec.source.hub is not None
    return "fetchable" if files or nothing_yet else "manual"


def size_on_disk(folder: Path) -> int:
    """Return the bytes of all files below a folder, each file once; 0 if there is no folder."""
    sizes: dict[tuple[int, int], int] = {}
    for here, _, names in os.walk(folder):
        for name in names:
            path = Path(here, name)
            if path.exists():
                found = path.stat()
                sizes[found.st_dev, found.st_ino] = found.st_size
    return sum(sizes.values())


def instructions(spec: DatasetSpec, folder: Path, missing: list[str]) -> str:
    """Return what to get for a dataset, from where, under which terms, and where to put it."""
    terms = f"{spec.license.name} (as stated by: {spec.license.says})"
    if spec.license.note:
        terms += f"; {spec.license.note.strip()}"
    what = spec.source.manual or "See the page of its makers."
    lines = [
        f"{spec.name} ({spec.id}): {_ACCESS[spec.access]}",
        f"  get     {_indented(what)}",
        f"  from    {spec.homepage}",
        f"  terms   {_indented(terms)}",
        f"  put     `taiyi-corpus place {spec.id} PATH...`, or by hand into {folder}",
    ]
    if missing:
        lines.append(f"  missing {_indented('; '.join(missing))}")
    return "\n".join(lines)


def _indented(text: str) -> str:
    return textwrap.indent(text.strip(), " " * 10).strip()
