"""Builds on a Ray cluster that is there already, and on one that loses a machine: `make ray`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml

from tests.pipeline.world import RECIPE, World, make_world, shards

pytest.importorskip("ray", reason="Ray is not installed: `make ray`")
pytestmark = pytest.mark.ray

_HERE = "127.0.0.1"
# Who builds has what the cluster has: no token between them, whatever this machine is set up for.
_OPEN = {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of a cluster of three machines: one that does no jobs, and two with a processor each."""
    for name, value in _OPEN.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as free:
        free.bind((_HERE, 0))
        address = f"{_HERE}:{free.getsockname()[1]}"
    # Sockets lie in the folder: its name must be short.
    with tempfile.TemporaryDirectory(prefix="ray") as folder, ExitStack() as machines:
        port = address.rpartition(":")[2]
        head = ("--head", f"--port={port}", f"--temp-dir={folder}", "--include-dashboard=false")
        machines.enter_context(_machine(*head, "--num-cpus=0"))
        for _ in range(2):
            machines.enter_context(_machine(f"--address={address}", "--num-cpus=1"))
        yield address


@contextmanager
def _machine(*flags: str) -> Iterator[None]:
    ray = str(Path(sys.executable).with_name("ray"))
    command = [ray, "start", f"--node-ip-address={_HERE}", *flags, "--block"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "--block" in line:  # it has started, and waits
                break
        else:
            pytest.fail("".join(said))
        try:
            yield
        finally:
            process.terminate()
            process.stdout.read()


def test_a_build_on_a_cluster_that_is_there_has_the_bytes_of_a_local_one(
    tmp_path: Path, cluster: str
) -> None:
    world: World = make_world(tmp_path / "world")
    world.build(tmp_path / "local")
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(RECIPE))
    flags = {"--recipe": recipe, "--registry": world.registry, "--data": world.data, "--out": tmp_path / "ray",
             "--engine": "ray", "--ray-address": cluster}  # fmt: skip
    command = [sys.executable, "-m", "taiyi_corpus", "build"]
    for flag, value in flags.items():
        command += [flag, str(value)]
    cache = {"TAIYI_CORPUS_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(
        command, env={**os.environ, **cache}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert shards(tmp_path / "ray") == shards(tmp_path / "local")


def test_a_build_that_loses_a_machine_has_the_bytes_of_a_local_one(
    tmp_path: Path, cluster: str
) -> None:
    world: World = make_world(tmp_path / "world")
    world.build(tmp_path / "local")

    assert world.run(tmp_path / "ray", "lose", engine=f"ray@{cluster}", workers=2) == 0
    assert (tmp_path / "ray.lost").exists()
    assert shards(tmp_path / "ray") == shards(tmp_path / "local")
