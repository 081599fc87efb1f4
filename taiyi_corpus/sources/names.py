"""Names of files inside archives: decoded, made safe, told apart from litter."""

from __future__ import annotations

import functools
import posixpath
import re
import unicodedata
from contextlib import suppress

ARCHIVES = (
    ".zip",
    ".tar",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz2",
    ".tar.xz",
    ".txz",
)
PACKED = (".gz", ".bz2", ".xz")  # one file, compressed
UNSUPPORTED = (".rar", ".7z")  # no free decoder that every platform has

_DRIVE = re.compile(r"[A-Za-z]:")


def is_archive(name: str) -> bool:
    """Tell whether a file name is one of an archive we look into."""
    return name.lower().endswith(ARCHIVES)


def is_packed(name: str) -> bool:
    """Tell whether a file name is one of a lone compressed file (x.json.gz, not x.tar.gz)."""
    return name.lower().endswith(PACKED) and not is_archive(name)


def unpacked(name: str) -> str:
    """Return a name without the suffix of a lone compressed file: x.json.gz is x.json."""
    return name.rpartition(".")[0] if is_packed(name) else name


@functools.lru_cache(256)  # asked for every file of an archive
def stem(name: str) -> str:
    """Return an archive's name without its suffix: the folder it is usually unpacked to."""
    lower = name.lower()
    suffix = max((s for s in ARCHIVES if lower.endswith(s)), key=len, default="")
    return name[: len(name) - len(suffix)]


def decode(raw: bytes, fallback: str) -> str:
    """Decode a file name: UTF-8, else GBK (what Chinese Windows writes), else `fallback`."""
    for encoding in ("utf-8", "gbk"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode(fallback)


def clean(name: str) -> str:
    """Return a name with `/` between its parts, in NFC, without `.` parts and a slash at the end."""
    odd = "\\" in name or "./" in name or "//" in name or name.endswith(("/", "."))
    if name.isascii() and not odd:
        return name  # as nearly all are
    parts = unicodedata.normalize("NFC", name.replace("\\", "/")).split("/")
    # An empty first part is the root of an absolute name: it has to stay to be seen as one.
    return "/".join(p for i, p in enumerate(parts) if p != "." and (p or i == 0))


def escapes(name: str) -> bool:
    """Tell whether a cleaned name leads out of the folder it is unpacked to."""
    if name.startswith("/") or _DRIVE.match(name):
        return True
    return ".." in name and ".." in name.split("/")


def link_escapes(name: str, target: str, *, hard: bool) -> bool:
    """Tell whether a link leads out of the archive; a hard link's target counts from the archive's root."""
    target = target.replace("\\", "/")
    if target.startswith("/") or _DRIVE.match(target):
        return True
    base = "" if hard else posixpath.dirname(name)
    return posixpath.normpath(posixpath.join(base, target)).split("/")[0] == ".."


def is_litter(name: str) -> bool:
    """Tell whether a cleaned name is hidden (.DS_Store, ._x, .git/x) or what macOS adds to its zips."""
    if name.startswith(".") or "/." in name:
        return True
    return "__MACOSX" in name and "__MACOSX" in name.split("/")
