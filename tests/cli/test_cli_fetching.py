"""`fetch`, `place`, `lock`, `build --locked`: raw data and what exactly it is."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.fetch.lock import read_lock, write_lock
from taiyi_corpus.hashing import file_sha256
from tests.cli.conftest import Run, Tiny
from tests.fetch.site import Served, Site, site


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture
def server(running: Site, tiny: Tiny) -> Site:
    """A server with what the tiny registry says lies on example.org; the drugs are gone from the data folder."""
    running.files.clear()
    running.requests.clear()
    packed = tiny.root / "drugs.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((tiny.data / "drugs" / "corpus").iterdir()):
            archive.write(path, f"corpus/{path.name}")
    running.put("/drugs.zip", packed.read_bytes())
    tiny.edit(
        "registry/en/drugs.yaml", "https://example.org/drugs.zip", f"{running.address}/drugs.zip"
    )
    tiny.remove("drugs")
    return running


def test_fetch_closes_with_a_table(run: Run, server: Site, tiny: Tiny) -> None:
    said = run("fetch", "--all")
    assert said.row("drugs")[1:3] == ["fetched", "ready"]
    assert said.row("effects")[1:3] == ["have", "ready"]
    assert said.row("questions")[1:3] == ["failed", "partial"]
    assert "1 have, 1 fetched, 1 failed" in said.err
    assert said.code == 1  # one failed
    assert Path("taiyi.lock").is_file()
    assert run("fetch", "drugs").row("drugs")[1] == "have"
    assert len(server.requests) == 1


def test_fetch_says_how_to_get_the_rest_by_hand(run: Run, tiny: Tiny) -> None:
    tiny.remove("effects")
    said = run("fetch", "effects")
    assert said.code == 0
    assert said.row("effects")[1:3] == ["manual", "absent"]
    assert "Ask Jane Doe." in said.out
    assert "taiyi-corpus place effects PATH" in said.out


def test_fetch_by_language_and_task(run: Run, server: Site) -> None:
    assert run("fetch", "--task", "ner").row("drugs")[1] == "fetched"
    said = run("fetch", "--language", "zh")
    assert said.code == 0
    assert "no dataset is of that kind" in said.err


def test_fetch_says_why_it_failed(run: Run, server: Site) -> None:
    server.put("/drugs.zip", Served(statuses=[(404, {})]))
    said = run("fetch", "drugs")
    assert said.code == 1
    assert said.row("drugs")[1] == "failed"
    assert "has no such file (404)" in said.err


def test_fetch_wants_to_know_what(run: Run) -> None:
    said = run("fetch")
    assert said.code == 2
    assert "fetch --all" in said.err


def test_offline_fetches_nothing(run: Run, server: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("fetch", "drugs", "--offline").code == 1
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "no network may be used" in run("fetch", "drugs").err
    assert server.requests == []


def test_place_files_what_it_is_given(run: Run, tiny: Tiny) -> None:
    away = tiny.root / "Downloads"
    (tiny.data / "effects").rename(away)
    said = run("place", "effects", str(away / "train.tsv"))
    assert said.code == 0
    assert said.line("filed") == "filed train.tsv"
    assert said.line("effects is") == "effects is partial"
    assert said.line("  missing") == "  missing test: test.tsv"
    assert run("place", "effects", str(away)).line("effects is") == "effects is ready"
    assert run("place", "effects", "nowhere").code == 2


def test_status_of_one_kind(run: Run, tiny: Tiny) -> None:
    said = run("status", "--task", "ner")
    assert said.row("drugs")
    assert "questions" not in said.out
    assert "found   'nre'" in run("status", "--task", "nre").err


def test_status_tells_the_size(run: Run, tiny: Tiny) -> None:
    size = sum(path.stat().st_size for path in (tiny.data / "effects").iterdir())
    assert run("status", "effects").row("effects")[:4] == ["effects", "ready", str(size), "bytes"]


def test_a_locked_build_is_built(run: Run, tiny: Tiny) -> None:
    locked = run("lock")
    assert locked.out == "taiyi.lock: 3 datasets locked\n"
    before = Path("taiyi.lock").read_bytes()
    assert run("lock").out == locked.out
    assert Path("taiyi.lock").read_bytes() == before
    assert run("build", "--stage", "2", "--locked").code == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "word"),
    [
        ("data/effects/train.tsv", "headache", "toothache", "effects/train.tsv"),
        ("registry/en/effects.yaml", "mild side effect", "slight side effect", "registry file"),
    ],
)
def test_a_build_that_would_differ_is_refused(
    run: Run, tiny: Tiny, file: str, old: str, new: str, word: str
) -> None:
    run("lock")
    tiny.edit(file, old, new)
    said = run("build", "--stage", "2", "--locked")
    assert said.code == 2
    assert word in said.err
    assert "1 fault" in said.err
    assert not Path("out").exists()
    assert run("build", "--stage", "2").code == 0
    assert word in run("lock").line("changed")
    assert run("build", "--stage", "2", "--locked").code == 0


@pytest.mark.parametrize("what", ["version of pyarrow", "template en/ner"])
def test_other_versions_and_templates_are_refused(run: Run, what: str) -> None:
    run("lock")
    path = Path("taiyi.lock")
    lock = read_lock(path)
    kind, name = (lock.versions, "pyarrow") if "pyarrow" in what else (lock.templates, "en/ner")
    kind[name] = "older"
    write_lock(lock, path)
    said = run("build", "--stage", "2", "--locked")
    assert said.code == 2
    assert what in said.err
    assert "older" in said.err


def test_a_locked_dataset_that_is_gone_is_missed(run: Run, tiny: Tiny) -> None:
    run("lock")
    tiny.remove("effects")
    said = run("build", "--stage", "2", "--locked")
    assert said.code == 2
    assert "taiyi-corpus fetch effects" in said.err


def test_a_dataset_that_is_not_locked_is_refused(run: Run, tiny: Tiny) -> None:
    run("lock", "effects", "questions")
    said = run("build", "--stage", "2", "--locked")
    assert said.code == 2
    assert "drugs/corpus/a.ann" in said.err


def test_without_a_lock_file_nothing_is_locked(run: Run) -> None:
    said = run("build", "--stage", "2", "--locked")
    assert said.code == 2
    assert "`taiyi-corpus lock` writes one" in said.err


def test_samples_are_not_what_is_locked(run: Run, tiny: Tiny) -> None:
    run("lock")
    said = run("build", "--stage", "1", "--samples", "--locked")
    assert said.code == 2
    assert "bundled samples" in said.err


def test_a_broken_lock_file_is_named(run: Run) -> None:
    Path("taiyi.lock").write_text('{"format": 1, "datsets": {}}', encoding="utf-8")
    said = run("lock")
    assert said.code == 2
    assert "datsets" in said.err


class Sockets:
    """Notes every look-up, connection and internet socket of this process while it listens."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if self.on and event.startswith("socket."):
            internet = event != "socket.__new__" or args[1] in (socket.AF_INET, socket.AF_INET6)
            if internet:
                self.seen.append(event)


@pytest.fixture(scope="module")
def sockets() -> Sockets:
    listening = Sockets()
    sys.addaudithook(listening)
    return listening


def test_a_build_opens_no_socket(run: Run, sockets: Sockets) -> None:
    run("lock")
    sockets.on = True
    try:
        said = run("build", "--stage", "2", "--locked", "--workers", "1")
        built = list(sockets.seen)
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    finally:
        sockets.on = False
    assert said.code == 0
    assert built == []
    assert sockets.seen != []  # it does listen


# Python imports it at start-up: a network event ends the process, so that nobody can swallow it.
_NO_NETWORK = """
import os, socket, sys

def watch(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname") or (
        event == "socket.__new__" and args[1] in (socket.AF_INET, socket.AF_INET6)
    ):
        os._exit(77)

sys.addaudithook(watch)
"""


def test_nor_does_any_process_of_it(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_NO_NETWORK, encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    environment = os.environ | {"PYTHONPATH": paths}

    def python(code: str) -> int:
        return subprocess.run([sys.executable, "-c", code], env=environment, timeout=120).returncode

    assert python("import socket; socket.socket()") == 77
    build = "from taiyi_corpus.cli import main; import sys; sys.argv[1:] = {}; main()"
    assert python(build.format(["build", "--stage", "2", "--workers", "2"])) == 0


def test_the_lock_file_says_what_everything_is(run: Run, tiny: Tiny) -> None:
    run("lock")
    text = Path("taiyi.lock").read_text("utf-8")
    assert file_sha256(tiny.data / "effects" / "train.tsv") in text
    for word in ('"en/ner"', '"pyarrow"', '"taiyi-corpus"', '"spec"'):
        assert word in text
