"""A stand-in for the Hub, as its client downloads from it: one public and one gated dataset, at two commits."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


def git_hash(body: bytes) -> str:
    """The name Git has for a file's bytes."""
    return hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()


@dataclass
class Hub:
    """Datasets: name -> commit -> path -> bytes; a branch `main` is the last commit."""

    address: str
    datasets: dict[str, dict[str, dict[str, bytes]]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    large: int = 1000  # from this size on, a file is kept by its SHA-256
    wrong: set[str] = field(default_factory=set)  # paths that are given with other bytes, once
    requests: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def downloads(self) -> list[str]:
        """The files that were given, in order."""
        return [path for method, _, path in (r.partition(" ") for r in self.requests)
                if method == "GET" and "/resolve/" in path]  # fmt: skip

    def etag(self, body: bytes) -> str:
        return hashlib.sha256(body).hexdigest() if len(body) >= self.large else git_hash(body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.requests.append(f"{self.command} {path}")
        if token := self.headers.get("Authorization"):
            self.hub.tokens.add(token)
        parts = path.removeprefix("/api").strip("/").split("/")
        name = "/".join(parts[1:3])
        commits = self.hub.datasets.get(name)
        if commits is None:
            return self._send(404, {"X-Error-Code": "RepoNotFound"})
        if name in self.hub.gated:
            # A careless server, which repeats the login it was given.
            said = {"X-Error-Code": "GatedRepo", "X-Error-Message": f"no access with {token}"}
            return self._send(403, said)
        revision = parts[4] if len(parts) > 4 else "main"
        commit = list(commits)[-1] if revision == "main" else revision
        if commit not in commits:
            return self._send(404, {"X-Error-Code": "RevisionNotFound"})
        if path.startswith("/api"):
            return self._listing(parts[3], name, commit)
        return self._file("/".join(parts[5:]), commit, commits[commit])

    def _listing(self, what: str, name: str, commit: str) -> None:
        files = self.hub.datasets[name][commit]
        if what == "tree":
            listed: object = [self._entry(path, body) for path, body in files.items()]
        else:
            listed = {
                "id": name,
                "sha": commit,
                "siblings": [{"rfilename": path} for path in files],
            }
        self._send(200, {"Content-Type": "application/json"}, json.dumps(listed).encode())

    def _entry(self, path: str, body: bytes) -> dict[str, object]:
        entry: dict[str, object] = {
            "type": "file",
            "path": path,
            "size": len(body),
            "oid": git_hash(body),
        }
        if len(body) >= self.hub.large:
            entry["lfs"] = {"oid": self.hub.etag(body), "size": len(body), "pointerSize": 130}
        return entry

    def _file(self, path: str, commit: str, files: dict[str, bytes]) -> None:
        if path not in files:
            return self._send(404, {"X-Error-Code": "EntryNotFound"})
        body = files[path]
        head = {"X-Repo-Commit": commit, "ETag": f'"{self.hub.etag(body)}"'}
        if path in self.hub.wrong and self.command == "GET":
            self.hub.wrong.discard(path)
            body = bytes(reversed(body))
        self._send(200, head, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@contextmanager
def hub_site() -> Iterator[Hub]:
    """Run the stand-in in threads of this process."""

    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.hub = Hub(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Handler.hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
