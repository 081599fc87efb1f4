"""To a folder, a bucket, or whatever else fsspec writes to: the same files as on the Hub, whole or not there.

Shards go first, the manifest that names them after them, README.md last, and what is out of date is removed then.
Stores that show an object only when it is whole are written directly, on others a file is renamed into its place.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.publish.parcel import (
    MANIFEST,
    README,
    SHARD,
    Done,
    File,
    Parcel,
    Progress,
    file_at,
    refuse_other,
    stale,
)
from taiyi_corpus.publish.readme import readme
from taiyi_corpus.publish.secrets import said, without_secrets

_OBJECTS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "oci", "memory"}
_LOGIN = re.compile(r"://[^/]*@")
_MANIFEST = re.compile(rf"[^/]+/{re.escape(MANIFEST)}")


def push_to_folder(url: str, parcels: Sequence[Parcel], work: Path, progress: Progress) -> Done:
    """Send parcels to a folder, by path or address.

    Raises:
        InputError: no such store, something else lies there, or it cannot be written.
    """
    _refuse_address(url)
    with _spoken(url):
        fs, root = _opened(url)
        there = _listing(fs, root)
        if there and not any(_MANIFEST.fullmatch(path) for path in there):
            found = f"{min(there)} in it"
            raise InputError(Fault(url, "a new or empty folder, or an earlier push", found))
        for parcel in parcels:
            manifest = f"{parcel.config}/{MANIFEST}"
            old = fs.cat_file(f"{root}/{manifest}") if manifest in there else None
            refuse_other(url, parcel, old)
        old_card = fs.cat_file(f"{root}/{README}") if README in there else None
        text = readme(None if old_card is None else old_card.decode(), parcels, "taiyi-corpus")
        (work / README).write_text(text, encoding="utf-8")
        files = [*(f for parcel in parcels for f in parcel.files), file_at(README, work / README)]
        hashes = _hashes(fs, root, parcels, there)
        changed = [f for f in files if not _same(fs, root, f, there, hashes)]
        removed = [path for parcel in parcels for path in stale(parcel, there)]
        # A reader in the meantime may find too few files, but never a manifest that names one which is not there.
        changed.sort(key=lambda f: (f.path == README, f.path.endswith(MANIFEST)))
        progress("upload", 0, len(changed))
        for number, file in enumerate(changed, 1):
            _put(fs, file, f"{root}/{file.path}")
            progress("upload", number, len(changed))
        for path in removed:
            fs.rm_file(f"{root}/{path}")
    return Done(url, files, [f.path for f in changed], removed, None)


def _refuse_address(url: str) -> None:
    if _LOGIN.search(url):
        found = without_secrets(url)
        hint = "Logins come from the environment, or the store's own settings."
        raise InputError(Fault("--to", "an address without a login in it", found, hint))
    if url.startswith("hf://"):
        raise InputError(Fault("--to", "a folder or bucket", url, "--repo pushes to the Hub."))


def _opened(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    try:
        # What a listing said a moment ago must not be believed: the answers decide what is sent.
        fs, root = url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        hint = 'For S3: pip install "taiyi-corpus[s3]".'
        raise InputError(
            Fault("--to", "a store whose library is installed", str(error), hint)
        ) from None
    return fs, str(root).rstrip("/")


def _listing(fs: Any, root: str) -> dict[str, int]:
    """Return the files below a folder: path -> size."""
    fs.invalidate_cache()
    if fs.isfile(root):
        raise InputError(Fault(root, "a folder", "a file"))
    found = fs.find(root, detail=True)
    return {
        str(path)[len(root) :].lstrip("/"): int(about["size"] or 0) for path, about in found.items()
    }


def _hashes(fs: Any, root: str, parcels: Sequence[Parcel], there: dict[str, int]) -> dict[str, str]:
    """Return what the manifests in place say of their shards: path -> SHA-256."""
    hashes: dict[str, str] = {}
    for parcel in parcels:
        path = f"{parcel.config}/{MANIFEST}"
        if path in there:
            made = msgspec.json.decode(fs.cat_file(f"{root}/{path}"))
            hashes |= {f"{parcel.config}/{s['path']}": str(s["sha256"]) for s in made["shards"]}
    return hashes


def _same(fs: Any, root: str, file: File, there: dict[str, int], hashes: dict[str, str]) -> bool:
    if there.get(file.path) != file.bytes:
        return False
    if SHARD.fullmatch(file.path.rsplit("/", 1)[-1]):
        return hashes.get(file.path) == file.sha256
    digest = hashlib.sha256(fs.cat_file(f"{root}/{file.path}")).hexdigest()
    return digest == file.sha256


def _put(fs: Any, file: File, target: str) -> None:
    protocols = {fs.protocol} if isinstance(fs.protocol, str) else set(fs.protocol)
    if protocols & _OBJECTS:
        fs.put_file(file.local, target)
    else:
        folder, _, name = target.rpartition("/")
        fs.makedirs(folder, exist_ok=True)
        part = f"{folder}/.{name}.part"
        fs.put_file(file.local, part)
        fs.mv(part, target)
    fs.invalidate_cache()
    if (size := fs.size(target)) != file.bytes:
        raise OSError(f"{file.path}: {file.bytes:,} bytes were sent, {size:,} are there")


@contextmanager
def _spoken(url: str) -> Iterator[None]:
    """Turn errors of the store's library into faults, without the keys that may stand in them."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, (OSError, ValueError, RuntimeError, *_foreign())):
            raise
        hint = "Run the same command again: what is there is not sent twice."
        raise InputError(Fault(url, "a folder that can be written", said(error), hint)) from None


def _foreign() -> tuple[type[Exception], ...]:
    """Return the errors of boto, which are of no kind of their own."""
    module = sys.modules.get("botocore.exceptions")
    return () if module is None else (module.BotoCoreError, module.ClientError)
