"""Fetching datasets: what becomes of each, what is linked where, and what the lock file remembers."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.fetch.blobs import Blobs
from taiyi_corpus.fetch.download import Line, Patience
from taiyi_corpus.fetch.lock import read_lock
from taiyi_corpus.fetch.one import Fetched
from taiyi_corpus.fetch.run import fetch, offline_by_environment
from taiyi_corpus.fetch.turns import Turns
from taiyi_corpus.spec.dataset import DatasetSpec

from .site import Site
from .specs import spec

TRAIN = b'{"text": "A cough.", "label": "yes"}\n'
TEST = b'{"text": "A fever.", "label": "yes"}\n'


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_", ".")), body)
    return buffer.getvalue()


class Shop:
    """A folder of raw data, a cache and a lock file."""

    def __init__(self, folder: Path) -> None:
        self.cache, self.data, self.lock = folder / "cache", folder / "data", folder / "taiyi.lock"

    def fetch(self, *specs: DatasetSpec, **wishes: Any) -> dict[str, Fetched]:
        line = Line(Blobs(self.cache), Patience(2, 5, 0.0), Turns(pause=0.0))
        return {one.id: one for one in fetch(specs, self.data, self.lock, line=line, **wishes)}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def from_files(server: Site, *names: str, **more: object) -> dict[str, object]:
    return {"files": [{"url": f"{server.address}/{name}", "path": name} for name in names], **more}


def test_a_dataset_is_fetched_once(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(**from_files(server, "train.jsonl"))
    first = shop.fetch(toy)["toy"]
    assert (first.outcome, first.state, first.downloaded) == ("fetched", "ready", len(TRAIN))
    assert (shop.data / "toy" / "train.jsonl").read_bytes() == TRAIN
    assert shop.fetch(toy)["toy"].outcome == "have"
    assert len(server.requests) == 1


def test_the_data_folder_holds_links_into_the_cache(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    shop.fetch(spec(**from_files(server, "train.jsonl")))
    stored = Blobs(shop.cache).path(hashlib.sha256(TRAIN).hexdigest())
    assert (shop.data / "toy" / "train.jsonl").samefile(stored)


@pytest.mark.parametrize("missing", ["link", "symlink"])
def test_where_links_fail_another_way_is_taken(
    shop: Shop, server: Site, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError("not on this disk")

    monkeypatch.setattr(os, "link", fails)
    if missing == "symlink":
        monkeypatch.setattr(os, "symlink", fails)
    server.put("/train.jsonl", TRAIN)
    shop.fetch(spec(**from_files(server, "train.jsonl")))
    target = shop.data / "toy" / "train.jsonl"
    assert target.read_bytes() == TRAIN
    assert target.is_symlink() == (missing == "link")


def test_two_projects_share_the_cache(shop: Shop, server: Site, tmp_path: Path) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(**from_files(server, "train.jsonl"))
    shop.fetch(toy)
    shop.data = tmp_path / "other"
    assert shop.fetch(toy)["toy"].outcome == "fetched"
    assert len(server.requests) == 1


def test_an_archive_stays_packed(shop: Shop, server: Site) -> None:
    server.put("/toy.zip", zipped(toy__train_jsonl=TRAIN))
    toy = spec(splits={"train": ["toy/train.jsonl"]}, **from_files(server, "toy.zip"))
    assert shop.fetch(toy)["toy"].state == "ready"
    assert [path.name for path in (shop.data / "toy").rglob("*")] == ["toy.zip"]


def test_an_archive_in_an_archive_is_laid_bare_and_no_further(shop: Shop, server: Site) -> None:
    inner = zipped(inner__train_jsonl=TRAIN)
    server.put("/toy.zip", zipped(data__inner_zip=inner, data__notes_zip=zipped(a_txt=b"-")))
    toy = spec(splits={"train": ["data/inner/train.jsonl"]}, **from_files(server, "toy.zip"))
    assert shop.fetch(toy)["toy"].state == "ready"
    found = sorted(p.relative_to(shop.data).as_posix() for p in shop.data.rglob("*.zip"))
    assert found == ["toy/data/inner.zip", "toy/toy.zip"]
    assert shop.fetch(toy)["toy"].outcome == "have"


def test_what_was_unpacked_by_hand_is_not_downloaded(shop: Shop, server: Site) -> None:
    folder = shop.data / "toy" / "toy"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_bytes(TRAIN)
    toy = spec(splits={"train": ["toy/train.jsonl"]}, **from_files(server, "toy.zip"))
    assert shop.fetch(toy)["toy"].outcome == "have"
    assert server.requests == []


def test_datasets_fail_one_by_one_and_say_why(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    good = spec("good", **from_files(server, "train.jsonl"))
    bad = spec("bad", **from_files(server, "gone.jsonl", "lost.jsonl"))
    done = shop.fetch(good, bad)
    assert {id_: one.outcome for id_, one in done.items()} == {"good": "fetched", "bad": "failed"}
    assert [fault.where for fault in done["bad"].faults] == ["bad/gone.jsonl", "bad/lost.jsonl"]
    assert list(read_lock(shop.lock).datasets) == ["good"]


def test_a_dataset_without_addresses_is_got_by_hand(shop: Shop) -> None:
    toy = spec(access="registration", manual="Register at the shared task and get toy.zip.")
    done = shop.fetch(toy)["toy"]
    assert done.outcome == "manual"
    for word in ("must register", "get toy.zip", "https://example.org/toy", "CC0-1.0",
                 "place toy PATH", str(shop.data / "toy"), "train: train.jsonl"):  # fmt: skip
        assert word in done.manual


def test_what_is_half_fetched_half_by_hand_is_both(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(
        splits={"train": ["train.jsonl"], "test": ["test.jsonl"]},
        **from_files(server, "train.jsonl", manual="Ask for test.jsonl."),
    )
    done = shop.fetch(toy)["toy"]
    assert (done.outcome, done.state, done.downloaded) == ("manual", "partial", len(TRAIN))
    assert done.missing == ("test: test.jsonl",)


def test_another_release_than_the_registry_means_is_a_failure(shop: Shop, server: Site) -> None:
    server.put("/toy.zip", zipped(release2__train_tsv=b"1"))
    done = shop.fetch(spec(**from_files(server, "toy.zip")))["toy"]
    assert done.outcome == "failed"
    assert "train: train.jsonl" in done.faults[0].wanted


@pytest.mark.parametrize("path", ["../train.jsonl", "/etc/train.jsonl", "a/../../x", "C:/x"])
def test_a_registry_file_cannot_write_elsewhere(shop: Shop, server: Site, path: str) -> None:
    toy = spec(files=[{"url": f"{server.address}/train.jsonl", "path": path}])
    done = shop.fetch(toy)["toy"]
    assert done.faults[0].found == "one that leads out"
    assert server.requests == []


# --- the lock file ----------------------------------------------------------------------------


def test_hashes_are_recorded_on_first_sight(shop: Shop, server: Site) -> None:
    url = server.put("/train.jsonl", TRAIN)
    shop.fetch(spec(**from_files(server, "train.jsonl")))
    locked = read_lock(shop.lock).datasets["toy"].files["train.jsonl"]
    assert (locked.sha256, locked.size) == (hashlib.sha256(TRAIN).hexdigest(), len(TRAIN))
    assert locked.url == url


def test_hashes_are_checked_ever_after(shop: Shop, server: Site, tmp_path: Path) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(**from_files(server, "train.jsonl"))
    shop.fetch(toy)
    server.put("/train.jsonl", TEST)
    shop.cache, shop.data = tmp_path / "a new cache", tmp_path / "new data"
    done = shop.fetch(toy)["toy"]
    assert done.outcome == "failed"
    assert "gives other bytes" in done.faults[0].found
    assert not (shop.data / "toy").exists()


def test_update_takes_what_is_given_now(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(**from_files(server, "train.jsonl"))
    shop.fetch(toy)
    server.put("/train.jsonl", TEST)
    assert shop.fetch(toy, update=True)["toy"].outcome == "fetched"
    assert (shop.data / "toy" / "train.jsonl").read_bytes() == TEST
    locked = read_lock(shop.lock).datasets["toy"].files["train.jsonl"]
    assert locked.sha256 == hashlib.sha256(TEST).hexdigest()


def test_a_file_that_was_changed_by_hand_is_found(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(**from_files(server, "train.jsonl"))
    shop.fetch(toy)
    target = shop.data / "toy" / "train.jsonl"
    target.unlink()
    target.write_bytes(TEST)
    done = shop.fetch(toy)["toy"]
    assert done.outcome == "failed"
    assert done.faults[0].found == hashlib.sha256(TEST).hexdigest()
    assert target.read_bytes() == TEST  # it is the user's


def test_update_does_not_overwrite_a_file_of_the_user(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    (shop.data / "toy").mkdir(parents=True)
    (shop.data / "toy" / "train.jsonl").write_bytes(TEST)
    done = shop.fetch(spec(**from_files(server, "train.jsonl")), update=True)["toy"]
    assert done.outcome == "failed"
    assert (shop.data / "toy" / "train.jsonl").read_bytes() == TEST


def test_a_lock_that_contradicts_the_registry_is_a_failure(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    shop.fetch(spec(**from_files(server, "train.jsonl")))
    file = {"url": f"{server.address}/train.jsonl", "path": "train.jsonl", "sha256": "0" * 64}
    done = shop.fetch(spec(files=[file]))["toy"]
    assert "as in the registry" in done.faults[0].wanted


def test_a_dataset_whose_cache_is_gone_is_fetched_again(shop: Shop, server: Site) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(**from_files(server, "train.jsonl"))
    shop.fetch(toy)
    target = shop.data / "toy" / "train.jsonl"
    target.unlink()
    target.symlink_to(shop.cache / "nowhere")
    assert shop.fetch(toy)["toy"].outcome == "fetched"
    assert target.read_bytes() == TRAIN


# --- offline ----------------------------------------------------------------------------------


def test_offline_uses_what_is_here(shop: Shop, server: Site, tmp_path: Path) -> None:
    server.put("/train.jsonl", TRAIN)
    toy = spec(**from_files(server, "train.jsonl"))
    assert "no network may be used" in shop.fetch(toy, offline=True)["toy"].faults[0].found
    shop.fetch(toy)
    shop.data = tmp_path / "other"
    server.requests.clear()
    assert shop.fetch(toy, offline=True)["toy"].outcome == "fetched"
    assert server.requests == []


@pytest.mark.parametrize(
    ("value", "offline"), [("1", True), ("true", True), ("0", False), ("", False)]
)
def test_the_hubs_own_switch_is_honoured(
    monkeypatch: pytest.MonkeyPatch, value: str, offline: bool
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    assert offline_by_environment() is offline


def test_progress_tells_of_every_file(shop: Shop, server: Site) -> None:
    server.put("/a.jsonl", TRAIN)
    server.put("/b.jsonl", TEST)
    told: set[tuple[str, int, int | None]] = set()
    toy = spec(splits={"train": ["*.jsonl"]}, **from_files(server, "a.jsonl", "b.jsonl"))
    shop.fetch(toy, progress=lambda what, done, total: told.add((what, done, total)))
    assert told == {("toy/a.jsonl", len(TRAIN), len(TRAIN)), ("toy/b.jsonl", len(TEST), len(TEST))}
