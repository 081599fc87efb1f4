"""Where a build goes: a folder, or an address to which it is sent when it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from taiyi_corpus import kept, paths, remote
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.export.staging import MANIFEST, PARTS, refuse_foreign


@contextmanager
def destination(out: Path | str) -> Iterator[Path]:
    """Yield the folder to build in; if `out` is an address, what the block leaves there is sent to it.

    The manifest is sent last, and what an earlier build had besides is removed then.

    Raises:
        InputError: the address holds something else, or it cannot be opened.
    """
    if isinstance(out, Path) or not remote.is_address(out):
        refuse_foreign(Path(out))
        yield Path(out)
        return
    try:
        fs, target = remote.opened(out)
        before = (
            [name[len(target) :].lstrip("/") for name in fs.find(target)]
            if fs.isdir(target)
            else []
        )
    except (ImportError, ValueError, OSError) as error:
        raise InputError(
            Fault("--out", "an address that can be written to", f"{out}: {error}")
        ) from None
    foreign = sorted(name for name in before if name.partition("/")[0] not in PARTS)
    if foreign or (before and MANIFEST not in before):
        found = foreign[0] if foreign else f"no {MANIFEST}"
        raise InputError(Fault(out, "nothing, or an earlier build", f"{found} in it"))
    work = paths.cache_dir() / "builds" / kept.key(out)
    try:
        yield work / "out"
        remote.send(fs, target, work / "out")
        for name in before:
            if not (work / "out" / name).is_file():
                fs.rm_file(f"{target}/{name}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
        remote.removed(work)
