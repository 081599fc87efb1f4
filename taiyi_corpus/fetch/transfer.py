"""One request: bytes of an address into a partial file, continued where it stopped if the server can."""

from __future__ import annotations

import email.utils
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain

import httpx2

from taiyi_corpus.fetch.addresses import title
from taiyi_corpus.fetch.partial import Known, Note, Partial
from taiyi_corpus.fetch.wires import Wires
from taiyi_corpus.sources.names import is_archive
from taiyi_corpus.version import VERSION

REDIRECTS = 10
_PAGE = 1 << 20  # an HTML page longer than this is not read for its title
_LATER = {408, 425, 429, 500, 502, 503, 504}
_WHY = {
    401: "asks for a login",
    403: "does not allow it",
    404: "has no such file",
    410: "says the file is gone",
    451: "says it may not give the file",
}
_HTML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html)", re.I | re.S)

Count = Callable[[int, int | None], None]  # (bytes there, bytes in all if the server says)


class Refused(Exception):
    """The address does not give the file, and asking again would not help."""


class Again(Exception):
    """It went wrong in a way that may pass; `wait` is what the server asks for, in seconds."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


class Page(Exception):
    """The address gives a web page where a file was wanted."""

    def __init__(self, body: bytes, url: str) -> None:
        super().__init__(f"a web page and no file: {title(body)!r}")
        self.body, self.url = body, url


class Stopped(Exception):
    """The user asked to stop; what has come stays for the next time."""


def client(timeout: float) -> httpx2.Client:
    """Return an HTTP client; proxies and ~/.netrc are honoured, a stall of `timeout` seconds ends a request."""
    return httpx2.Client(
        follow_redirects=True,
        max_redirects=REDIRECTS,
        timeout=httpx2.Timeout(timeout, pool=None),
        # Compressed on the way, a file would have another length and no part to continue from.
        headers={"User-Agent": f"taiyi-corpus/{VERSION}", "Accept-Encoding": "identity"},
    )


def transfer(http: httpx2.Client, wires: Wires, url: str, name: str, part: Partial, known: Known, count: Count,
             stop: threading.Event) -> None:  # fmt: skip
    """Get the bytes of `url` that `part` lacks; on return it has them all, as far as the server can be believed.

    Raises:
        Again, Refused, Page, Stopped: see there; what has come stays in `part` if it may be continued.
    """
    if stop.is_set():
        raise Stopped
    start = part.usable(url, known)
    note = part.note
    if start and start == (known.size if known.size is not None else note and note.total):
        return
    headers = {}
    if start:
        headers["Range"] = f"bytes={start}-"
        if note and note.url == url and note.validator:
            headers["If-Range"] = note.validator
    traced = {"trace": wires.seen}
    with _translated(), http.stream("GET", url, headers=headers, extensions=traced) as answer:
        note = _accept(answer, url, part, start)
        # As they come: to fill pieces of a set size, bytes would wait in memory, and be lost there.
        pieces = answer.iter_raw()
        first = next(pieces, b"")
        if answer.status_code == 200:
            _refuse_page(answer, name, first, pieces)
            _refuse_packed(answer, name)
            _refuse_length(answer, name, note.total, known)
            part.begin(note)
        most = known.size if known.size is not None else note.total
        have = _write(chain([first], pieces), part, most, count, stop)
    if most is not None and have < most:
        raise Again(f"gave {have:,} of {most:,} bytes")


def _write(pieces: Iterable[bytes], part: Partial, most: int | None, count: Count,
           stop: threading.Event) -> int:  # fmt: skip
    """Append pieces to `part`, at most `most` bytes in all, and return how many are there."""
    with part.file.open("ab") as file:
        have = file.tell()
        for piece in pieces:
            have += len(piece)
            if most is not None and have > most:
                part.drop()
                raise Refused(f"gives more than {most:,} bytes")
            file.write(piece)
            count(have, most)
            if stop.is_set():
                raise Stopped
    return have


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the HTTP library raises into `Again` and `Refused`."""
    try:
        yield
    except httpx2.TooManyRedirects as error:
        raise Refused("redirects in a circle") from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise Refused("leads to an address that is none") from error
    except httpx2.TimeoutException as error:
        raise Again("stalled") from error
    except httpx2.TransportError as error:
        raise Again(f"broke off ({error})") from error


def _accept(answer: httpx2.Response, url: str, part: Partial, start: int) -> Note:
    """Check the head of an answer, and return what it says of the file."""
    status = answer.status_code
    if status == 206 and start:
        return _continued(answer, url, part, start)
    if status == 416:
        part.drop()
        raise Again("has no more bytes than are there already, and they are not the file")
    if status in _LATER:
        raise Again(f"answers {status}", retry_after(answer.headers.get("Retry-After", "")))
    if status != 200:
        raise Refused(f"{_WHY.get(status, 'answers')} ({status})")
    length = answer.headers.get("Content-Length", "")
    total = int(length) if length.isdigit() else None
    return Note(url, _validator(answer), total)


def _continued(answer: httpx2.Response, url: str, part: Partial, start: int) -> Note:
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", answer.headers.get("Content-Range", ""))
    before = part.note or Note(url)
    total = int(found[3]) if found and found[3] != "*" else before.total
    if not found or int(found[1]) != start or total != (before.total or total):
        part.drop()
        raise Again("gives another part of the file than was asked for")
    return Note(url, before.validator, total)


def _validator(answer: httpx2.Response) -> str:
    """Return what names the version of the bytes; a weak ETag names several."""
    etag = answer.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return str(etag)
    return str(answer.headers.get("Last-Modified", ""))


def _refuse_packed(answer: httpx2.Response, name: str) -> None:
    """Refuse bytes that were compressed for the way; a .gz under that label is the file itself."""
    encoding = answer.headers.get("Content-Encoding", "identity")
    if encoding != "identity" and not name.lower().endswith((".gz", ".tgz")):
        raise Refused(f"gives the file in another form ({encoding})")


def _refuse_length(answer: httpx2.Response, name: str, total: int | None, known: Known) -> None:
    """Refuse a file of another length than is known, and one of which nobody says where it ends."""
    if total is not None and known.size is not None and total != known.size:
        raise Refused(f"offers {total:,} bytes, not {known.size:,}")
    framed = total is not None or "chunked" in answer.headers.get("Transfer-Encoding", "")
    if not (framed or known.sha256 or known.size is not None or is_archive(name)):
        raise Refused("does not say how long the file is, so that no one can tell if it is whole")


def _refuse_page(answer: httpx2.Response, name: str, first: bytes, rest: Iterator[bytes]) -> None:
    """Refuse a web page, whatever it is called: sites answer so for lost files, logins and questions."""
    if name.lower().endswith((".html", ".htm")) or not _HTML.match(first[:4096]):
        return
    body = first
    while len(body) < _PAGE and (piece := next(rest, b"")):
        body += piece
    raise Page(body, str(answer.url))


def retry_after(value: str) -> float:
    """Return the seconds of a Retry-After header, which holds a number or a date; 0 if neither."""
    if value.strip().isdigit():
        return float(value)
    try:
        date = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    return max(0.0, date.timestamp() - time.time())
