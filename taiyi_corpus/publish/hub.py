"""To the Hugging Face Hub, through its own client and login: one commit, or none where nothing has changed.

Files go up before the commit that names them, under their hash. What a broken push had sent is not sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.publish.parcel import (
    MANIFEST,
    README,
    Done,
    File,
    Parcel,
    Progress,
    file_at,
    refuse_other,
    stale,
)
from taiyi_corpus.publish.readme import readme
from taiyi_corpus.publish.secrets import said
from taiyi_corpus.version import VERSION

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationAdd, HfApi

_KIND = "dataset"
_AT_ONCE = 8  # files sent between two reports
_AGAIN = "Run the same command again: what has been sent is not sent twice."


class Place(Struct, frozen=True):
    """A dataset repository of the Hub."""

    repo: str  # "owner/name"
    private: bool = False
    revision: str | None = None  # a branch, which is made if it is not there
    tag: str | None = None  # what the commit is called


def push_to_hub(place: Place, parcels: Sequence[Parcel], work: Path, progress: Progress) -> Done:
    """Send parcels to a repository, which is made if it is not there.

    Raises:
        InputError: no login, no right to write, something else lies there, or the connection failed.
    """
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, get_token
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()  # the command line draws its own
    api = HfApi(library_name="taiyi-corpus", library_version=VERSION)
    with _spoken(place.repo):
        if get_token() is None:
            hint = "Log in with `hf auth login`, or set HF_TOKEN."
            raise InputError(Fault(place.repo, "a login for the Hub", "none", hint))
        api.create_repo(place.repo, repo_type=_KIND, private=place.private or None, exist_ok=True)
        _refuse_public(api, place)
        head, tags = _head(api, place)
        there = _listing(api, place, head)
        for parcel in parcels:
            manifest = f"{parcel.config}/{MANIFEST}"
            old = _read(api, place, manifest, head) if manifest in there else None
            refuse_other(place.repo, parcel, old)
        old_card = _read(api, place, README, head) if README in there else None
        text = readme(None if old_card is None else old_card.decode(), parcels, place.repo)
        (work / README).write_text(text, encoding="utf-8")
        files = [*(f for parcel in parcels for f in parcel.files), file_at(README, work / README)]
        changed = [f for f in files if not _same(f, there.get(f.path))]
        removed = [path for parcel in parcels for path in stale(parcel, there)]
        _refuse_tag(place, tags, None if changed or removed else head)
        commit = head
        if changed or removed:
            additions = [CommitOperationAdd(f.path, f.local) for f in changed]
            _send(api, place, additions, progress)
            made = api.create_commit(
                place.repo,
                [*additions, *(CommitOperationDelete(path) for path in removed)],
                commit_message=_message(parcels),
                repo_type=_KIND,
                revision=place.revision,
                parent_commit=head,
            )
            commit = str(made.oid)
            _verify(files, _listing(api, place, commit), place.repo)
        if place.tag and place.tag not in tags:
            api.create_tag(place.repo, tag=place.tag, revision=commit, repo_type=_KIND)
    page = f"{api.endpoint}/datasets/{place.repo}"
    at = place.tag or place.revision
    url = f"{page}/tree/{at}" if at else page
    return Done(url, files, [f.path for f in changed], removed, commit)


def _message(parcels: Sequence[Parcel]) -> str:
    return ", ".join(f"{p.config} from {p.source}" for p in parcels)


def _refuse_public(api: HfApi, place: Place) -> None:
    # The repository may have been there before, and then its owner decided who sees it.
    if place.private and not api.dataset_info(place.repo).private:
        hint = "Make it private on its settings page, or leave --private out."
        raise InputError(Fault(place.repo, "a private repository", "a public one", hint))


def _head(api: HfApi, place: Place) -> tuple[str, dict[str, str]]:
    """Return the commit to go on from and the tags that are there; make the branch if it is not there."""
    refs = api.list_repo_refs(place.repo, repo_type=_KIND)
    heads = {branch.name: str(branch.target_commit) for branch in refs.branches}
    if "main" not in heads:
        raise InputError(
            Fault(place.repo, "a repository with a branch main", ", ".join(heads) or "none")
        )
    if place.revision and place.revision not in heads:
        api.create_branch(place.repo, branch=place.revision, repo_type=_KIND, exist_ok=True)
        heads[place.revision] = heads["main"]
    tags = {tag.name: str(tag.target_commit) for tag in refs.tags}
    return heads[place.revision or "main"], tags


def _refuse_tag(place: Place, tags: dict[str, str], unchanged: str | None) -> None:
    """Refuse a tag that names another commit: who loads by a tag relies on it.

    Args:
        unchanged: the commit that is there if nothing is to be sent.
    """
    if place.tag in tags and tags[place.tag] != unchanged:
        found = f"one that names commit {tags[place.tag][:12]}"
        raise InputError(Fault(f"{place.repo}, --tag {place.tag}", "a new tag", found))


def _listing(api: HfApi, place: Place, commit: str) -> dict[str, Any]:
    entries = api.list_repo_tree(place.repo, recursive=True, revision=commit, repo_type=_KIND)
    return {entry.path: entry for entry in entries if hasattr(entry, "blob_id")}


def _read(api: HfApi, place: Place, path: str, commit: str) -> bytes:
    got = api.hf_hub_download(place.repo, path, revision=commit, repo_type=_KIND)
    return Path(got).read_bytes()


def _same(file: File, entry: Any) -> bool:
    """Return whether a file of the repository has these bytes: by SHA-256, or by Git's hash of a small file."""
    if entry is None or entry.size != file.bytes:
        return False
    if entry.lfs is not None:
        return bool(entry.lfs.sha256 == file.sha256)
    body = Path(file.local).read_bytes()
    git = hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
    return bool(entry.blob_id == git)


def _send(
    api: HfApi, place: Place, additions: list[CommitOperationAdd], progress: Progress
) -> None:
    progress("upload", 0, len(additions))
    for start in range(0, len(additions), _AT_ONCE):
        few = additions[start : start + _AT_ONCE]
        api.preupload_lfs_files(
            place.repo, few, repo_type=_KIND, revision=place.revision, free_memory=False
        )
        progress("upload", start + len(few), len(additions))


def _verify(files: Sequence[File], there: dict[str, Any], repo: str) -> None:
    # A .gitignore of the repository makes the client leave files out, without an error.
    if lost := [file.path for file in files if not _same(file, there.get(file.path))]:
        raise InputError(
            Fault(repo, "every file in the commit", f"not, or not the same: {', '.join(lost[:5])}")
        )


@contextmanager
def _spoken(repo: str) -> Iterator[None]:
    """Turn errors of the Hub's client into faults, without the token that may stand in them."""
    import httpx2
    from huggingface_hub import errors

    wanted = f"to write to the dataset {repo} of the Hub"
    try:
        yield
    except (errors.RepositoryNotFoundError, errors.GatedRepoError) as error:
        hint = "Is the name right, and may the login (`hf auth whoami`) write there?"
        raise InputError(Fault(repo, wanted, said(error), hint)) from None
    except (httpx2.HTTPError, OSError, ValueError, RuntimeError) as error:
        response = getattr(error, "response", None)
        status = getattr(response, "status_code", None)
        hint = _AGAIN
        if status in (401, 403):
            hint = "May the login (`hf auth whoami`) write there?"
        elif status == 412:
            hint = "Somebody else pushed meanwhile. Run the same command again."
        raise InputError(Fault(repo, wanted, said(error), hint)) from None
