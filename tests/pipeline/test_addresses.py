"""Raw data, cache and output at addresses: the bytes of a build are those of one on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from taiyi_corpus import paths, remote
from taiyi_corpus.errors import InputError
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import load_registry
from tests.pipeline.world import RECIPE, World, shards

Built = tuple[Path, Manifest]


@pytest.fixture(autouse=True)
def mirrors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(remote.MIRRORS, str(tmp_path / "mirrors"))


@pytest.fixture
def bucket() -> Iterator[str]:
    """The address of a bucket of an S3 server on this machine."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", 0)
    fsspec = pytest.importorskip("fsspec")
    pytest.importorskip("s3fs")
    server.start()
    host, port = server.get_host_and_port()
    given = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y",
             "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    # A file system that another test opened in this process knows the address of another server.
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir("corpora")
    yield "s3://corpora"
    server.stop()
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


def put(folder: Path, address: str) -> None:
    fs, path = remote.opened(address)
    fs.put(f"{folder}/", path, recursive=True)


def got(address: str, folder: Path) -> Path:
    fs, path = remote.opened(address)
    fs.get(path, str(folder), recursive=True)
    return folder


def build_at(world: World, data: Path, out: str, workers: int = 1) -> None:
    build(
        load_registry([world.registry]), Recipe.model_validate(RECIPE), data, out, workers=workers
    )


def check(
    world: World,
    built: Built,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
    workers: int,
) -> None:
    put(world.data, f"{at}/data")
    monkeypatch.setenv(paths.CACHE, f"{at}/cache")
    monkeypatch.setenv(paths.DATA, f"{at}/data")
    build_at(world, paths.data_dir(), f"{at}/out/world", workers)

    assert shards(got(f"{at}/out/world", tmp_path / "got")) == shards(built[0])
    fs, path = remote.opened(f"{at}/cache")
    assert {name.split("/")[0] for name in (n[len(path) :].lstrip("/") for n in fs.find(path))} >= {
        "records",
        "curated",
    }
    assert not any("/builds/" in name for name in fs.find(path))


def test_a_build_from_and_to_memory(
    world: World, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(world, built, tmp_path, monkeypatch, f"memory://{tmp_path.name}", 1)


def test_a_build_from_and_to_a_bucket_with_two_workers(
    world: World, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bucket: str
) -> None:
    check(world, built, tmp_path, monkeypatch, bucket, 2)


def test_another_machine_reads_nothing_again(
    world: World, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = (tmp_path / "shared").as_uri()
    check(world, built, tmp_path, monkeypatch, at, 1)
    monkeypatch.setenv(remote.MIRRORS, str(tmp_path / "mirrors of another machine"))
    monkeypatch.setattr(
        "taiyi_corpus.normalise.store.read_tables", lambda *_: pytest.fail("read again")
    )
    build_at(world, paths.data_dir(), f"{at}/out/again")

    assert shards(got(f"{at}/out/again", tmp_path / "again")) == shards(built[0])


def test_raw_data_that_changed_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there"
    (there / "x").mkdir(parents=True)
    for name in ("a", "b"):
        (there / "x" / name).write_text(name)
    monkeypatch.setenv(paths.DATA, there.as_uri())
    folder = paths.data_dir() / "x"
    remote.refresh(folder)
    (there / "x" / "a").write_text("changed")
    (there / "x" / "b").unlink()
    remote.refresh(folder)

    assert {path.name: path.read_text() for path in folder.glob("[!.]*")} == {"a": "changed"}


def test_an_earlier_build_is_replaced_and_nothing_else(world: World, tmp_path: Path) -> None:
    out = tmp_path / "there" / "world"
    build_at(world, world.data, out.as_uri())
    (out / "data" / "train-00099-of-00099.parquet").touch()
    build_at(world, world.data, out.as_uri())
    assert not (out / "data" / "train-00099-of-00099.parquet").exists()

    (out / "mine.txt").touch()
    with pytest.raises(InputError, match=r"mine\.txt in it"):
        build_at(world, world.data, out.as_uri())


def test_an_address_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="nowhere://x"):
        build_at(world, world.data, "nowhere://x")
