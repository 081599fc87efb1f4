"""Archives for the tests of `sources`, made from {name: bytes}."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from taiyi_corpus.sources.member import Member

Files = Mapping[str, bytes]


def make_zip(path: Path, files: Files) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make_tar(
    path: Path, files: Files, links: Mapping[str, tuple[bytes, str]] | None = None
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = {".gz": "w:gz", ".tgz": "w:gz", ".bz2": "w:bz2", ".xz": "w:xz"}.get(path.suffix, "w")
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, (kind, target) in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    return path


def put(folder: Path, files: Files) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
ARCHIVES: dict[str, Callable[[Path, Files], Path]] = {
    "zip": make_zip,
    "tar": make_tar,
    "tar.gz": make_tar,
    "tgz": make_tar,
    "tar.bz2": make_tar,
    "tar.xz": make_tar,
}


def read(member: Member) -> bytes:
    with member.open() as file:
        return file.read()
