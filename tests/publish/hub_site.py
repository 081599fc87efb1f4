"""A stand-in for the Hub as its client writes to it and `load_dataset` reads from it: a process of its own.

Run as a script it prints its address and serves until it is ended. Repositories are kept in memory, as commits from
path to bytes. `GET /_asked` answers with every request since the last time, `POST /_trouble` says what goes wrong next.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "hf_aStandInTokenOfNoWorth"
BIG = 1_000_000  # bytes from which on any file is kept apart from Git; Parquet always is


def git_hash(body: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@dataclass
class Repo:
    private: bool = False
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, branch: str, files: dict[str, bytes], message: str) -> str:
        name = sha256(f"{len(self.commits)} {message}".encode())[:40]
        self.commits[name] = files
        self.messages.append(message)
        self.branches[branch] = name
        return name

    def resolve(self, revision: str) -> str | None:
        known = {**self.branches, **self.tags, **{name: name for name in self.commits}}
        return known.get(revision)


class Hub:
    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.blobs: dict[tuple[str, str], bytes] = {}  # (repository, SHA-256)
        self.asked: list[str] = []
        self.trouble: dict[str, int] = {}  # part of a request line -> after how many it fails
        self.address = ""


HUB = Hub()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def do_PUT(self) -> None:
        self.answer()

    # --- what was asked ---------------------------------------------------------------------

    def answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        self.query = parse_qs(url.query)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        line = f"{self.command} {unquote(url.path)}"
        if parts[0] == "_asked":
            asked, HUB.asked = HUB.asked, []
            return self.json(asked)
        if parts[0] == "_trouble":
            HUB.trouble = json.loads(self.body)
            return self.json({})
        if parts[0] == "_repos":
            return self.json({name: self.about(repo) for name, repo in HUB.repos.items()})
        HUB.asked.append(line)
        for part, left in HUB.trouble.items():
            if part in line:
                HUB.trouble[part] = left - 1
                if left <= 0:
                    # A careless server, which repeats the login it was given.
                    return self.fail(400, f"no luck with {self.headers.get('Authorization')}")
        if parts[0] == "_blob":
            return self.blob(parts)
        if self.headers.get("Authorization") not in (f"Bearer {TOKEN}", None):
            return self.fail(401, f"who is {self.headers.get('Authorization')}?")
        if parts[:2] == ["api", "repos"]:
            return self.create()
        if parts[:2] == ["api", "validate-yaml"]:
            return self.json({"errors": [], "warnings": []})
        if parts[0] == "datasets" and parts[2].endswith(".git"):
            return self.lfs(f"{parts[1]}/{parts[2].removesuffix('.git')}")
        api = parts[0] == "api"
        parts = parts[1:] if api else parts
        name = "/".join(parts[1:3])
        repo = HUB.repos.get(name)
        if repo is None or (repo.private and not self.headers.get("Authorization")):
            return self.fail(404, "no such repository", "RepoNotFound")
        what = parts[3] if len(parts) > 3 else "revision"
        table: dict[str, Callable[[str, Repo, list[str]], None]] = {
            "revision": self.info, "refs": self.refs, "tree": self.tree, "branch": self.branch, "tag": self.tag,
            "preupload": self.preupload, "commit": self.commit, "resolve": self.file, "paths-info": self.paths_info,
        }  # fmt: skip
        if what not in table:
            return self.fail(404, f"not served: {line}")
        table[what](name, repo, parts[4:])
        return None

    # --- repositories -----------------------------------------------------------------------

    def create(self) -> None:
        asked = json.loads(self.body)
        if not self.headers.get("Authorization"):
            return self.fail(401, "log in")
        if asked["organization"] == "others":
            return self.fail(403, f"{self.headers.get('Authorization')} may not write there")
        name = f"{asked['organization']}/{asked['name']}"
        if name in HUB.repos:
            said = {"error": "it is there", "url": f"{HUB.address}/datasets/{name}"}
            return self.send(409, json.dumps(said).encode(), {})
        repo = HUB.repos[name] = Repo(asked.get("visibility") == "private")
        repo.commit("main", {".gitattributes": b"*.parquet filter=lfs\n"}, "initial commit")
        self.json({"url": f"{HUB.address}/datasets/{name}", "name": name, "id": name})
        return None

    def about(self, repo: Repo) -> dict[str, Any]:
        return {
            "private": repo.private,
            "messages": repo.messages,
            "branches": repo.branches,
            "tags": repo.tags,
            "files": {branch: sorted(repo.commits[c]) for branch, c in repo.branches.items()},
        }

    def info(self, name: str, repo: Repo, rest: list[str]) -> None:
        commit = repo.resolve(rest[0] if rest else "main")
        if commit is None:
            return self.fail(404, "no such revision", "RevisionNotFound")
        files = [{"rfilename": path} for path in repo.commits[commit]]
        return self.json(
            {"id": name, "sha": commit, "private": repo.private, "siblings": files, "tags": [],
             "disabled": False, "gated": False, "downloads": 0, "likes": 0}
        )  # fmt: skip

    def refs(self, name: str, repo: Repo, rest: list[str]) -> None:
        def listed(refs: dict[str, str], kind: str) -> list[dict[str, str]]:
            return [
                {"name": n, "ref": f"refs/{kind}/{n}", "targetCommit": c} for n, c in refs.items()
            ]

        self.json(
            {
                "branches": listed(repo.branches, "heads"),
                "tags": listed(repo.tags, "tags"),
                "converts": [],
            }
        )

    def branch(self, name: str, repo: Repo, rest: list[str]) -> None:
        if rest[0] in repo.branches:
            return self.fail(409, "exists")
        repo.branches[rest[0]] = repo.branches["main"]
        return self.json({})

    def tag(self, name: str, repo: Repo, rest: list[str]) -> None:
        asked, commit = json.loads(self.body), repo.resolve(rest[0])
        if asked["tag"] in repo.tags or commit is None:
            return self.fail(409, "exists, or names nothing")
        repo.tags[asked["tag"]] = commit
        return self.json({})

    # --- files ------------------------------------------------------------------------------

    def tree(self, name: str, repo: Repo, rest: list[str]) -> None:
        commit = repo.resolve(rest[0])
        if commit is None:
            return self.fail(404, "no such revision", "RevisionNotFound")
        files, folder = repo.commits[commit], "/".join(rest[1:])
        below = {p: b for p, b in files.items() if not folder or p.startswith(f"{folder}/")}
        if folder and not below:
            return self.fail(404, "no such folder", "EntryNotFound")
        deep = self.query.get("recursive", ["false"])[0].lower() in ("true", "1")
        entries: dict[str, dict[str, Any]] = {}
        for path, body in below.items():
            inner = path[len(folder) :].lstrip("/")
            for depth in range(1, len(inner.split("/"))):
                upper = "/".join([*([folder] if folder else []), *inner.split("/")[:depth]])
                if deep or depth == 1:
                    entries[upper] = {
                        "type": "directory",
                        "path": upper,
                        "oid": "0" * 40,
                        "size": 0,
                    }
            if deep or "/" not in inner:
                entries[path] = self.entry(path, body)
        return self.json(list(entries.values()))

    def paths_info(self, name: str, repo: Repo, rest: list[str]) -> None:
        commit = repo.resolve(rest[0])
        files = repo.commits[commit or ""]
        if self.headers.get("Content-Type", "").startswith("application/json"):
            asked = json.loads(self.body)["paths"]
        else:
            asked = parse_qs(self.body.decode())["paths"]
        asked = [asked] if isinstance(asked, str) else asked
        found = [self.entry(path, files[path]) for path in asked if path in files]
        found += [
            {"type": "directory", "path": path, "oid": "0" * 40, "size": 0}
            for path in asked
            if any(other.startswith(f"{path}/") for other in files)
        ]
        self.json(found)

    def entry(self, path: str, body: bytes) -> dict[str, Any]:
        entry = {"type": "file", "path": path, "size": len(body), "oid": git_hash(body)}
        if large(path, len(body)):
            entry["lfs"] = {"oid": sha256(body), "size": len(body), "pointerSize": 130}
        return entry

    def file(self, name: str, repo: Repo, rest: list[str]) -> None:
        commit, path = repo.resolve(rest[0]), "/".join(rest[1:])
        if commit is None or path not in repo.commits[commit]:
            return self.fail(404, "no such file", "EntryNotFound")
        body = repo.commits[commit][path]
        etag = sha256(body) if large(path, len(body)) else git_hash(body)
        return self.send(200, body, {"X-Repo-Commit": commit, "ETag": f'"{etag}"'})

    # --- writing ----------------------------------------------------------------------------

    def preupload(self, name: str, repo: Repo, rest: list[str]) -> None:
        files = json.loads(self.body)["files"]
        self.json(
            {
                "files": [
                    {
                        "path": file["path"],
                        "uploadMode": "lfs" if large(file["path"], file["size"]) else "regular",
                        "shouldIgnore": False,
                    }
                    for file in files
                ]
            }
        )

    def lfs(self, name: str) -> None:
        if self.path.endswith("/verify"):
            asked = json.loads(self.body)
            return (
                self.json({}) if (name, asked["oid"]) in HUB.blobs else self.fail(404, "not here")
            )
        objects = []
        for one in json.loads(self.body)["objects"]:
            if (name, one["oid"]) not in HUB.blobs:
                verify = f"{HUB.address}/datasets/{name}.git/info/lfs/verify"
                upload = f"{HUB.address}/_blob/{name}/{one['oid']}"
                one["actions"] = {"upload": {"href": upload}, "verify": {"href": verify}}
            objects.append(one)
        return self.json({"transfer": "basic", "objects": objects})

    def blob(self, parts: list[str]) -> None:
        if sha256(self.body) != parts[3]:
            return self.fail(400, "other bytes than announced")
        HUB.blobs["/".join(parts[1:3]), parts[3]] = self.body
        return self.json({})

    def commit(self, name: str, repo: Repo, rest: list[str]) -> None:
        lines = [json.loads(line) for line in self.body.splitlines()]
        header = lines[0]["value"]
        head = repo.branches[rest[0]]
        if header.get("parentCommit", head) != head:
            return self.fail(412, "a commit has happened since")
        files = dict(repo.commits[head])
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                if (name, value["oid"]) not in HUB.blobs:
                    return self.fail(400, f"never uploaded: {value['path']}")
                files[value["path"]] = HUB.blobs[name, value["oid"]]
            elif line["key"] == "deletedFile":
                del files[value["path"]]
        made = repo.commit(rest[0], files, header["summary"])
        url = f"{HUB.address}/datasets/{name}/commit/{made}"
        return self.json({"commitUrl": url, "commitOid": made, "success": True})

    # --- answers ----------------------------------------------------------------------------

    def json(self, answer: Any) -> None:
        self.send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def fail(self, status: int, message: str, code: str = "") -> None:
        head = {"X-Error-Code": code, "X-Error-Message": message}
        self.send(status, json.dumps({"error": message}).encode(), head)

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        start = 0
        if wanted := self.headers.get("Range"):
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, whole = int(first), len(body)
            body = body[start : int(last) + 1 if last else None]
            headers["Content-Range"] = f"bytes {start}-{start + len(body) - 1}/{whole}"
            status = 206
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def large(path: str, size: int) -> bool:
    return path.endswith(".parquet") or size >= BIG


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    HUB.address = f"http://127.0.0.1:{server.server_address[1]}"
    sys.stdout.write(f"{HUB.address}\n")
    sys.stdout.flush()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
