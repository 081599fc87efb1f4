"""What no reader can read in place: archives inside archives, and .rar. Everything else stays packed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names, stream
from taiyi_corpus.sources.archive import iter_open
from taiyi_corpus.sources.find import members
from taiyi_corpus.sources.member import Member

DEPTH = 3  # archives in archives in archives

_NO_TOOL = "Install unrar, unar, 7z or bsdtar and run the command again, or unpack it by hand."


def unfold(found: Sequence[Member], into: Path) -> list[Member]:
    """Write the archives inside archives, and what .rar files hold, below `into`; return what can be read there.

    A .zip in a .tar is written as it is: from there its members are read in place.

    Raises:
        SourceError: an archive is damaged, unsafe or a bomb, or there is no tool for a .rar.
    """
    new: list[Member] = []
    for depth in range(DEPTH):
        place = into / str(depth)
        place.mkdir()
        _write_inner([m for m in found if m.inner and _is_folded(m.path)], place)
        for member in found:
            if member.inner is None and member.path.lower().endswith(".rar"):
                _unrar(member, place)
        found = members(place)
        if not found:
            break
        new += found
    return new


def root_of(member: Member, into: Path) -> Path:
    """Return the folder below which a file that `unfold` wrote has the path it would have in the dataset's folder."""
    return into / member.file.relative_to(into).parts[0]


def _is_folded(path: str) -> bool:
    return names.is_archive(path) or path.lower().endswith(".rar")


def _write_inner(archives: Sequence[Member], place: Path) -> None:
    for member, source in iter_open(archives):
        target = place / member.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)


def _unrar(member: Member, place: Path) -> None:
    """Unpack a .rar into the folder it lies in, or one of its own name if it has no single folder inside."""
    import rarfile

    where = str(member.file)
    try:
        with rarfile.RarFile(str(member.file)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check(where, infos, member.file.stat().st_size)
            heads = {names.clean(info.filename).partition("/")[0] for info in infos}
            here = place / PurePosixPath(member.path).parent
            if len(heads) > 1 or any("/" not in names.clean(i.filename) for i in infos):
                here /= PurePosixPath(member.path).stem
            for info in infos:
                target = here / names.clean(info.filename)
                target.parent.mkdir(parents=True, exist_ok=True)
                limited = stream.guarded(
                    archive.open(info), f"{where}#{info.filename}", info.file_size, ExitStack()
                )
                with limited, target.open("wb") as file:
                    shutil.copyfileobj(limited, file, 1 << 20)
    except rarfile.RarCannotExec as error:
        raise SourceError(Fault(where, "a tool that unpacks .rar", "none", _NO_TOOL)) from error
    except rarfile.Error as error:
        raise SourceError(
            Fault(where, "a whole .rar without a password", f"{type(error).__name__}: {error}",
                  "Get it again, or unpack it by hand.")
        ) from error  # fmt: skip


def _check(where: str, infos: Sequence[object], packed: int) -> None:
    """Refuse names and links that lead out, names that repeat, and bombs; all of them at once."""
    import rarfile

    faults: list[Fault] = []
    seen: set[str] = set()
    total = 0
    for info in infos:
        assert isinstance(info, rarfile.RarInfo)
        name = names.clean(info.filename)
        inside = f"{where}#{name}"
        if not name or names.escapes(name) or info.is_symlink() or not info.is_file():
            faults.append(
                Fault(inside, "a file inside the archive", "a link, or a name that leads out")
            )
        elif name in seen:
            faults.append(Fault(inside, "each name once", "a second one"))
        seen.add(name)
        total += info.file_size
    if total > (most := stream.allowed(packed, stream.TOTAL_LIMIT)):
        faults.append(stream.bomb(where, most))
    if faults:
        raise SourceError(faults)
