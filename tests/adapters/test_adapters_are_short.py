"""An adapter is a short function, named by what it does, that some dataset needs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import taiyi_corpus.adapters
from taiyi_corpus import paths
from taiyi_corpus.adapters import adapters
from taiyi_corpus.spec.registry import load_registry

FOLDER = Path(taiyi_corpus.adapters.__file__).parent
REGISTRY = load_registry([paths.bundled("registry")])
MOST_LINES = 80
MOST = 39  # what a third dataset needs becomes a reader option or a key of the mapping


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_it_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_every_adapter_is_used_by_a_dataset() -> None:
    used = {spec.adapter for spec in REGISTRY.values()}
    used |= {variant.adapter for spec in REGISTRY.values() for variant in spec.variants.values()}
    # Adapters may build on each other.
    used |= {
        name
        for name in adapters()
        for path in FOLDER.glob("*.py")
        if f"import Side, {name}" in path.read_text(encoding="utf-8")
    }
    assert set(adapters()) == used - {None}


def test_none_serves_three_datasets() -> None:
    users = Counter(
        name
        for spec in REGISTRY.values()
        for name in {spec.adapter, *(variant.adapter for variant in spec.variants.values())}
        if name is not None
    )
    assert {name: n for name, n in users.items() if n > 2} == {}


def test_they_are_few() -> None:
    assert len([path for path in FOLDER.glob("*.py") if path.stem != "__init__"]) <= MOST


def test_none_is_named_by_a_dataset() -> None:
    assert not set(adapters()) & set(REGISTRY)
