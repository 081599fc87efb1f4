"""A web server on loopback whose files misbehave as they are told to."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Served:
    """One file, and what goes wrong with it; lists are used up, an element a request."""

    body: bytes = b""
    ranges: bool = True
    etag: str | None = '"v1"'
    type: str = "application/octet-stream"
    cuts: list[int] = field(default_factory=list)  # close the connection after so many body bytes
    stalls: list[int] = field(default_factory=list)  # say nothing more after so many body bytes
    statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # answered first
    length: int | None = None  # what Content-Length says, where it lies
    framing: str = "length"  # "length", "chunked" or "close"
    location: str | None = None  # redirect there
    slow: float = 0.0  # seconds before the body
    encoding: str | None = None  # Content-Encoding


class Site:
    """The files of a server by path, and the requests it got: (path, Range header)."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.files: dict[str, Served] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.headers: list[str] = []
        self.stop = threading.Event()

    def put(self, path: str, served: Served | bytes) -> str:
        """Serve a file, and return its address."""
        self.files[path] = served if isinstance(served, Served) else Served(served)
        return self.address + path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site, path = self.site, urlsplit(self.path).path
        site.requests.append((self.path, self.headers.get("Range")))
        site.headers.append(str(self.headers))
        served = site.files.get(path)
        if served is None:
            return self._plain(404, {})
        if served.statuses:
            return self._plain(*served.statuses.pop(0))
        if served.location:
            return self._plain(302, {"Location": served.location})
        start = self._start(served)
        if start is not None and start >= len(served.body):
            return self._plain(416, {"Content-Range": f"bytes */{len(served.body)}"})
        return self._body(served, start)

    def _start(self, served: Served) -> int | None:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range")
        if not asked or not served.ranges or (condition and condition != served.etag):
            return None
        return int(asked[1])

    def _plain(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _body(self, served: Served, start: int | None) -> None:
        rest = served.body[start or 0 :]
        self.send_response(200 if start is None else 206)
        self.send_header("Content-Type", served.type)
        if served.etag:
            self.send_header("ETag", served.etag)
        if served.encoding:
            self.send_header("Content-Encoding", served.encoding)
        if start is not None:
            last = len(served.body)
            self.send_header("Content-Range", f"bytes {start}-{last - 1}/{last}")
        if served.framing == "length":
            self.send_header("Content-Length", str(served.length or len(rest)))
        elif served.framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.close_connection = True
        self.end_headers()
        self.site.stop.wait(served.slow)
        cut = served.cuts.pop(0) if served.cuts else None
        stall = served.stalls.pop(0) if served.stalls else None
        sent = rest[: cut if cut is not None else stall]
        if served.framing == "chunked" and sent:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(sent), sent))
            if sent == rest:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(sent)
        self.wfile.flush()
        if stall is not None:
            self.site.stop.wait(10)
        if cut is not None or stall is not None or served.length:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away: that is what is tested."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def site() -> Iterator[Site]:
    """Run a server in threads of this process."""

    class Handler(_Handler):
        pass

    server = _Server(("127.0.0.1", 0), Handler)
    Handler.site = Site(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Handler.site
    finally:
        Handler.site.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
