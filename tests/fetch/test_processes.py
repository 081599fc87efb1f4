"""The real command in processes of its own: side by side, killed in the middle, and against a stand-in Hub."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from .hub_site import Hub, hub_site
from .site import Served, Site
from .specs import spec

TOKEN = "hf_abcdefghijklmnopqrstuvwxyz0123"
FIRST, SECOND = "a" * 40, "b" * 40
BODY = b"".join(b'{"text": "Row %d.", "label": "yes"}\n' % n for n in range(20_000))
ROW = b'{"text": "A fever.", "label": "yes"}\n'


class Place:
    """A machine of its own: registry, cache, raw data, the Hub's cache, a working folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache, self.data, self.here = root / "cache", root / "data", root / "here"
        (root / "registry" / "en").mkdir(parents=True)
        self.here.mkdir()
        self.environment = os.environ | {
            "TAIYI_CORPUS_CACHE": str(self.cache),
            "TAIYI_CORPUS_REGISTRY": str(root / "registry"),
            "HF_HOME": str(root / "hf"),
            "HF_TOKEN": TOKEN,
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }

    def add(self, id_: str, splits: dict[str, list[str]] | None = None, **source: object) -> None:
        made = spec(id_, splits, **source)
        loaded = json.loads(made.model_dump_json(by_alias=True, exclude_defaults=True))
        path = self.root / "registry" / "en" / f"{id_}.yaml"
        path.write_text(yaml.safe_dump(loaded, allow_unicode=True), encoding="utf-8")

    def start(self, *args: str) -> subprocess.Popen[str]:
        code = "from taiyi_corpus.cli import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, *args, "--data", str(self.data)],
            cwd=self.here, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, *args: str) -> tuple[int, str]:
        process = self.start(*args)
        said, _ = process.communicate(timeout=60)
        assert TOKEN not in said
        return process.returncode, said

    def blobs(self) -> list[Path]:
        found = [p for p in (self.cache / "blobs").rglob("*") if p.is_file()]
        assert all(hashlib.sha256(p.read_bytes()).hexdigest() == p.name for p in found)
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_two_at_once_download_once(machine: Place, server: Site) -> None:
    url = server.put("/train.jsonl", Served(BODY, slow=0.5))
    machine.add("toy", files=[{"url": url, "path": "train.jsonl"}])
    both = [machine.start("fetch", "toy") for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert [asked for _, asked in server.requests] == [None]
    assert (machine.data / "toy" / "train.jsonl").read_bytes() == BODY
    assert len(machine.blobs()) == 1


def test_who_is_killed_goes_on_the_next_time(machine: Place, server: Site) -> None:
    stop = random.Random(3).randrange(100_000, len(BODY))
    url = server.put("/train.jsonl", Served(BODY, stalls=[stop]))
    machine.add("toy", files=[{"url": url, "path": "train.jsonl"}])
    process = machine.start("fetch", "toy")
    partial = machine.cache / "partial"
    deadline = time.monotonic() + 30
    while not any(p.stat().st_size == stop for p in partial.glob("*")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert not (machine.data / "toy").exists()
    assert machine.blobs() == []
    code, said = machine.run("fetch", "toy")
    assert code == 0, said
    assert server.requests[-1] == ("/train.jsonl", f"bytes={stop}-")
    assert (machine.data / "toy" / "train.jsonl").read_bytes() == BODY


def test_an_interruption_does_not_wait_for_a_silent_server(machine: Place, server: Site) -> None:
    url = server.put("/train.jsonl", Served(BODY, stalls=[50_000]))
    machine.add("toy", files=[{"url": url, "path": "train.jsonl"}])
    process = machine.start("fetch", "toy")
    partial = machine.cache / "partial"
    deadline = time.monotonic() + 30
    while not any(p.stat().st_size == 50_000 for p in partial.glob("*")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=15)  # a stall is waited out for 30 seconds
    assert process.returncode == 130
    code, said = machine.run("fetch", "toy")
    assert code == 0, said
    assert server.requests[-1] == ("/train.jsonl", "bytes=50000-")


# --- the Hub ----------------------------------------------------------------------------------


@pytest.fixture
def hub(machine: Place) -> Iterator[Hub]:
    with hub_site() as made:
        made.datasets["org/toy"] = {
            FIRST: {"train.jsonl": BODY, "test.jsonl": ROW, ".gitattributes": b"-", "x.py": b"1"},
            SECOND: {"train.jsonl": ROW, "test.jsonl": ROW},
        }
        machine.environment["HF_ENDPOINT"] = made.address
        yield made


SPLITS = {"train": ["train.jsonl"], "test": ["test.jsonl"]}


def locked(machine: Place) -> dict[str, object]:
    lock: dict[str, dict[str, dict[str, object]]] = json.loads(
        (machine.here / "taiyi.lock").read_text()
    )
    return lock["datasets"]["toy"]


def test_a_hub_dataset_comes_at_its_pinned_revision(machine: Place, hub: Hub) -> None:
    source = {"repo": "org/toy", "revision": FIRST, "files": ["*.jsonl"]}
    machine.add("toy", SPLITS, hub=source)
    code, said = machine.run("fetch", "toy")
    assert code == 0, said
    assert (machine.data / "toy" / "train.jsonl").read_bytes() == BODY
    assert sorted(path.name for path in (machine.data / "toy").iterdir()) == [
        "test.jsonl",
        "train.jsonl",
    ]
    assert locked(machine)["revision"] == FIRST
    assert len(hub.downloads()) == 2
    assert hub.tokens == {f"Bearer {TOKEN}"}  # it is used, and never shown
    assert not any(TOKEN.encode() in p.read_bytes() for p in machine.here.rglob("*") if p.is_file())
    # Offline, on a new data folder: all of it lies in the Hub's cache.
    hub.requests.clear()
    machine.data = machine.root / "new data"
    machine.environment["HF_HUB_OFFLINE"] = "1"
    code, said = machine.run("fetch", "toy")
    assert code == 0, said
    assert hub.requests == []
    assert len(machine.blobs()) == 2


def test_an_unpinned_hub_dataset_stays_at_the_commit_first_seen(machine: Place, hub: Hub) -> None:
    newer = hub.datasets["org/toy"].pop(SECOND)
    machine.add("toy", SPLITS, hub={"repo": "org/toy", "files": ["*.jsonl"]})
    assert machine.run("fetch", "toy")[0] == 0
    assert locked(machine)["revision"] == FIRST
    hub.datasets["org/toy"][SECOND] = newer
    machine.data = machine.root / "new data"
    assert machine.run("fetch", "toy")[0] == 0
    assert (machine.data / "toy" / "train.jsonl").read_bytes() == BODY
    code, said = machine.run("fetch", "toy", "--update")
    assert code == 0, said
    assert (machine.data / "toy" / "train.jsonl").read_bytes() == ROW
    assert locked(machine)["revision"] == SECOND


def test_wrong_bytes_of_the_hub_are_asked_for_again(machine: Place, hub: Hub) -> None:
    hub.wrong = {"train.jsonl", "test.jsonl"}
    machine.add("toy", SPLITS, hub={"repo": "org/toy", "revision": FIRST, "files": ["*.jsonl"]})
    code, said = machine.run("fetch", "toy")
    assert code == 0, said
    assert (machine.data / "toy" / "train.jsonl").read_bytes() == BODY
    assert len(machine.blobs()) == 2


def test_what_the_hub_refuses_is_said(machine: Place, hub: Hub) -> None:
    hub.datasets["org/gated"] = {FIRST: {}}
    hub.gated.add("org/gated")
    machine.add("gated", hub={"repo": "org/gated"})
    machine.add("gone", hub={"repo": "org/gone"})
    machine.add("old", hub={"repo": "org/toy", "revision": "c" * 40})
    machine.add("empty", hub={"repo": "org/toy", "revision": FIRST, "files": ["*.parquet"]})
    code, said = machine.run("fetch", "gated", "gone", "old", "empty")
    assert code == 1
    assert "4 failed" in said
    assert "https://huggingface.co/datasets/org/gated" in said
    assert "accept the terms there" in said
    assert "no access with Bearer ..." in said  # `run` looks for the token itself
    assert "none that matches *.parquet" in said
    assert "Traceback" not in said
