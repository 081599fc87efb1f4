"""Files of a Hugging Face Hub dataset at one revision, through the Hub's own client, cache and login."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.fetch.blobs import Blob, Blobs, identify
from taiyi_corpus.spec.dataset import HubSource

_HOUSEKEEPING = {".gitattributes", ".gitignore"}
_LONGEST = 300  # characters of an answer of the Hub that are shown


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a dataset at one commit: path in the repository -> what it is."""

    revision: str
    files: dict[str, Blob]


def snapshot(
    source: HubSource, revision: str | None, blobs: Blobs, where: str, *, offline: bool
) -> Snapshot:
    """Get the files that `source` names into the cache.

    Args:
        revision: a commit or branch; None is the newest commit.

    Raises:
        SourceError: the Hub does not give them, gives none, or gives other bytes than it says.
    """
    wanted = f"the files of the Hub dataset {source.repo}"
    folder = _download(source, revision, where, wanted, offline=offline, again=False)
    files = _files(folder, source)
    if damaged := [path for path in files.values() if not _intact(path)]:
        for path in damaged:
            path.resolve().unlink()
        folder = _download(source, folder.name, where, wanted, offline=offline, again=True)
        files = _files(folder, source)
        if faults := [Fault(f"{where}/{name}", "the bytes the Hub names", "other bytes")
                      for name, path in files.items() if not _intact(path)]:  # fmt: skip
            raise SourceError(faults)
    if not files:
        found = f"none that matches {', '.join(source.files)}" if source.files else "none"
        raise SourceError(Fault(where, wanted, found))
    kept: dict[str, Blob] = {}
    for name, path in files.items():
        kept[name] = identify(path)
        blobs.adopt(path.resolve(), kept[name])
    return Snapshot(folder.name, kept)


def _download(source: HubSource, revision: str | None, where: str, wanted: str, *, offline: bool,
              again: bool) -> Path:  # fmt: skip
    # Imported late: it reads its settings from the environment, and takes a while.
    import httpx2
    import huggingface_hub as hub
    from huggingface_hub import errors
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()  # the command line draws its own
    try:
        return Path(
            hub.snapshot_download(
                source.repo,
                repo_type="dataset",
                revision=revision,
                allow_patterns=source.files or None,
                local_files_only=offline,
                force_download=again,
            )
        )
    except (errors.GatedRepoError, errors.RepositoryNotFoundError) as error:
        page = f"https://huggingface.co/datasets/{source.repo}"
        hint = f"If {page} asks for it, accept the terms there, and log in: `hf auth login`."
        raise SourceError(Fault(where, wanted, _said(error), hint)) from None
    except (httpx2.HTTPError, OSError, ValueError) as error:  # its own errors are of these kinds
        hint = "Only what the Hub's cache holds was looked at." if offline else ""
        raise SourceError(Fault(where, wanted, _said(error), hint)) from None


def _said(error: Exception) -> str:
    """Return the first lines of what the Hub's client says, without the token that may stand in it."""
    from huggingface_hub import get_token

    text = " ".join(str(error).split()) or type(error).__name__
    if token := get_token():
        text = text.replace(token, "...")
    return re.sub(r"hf_\w{8,}", "...", text)[:_LONGEST]


def _files(folder: Path, source: HubSource) -> dict[str, Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in found}
    return {
        name: path
        for name, path in names.items()
        if name not in _HOUSEKEEPING
        and (not source.files or any(fnmatch(name, pattern) for pattern in source.files))
    }


def _intact(path: Path) -> bool:
    """Tell whether a file of the Hub's cache has the hash it is named by: SHA-256, or Git's of a small file."""
    name, data = path.resolve().name, path
    if re.fullmatch(r"[0-9a-f]{64}", name):
        return identify(data).sha256 == name
    if re.fullmatch(r"[0-9a-f]{40}", name):
        body = data.read_bytes()
        return (
            hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest() == name
        )
    return True
