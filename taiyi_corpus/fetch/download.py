"""One file: from the first of its addresses that gives the right bytes into the cache, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import tenacity

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.fetch.addresses import check, confirmed, direct, refuse, shown
from taiyi_corpus.fetch.blobs import Blob, Blobs, identify
from taiyi_corpus.fetch.partial import Known, Partial
from taiyi_corpus.fetch.transfer import Again, Count, Page, Refused, client, transfer
from taiyi_corpus.fetch.turns import Turns
from taiyi_corpus.fetch.wires import Wires
from taiyi_corpus.sources.archive import list_archive
from taiyi_corpus.sources.names import is_archive
from taiyi_corpus.spec.dataset import SourceFile


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds, and how often to ask again."""

    attempts: int = 5  # in a row that bring no byte
    stall: float = 30.0  # without a byte
    first_wait: float = 1.0  # doubled for each further attempt
    longest_wait: float = 120.0  # a server that asks for more is given up


@dataclass(slots=True)
class Line:
    """What downloads share: the cache, the connections, the turns, and the wish to stop."""

    blobs: Blobs
    patience: Patience = field(default_factory=Patience)
    turns: Turns = field(default_factory=Turns)
    stop: threading.Event = field(default_factory=threading.Event)
    sleep: Callable[[float], None] | None = None  # else a wait that the wish to stop ends
    http: httpx2.Client = field(init=False)
    wires: Wires = field(default_factory=Wires)

    def __post_init__(self) -> None:
        self.http = client(self.patience.stall)

    def hang_up(self) -> None:
        """Say that downloads shall stop, also those that wait for a silent server."""
        self.stop.set()
        self.wires.cut()


def download(line: Line, file: SourceFile, known: Known, where: str, count: Count, *, offline: bool = False,
             again: bool = False) -> Blob:  # fmt: skip
    """Return the bytes of `file`, from the cache or the first address that gives them as `known` says.

    Args:
        again: ask the server although the cache knows what the address gave before.

    Raises:
        InputError: an address is none that can be fetched.
        SourceError: no address gives the file; it says what each of them did.
        Stopped, filelock.Timeout: the wish to stop was heard.
    """
    urls = [file.url, *file.mirrors]
    refuse([fault for url in urls for fault in check(where, url)])
    wanted = "the file" if known.sha256 is None else f"the file with SHA-256 {known.sha256}"
    with line.blobs.lock(known.sha256 or file.url, line.stop):  # another process may be at it
        if known.sha256 is not None:
            blob = line.blobs.find(known.sha256)
        else:
            blob = None if again else line.blobs.remembered(file.url)
        if blob is not None and known.size in (None, blob.size):
            return blob
        if offline:
            raise SourceError(
                Fault(where, f"{wanted} in the cache", "none, and no network may be used")
            )
        part = Partial(line.blobs.partial(known.sha256 or file.url))
        went: list[str] = []
        for url in urls:
            try:
                blob = _from(line, url, file.path, part, known, count)
            except (Refused, Again, Page) as error:
                went.append(f"{shown(url)} {error}")
                continue
            line.blobs.take(part.file, blob)
            part.drop()
            line.blobs.remember(file.url, blob)
            return blob
    hint = "What came is kept, and the next run continues." if part.size else ""
    raise SourceError(Fault(where, wanted, "; ".join(went), hint))


def _from(line: Line, url: str, path: str, part: Partial, known: Known, count: Count) -> Blob:
    """Return what `url` gives into `part`, asked again while that may help."""
    patience, address = line.patience, direct(url, path)
    fruitless, most, asked = 0, part.size, 0.0

    def pause(
        state: tenacity.RetryCallState,
    ) -> float:  # called after each failure, before `give_up`
        nonlocal fruitless, most, asked
        fruitless = fruitless + 1 if part.size <= most else 0
        most = max(most, part.size)
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Again) else 0.0
        line.turns.hold(address, min(asked, patience.longest_wait))
        doubled = patience.first_wait * 2.0 ** max(0, fruitless - 1)
        return max(asked, min(doubled, patience.longest_wait))

    def give_up(state: tenacity.RetryCallState) -> bool:
        return fruitless >= patience.attempts or asked > patience.longest_wait

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Again),
        stop=give_up,
        wait=pause,
        sleep=line.sleep or tenacity.sleep_using_event(line.stop),
        reraise=True,
    )
    return retrying(_attempt, line, address, path, part, known, count)


def _attempt(line: Line, url: str, path: str, part: Partial, known: Known, count: Count) -> Blob:
    continued = part.size > 0
    try:
        with line.turns.at(url, line.stop):
            transfer(line.http, line.wires, url, path, part, known, count, line.stop)
    except Page as page:
        behind = confirmed(page.body, page.url)
        if behind is None:
            raise
        with line.turns.at(behind, line.stop):
            transfer(line.http, line.wires, behind, path, part, known, count, line.stop)
    return _verified(part, path, known, continued=continued)


def _verified(part: Partial, path: str, known: Known, *, continued: bool) -> Blob:
    """Return what the finished bytes are, if they are what they should be; else they are thrown away."""
    blob = identify(part.file)
    why = ""
    if known.sha256 not in (None, blob.sha256):
        why = f"gives other bytes: SHA-256 {blob.sha256}"
    elif known.size not in (None, blob.size):
        why = f"gives {blob.size:,} bytes, not {known.size:,}"
    elif known.sha256 is None and is_archive(path):
        why = _damage(part, path)
    if not why:
        return blob
    part.drop()
    if continued:  # two halves that do not fit; a whole one may
        raise Again(why)
    raise Refused(why)


def _damage(part: Partial, path: str) -> str:
    """Return what is wrong with an archive of which no hash is known."""
    named = part.file.with_name(f"{part.file.name}-{path.rpartition('/')[2]}")
    part.file.rename(named)  # archives are told by their suffix
    try:
        list_archive(named)
    except SourceError as error:
        return f"gives a damaged archive: {error.faults[0].found}"
    finally:
        named.rename(part.file)
    return ""
