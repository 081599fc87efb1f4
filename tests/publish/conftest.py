"""Builds to publish, and a stand-in for the Hub to publish them to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from taiyi_corpus.cli.app import app
from taiyi_corpus.publish.of_build import Wish, parcel_of_build
from taiyi_corpus.publish.parcel import Parcel
from taiyi_corpus.spec.registry import load_registry
from tests.pipeline.world import SPECS, World, make_world
from tests.publish import hub_site

# What nobody says may be passed on.
UNKNOWN = {"name": "none stated", "says": "nobody", "redistributable": "unknown"}


@dataclass(frozen=True)
class Hub:
    """The running stand-in."""

    address: str

    def ask(self, what: str, said: Any = None) -> Any:
        body = None if said is None else json.dumps(said).encode()
        with urllib.request.urlopen(f"{self.address}/{what}", body) as answer:
            return json.load(answer)

    def repo(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("_repos")[name]
        return found

    def asked(self) -> list[str]:
        """Requests since the last call."""
        found: list[str] = self.ask("_asked")
        return found


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def url(self) -> str:
        return self.out.splitlines()[-1]


Push = Callable[..., Said]


@pytest.fixture(scope="package")
def hub() -> Iterator[Hub]:
    process = subprocess.Popen(
        [sys.executable, "-S", str(Path(hub_site.__file__))], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield Hub(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two datasets that may be passed on, and one of which nobody knows."""
    specs = {**SPECS, "questions": {**SPECS["questions"], "license": UNKNOWN}}
    return make_world(tmp_path_factory.mktemp("world"), specs)


@pytest.fixture(scope="package")
def free(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of what may be passed on."""
    out = tmp_path_factory.mktemp("builds") / "free"
    world.build(out, named=["classes", "mentions"])
    return out


@pytest.fixture(scope="package")
def mixed(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build that also has rows which may not."""
    out = tmp_path_factory.mktemp("builds") / "mixed"
    world.build(out)
    return out


@pytest.fixture(scope="package")
def recut(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same rows in fewer shards."""
    out = tmp_path_factory.mktemp("builds") / "recut"
    world.build(out, named=["classes", "mentions"], shard_rows=150)
    return out


@pytest.fixture(scope="package")
def second(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of stage 2."""
    out = tmp_path_factory.mktemp("builds") / "second"
    world.build(out, named=["mentions"], name="second", stage=2, splits=["train"])
    return out


@pytest.fixture(scope="package")
def settings(hub: Hub, world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user who is logged in to the stand-in."""
    return {
        **os.environ,
        "HF_ENDPOINT": hub.address,
        "HF_TOKEN": hub_site.TOKEN,
        "HF_HOME": str(tmp_path_factory.mktemp("hf")),
        "HF_HUB_DISABLE_XET": "1",
        "TAIYI_CORPUS_REGISTRY": str(world.registry),
        "TAIYI_CORPUS_CACHE": str(tmp_path_factory.mktemp("cache")),
    }


@pytest.fixture(scope="package")
def process(settings: dict[str, str]) -> Push:
    """Run `taiyi-corpus push` as a process of its own: `process(build, "--repo", "lab/a")`."""

    def run(*args: str | Path, **environ: str) -> Said:
        command = [sys.executable, "-m", "taiyi_corpus", "push", *map(str, args)]
        done = subprocess.run(
            command, env={**settings, **environ}, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr or "HF_DEBUG" in environ, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def push(settings: dict[str, str], hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Push:
    """Run `taiyi-corpus push` in this process, which is quicker."""
    import datasets.config
    import huggingface_hub.constants

    for name in ("HF_TOKEN", "TAIYI_CORPUS_REGISTRY", "TAIYI_CORPUS_CACHE"):
        monkeypatch.setenv(name, settings[name])
    # Both read the environment when they are imported.
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", hub.address)
    files = f"{hub.address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(datasets.config, "HF_ENDPOINT", hub.address)

    def run(*args: str | Path) -> Said:
        result = CliRunner().invoke(app, ["push", *map(str, args)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert hub_site.TOKEN not in result.output
        return Said(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def parcel(world: World, tmp_path: Path) -> Callable[..., Parcel]:
    """What would be sent of a build: `parcel(build, splits=("train",))`."""

    def made(build: Path, **wish: Any) -> Parcel:
        return parcel_of_build(
            build, "lab/a", load_registry([world.registry]), tmp_path, Wish(**wish)
        )

    return made
