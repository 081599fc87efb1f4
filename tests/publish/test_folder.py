"""Publishing to a folder, and to S3 as a server of its own speaks it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import fsspec
import pytest

from tests.pipeline.world import rows
from tests.publish.conftest import Push

KEY, SECRET = "AKIAStandIn", "aSecretOfNoWorth"


def snapshot(folder: Path) -> dict[str, int]:
    """File -> when it was last written."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_holds_what_the_hub_would(push: Push, free: Path, tmp_path: Path) -> None:
    said = push(free, "--to", tmp_path / "out")
    assert said.code == 0, said.err
    assert said.url == str(tmp_path / "out")
    loaded = datasets.load_dataset(str(tmp_path / "out"), "stage1")
    assert loaded["train"].to_list() == rows(free)
    assert loaded["validation"].to_list() == rows(free, "validation")

    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert 'load_dataset("path/to/this/folder", "stage1", split="train")' in card
    assert str(tmp_path) not in card

    before = snapshot(tmp_path / "out")
    again = push(free, "--to", (tmp_path / "out").as_uri())
    assert again.code == 0
    assert "nothing has changed" in again.err
    assert snapshot(tmp_path / "out") == before


def test_what_is_out_of_date_goes(push: Push, free: Path, recut: Path, tmp_path: Path) -> None:
    push(free, "--to", tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    assert push(recut, "--to", tmp_path / "out").code == 0
    there = {path.name for path in (tmp_path / "out" / "stage1").iterdir()}
    shards = {path.name for path in (recut / "data").iterdir()}
    assert there == shards | {"manifest.json", "ledger.parquet", "citations.bib"}
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_damaged_file_is_sent_again(push: Push, free: Path, tmp_path: Path) -> None:
    push(free, "--to", tmp_path / "out")
    shard = next((tmp_path / "out" / "stage1").glob("train-*"))
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-9])
    assert "\n1 of " in push(free, "--to", tmp_path / "out").err
    assert shard.read_bytes() == whole


def test_a_folder_with_something_else_is_refused(push: Push, free: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("my thesis")
    said = push(free, "--to", tmp_path)
    assert said.code == 2
    assert "README.md in it" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://jane:geheim1@host/x", "without a login in it"),
        ("hf://datasets/lab/a", "--repo"),
        ("nosuch://x/y", "nosuch"),
        ("/dev/null/x", "that can be written"),
    ],
)
def test_addresses_that_cannot_be_are_faults(push: Push, free: Path, url: str, word: str) -> None:
    said = push(free, "--to", url)
    assert said.code == 2
    assert word in said.err
    assert "geheim1" not in said.err


# --- S3 ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3."""
    pytest.importorskip("moto.server", reason="moto[server] is not installed")
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    command = [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        line = next(line for line in process.stderr if "http://" in line)
        yield "http://" + line.rpartition("http://")[2].strip()
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty bucket, and the environment that leads to it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    # A file system that another test opened in this process knows the address of another server.
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    fs = fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)
    fs.mkdir("corpora")
    yield fs
    fs.rm("corpora", recursive=True)


def test_a_bucket_holds_what_was_built(
    push: Push, free: Path, recut: Path, bucket: Any, tmp_path: Path
) -> None:
    said = push(free, "--to", "s3://corpora/taiyi")
    assert said.code == 0, said.err
    assert "nothing has changed" in push(free, "--to", "s3://corpora/taiyi").err
    assert push(recut, "--to", "s3://corpora/taiyi").code == 0
    bucket.get("corpora/taiyi", str(tmp_path / "back"), recursive=True)
    loaded = datasets.load_dataset(str(tmp_path / "back"), "stage1", split="train")
    assert loaded.to_list() == rows(recut)
    shards = {path.name for path in (recut / "data").iterdir()}
    there = {path.name for path in (tmp_path / "back" / "stage1").iterdir()}
    assert there == shards | {"manifest.json", "ledger.parquet", "citations.bib"}


def test_a_bucket_that_is_not_there_is_a_fault(push: Push, free: Path, bucket: Any) -> None:
    said = push(free, "--to", "s3://nobodys/taiyi")
    assert said.code == 2
    assert "s3://nobodys/taiyi" in said.err
    assert SECRET not in said.err
    assert not bucket.exists("nobodys")
