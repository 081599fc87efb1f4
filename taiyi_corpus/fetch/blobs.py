"""The cache of source files, shared between projects: every file once, named by the SHA-256 of its bytes.

blobs/sha256/ab/abcdef...   the bytes, read-only; nothing gets here that was not verified
urls/<hash>.json            which bytes an address gave
partial/<hash>              what is there of a download under way, and <hash>.json, what the server says of it
locks/<hash>.lock           held by the one process that is at it
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from filelock import FileLock

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.hashing import file_sha256, text_hash


class Blob(msgspec.Struct, frozen=True):
    """What a file's bytes are."""

    sha256: str
    size: int


def identify(file: Path) -> Blob:
    """Return what the bytes of a file are; the whole file is read."""
    return Blob(file_sha256(file), file.stat().st_size)


class Blobs:
    """The files in a cache folder."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def path(self, sha256: str) -> Path:
        """Return where the bytes of that hash lie, or would lie."""
        return self._cache / "blobs" / "sha256" / sha256[:2] / sha256

    def partial(self, key: str) -> Path:
        """Return where a download under way keeps its bytes."""
        return self._place("partial", key, "")

    @contextmanager
    def lock(self, key: str, stop: threading.Event | None = None) -> Iterator[None]:
        """Hold a lock that one thread of one process holds at a time.

        Raises:
            filelock.Timeout: `stop` was set while another had it.
        """
        lock = FileLock(self._place("locks", key, ".lock"), thread_local=False)
        with lock.acquire(cancel_check=stop.is_set if stop else None):
            yield

    def find(self, sha256: str) -> Blob | None:
        """Return the file of that hash if it is here and still what it says; a damaged one is removed."""
        path = self.path(sha256)
        if not path.is_file():
            return None
        blob = identify(path)
        if blob.sha256 != sha256:
            path.unlink()
            return None
        return blob

    def take(self, file: Path, blob: Blob) -> None:
        """Move a verified file into the cache."""
        path = self.path(blob.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb+") as written:
            os.fsync(
                written.fileno()
            )  # a crash after the rename must not leave a hole under a good name
        file.chmod(0o444)
        file.replace(path)

    def adopt(self, file: Path, blob: Blob) -> None:
        """Take in a verified file that another cache keeps and never changes: linked where that is possible."""
        if self.find(blob.sha256) is not None:
            return
        path = self.path(blob.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, path)
        except FileExistsError:
            return
        except OSError:  # another disk, or no links
            self.copy(file)

    def copy(self, file: Path) -> Blob:
        """Copy a file into the cache, and return what it is."""
        temporary = self.partial(f"copy {secrets.token_hex(8)}")
        try:
            shutil.copyfile(file, temporary)
            blob = identify(temporary)  # of the copy: the original may change under our hands
            if self.find(blob.sha256) is None:
                self.take(temporary, blob)
        finally:
            temporary.unlink(missing_ok=True)
        return blob

    def link(self, blob: Blob, target: Path, *, replace: bool = False) -> None:
        """Put a file of the cache at `target`: as a hard link, else a symbolic link, else a copy.

        Args:
            replace: take the place of a former file of the cache.

        Raises:
            InputError: another file is there already.
        """
        if target.is_file():
            there = identify(target)
            if there == blob:
                return
            replace = replace and self.find(there.sha256) is not None
        if target.exists() and not replace:
            raise InputError(
                Fault(str(target), f"no file, or the one with SHA-256 {blob.sha256}",
                      "another file", "Move it away and run the command again.")
            )  # fmt: skip
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")
        source = self.path(blob.sha256).absolute()
        ways: tuple[Callable[[Path, Path], object], ...] = (os.link, os.symlink)
        try:
            for way in ways:
                # Other disks take no hard links, some systems no symbolic ones.
                with suppress(OSError, NotImplementedError):
                    way(source, temporary)
                    break
            else:
                shutil.copyfile(source, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    def remembered(self, url: str) -> Blob | None:
        """Return the bytes an address gave before, if they are still here."""
        note = self._place("urls", url, ".json")
        if not note.is_file():
            return None
        try:
            blob = msgspec.json.decode(note.read_bytes(), type=Blob)
        except msgspec.MsgspecError:
            return None
        return self.find(blob.sha256)

    def remember(self, url: str, blob: Blob) -> None:
        """Write down which bytes an address gave."""
        note = self._place("urls", url, ".json")
        temporary = note.with_suffix(f".{secrets.token_hex(4)}")
        temporary.write_bytes(msgspec.json.encode(blob))
        temporary.replace(note)

    def _place(self, folder: str, key: str, suffix: str) -> Path:
        path = self._cache / folder / f"{text_hash(key)}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
