"""Pushing to the Hub with its real client, and loading back with the real library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.world import World, rows
from tests.publish.conftest import Hub, Push

LOAD = """
import json, sys, datasets
made = datasets.load_dataset(*json.loads(sys.argv[1]), **json.loads(sys.argv[2]))
print(json.dumps({name: split.to_list() for name, split in made.items()}, default=str))
"""


def load(settings: dict[str, str], *args: str, **given: Any) -> dict[str, list[dict[str, Any]]]:
    """`datasets.load_dataset` in a process of its own: split -> rows."""
    command = [sys.executable, "-c", LOAD, json.dumps(args), json.dumps(given)]
    done = subprocess.run(command, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def test_what_is_pushed_is_what_load_dataset_gives(
    hub: Hub, push: Push, free: Path, settings: dict[str, str]
) -> None:
    said = push(free, "--repo", "lab/first")
    assert said.code == 0, said.err
    assert said.url == f"{hub.address}/datasets/lab/first"
    loaded = load(settings, "lab/first", "stage1")
    assert loaded["train"] == rows(free)
    assert loaded["validation"] == rows(free, "validation")
