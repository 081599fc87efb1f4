"""What every test may rely on: no network, no cache but its own, released data by environment variable only."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

NEEDS = {
    "real_data": ("TAIYI_CORPUS_DATA", "data_dir"),
    "golden": ("TAIYI_CORPUS_GOLDEN", "golden_dir"),
}
WHERE = {mark: os.environ.get(variable) for mark, (variable, _) in NEEDS.items()}
COUNTED = "needs"  # user property of a report: the mark of a test that read released files

hypothesis.settings.register_profile(
    "repeatable", deadline=None, derandomize=True, max_examples=100
)
hypothesis.settings.load_profile("repeatable")


# --- the user's own settings and caches stay out of the tests ---------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Seal the environment before any test module, and so any library, is imported."""
    for mark, folder in WHERE.items():
        if folder and not Path(folder).is_dir():
            raise pytest.UsageError(f"{NEEDS[mark][0]} names no folder: {folder}")
    cache = tempfile.mkdtemp(prefix="taiyi-corpus-tests-")
    config.add_cleanup(lambda: shutil.rmtree(cache, ignore_errors=True))
    sealed = pytest.MonkeyPatch()
    config.add_cleanup(sealed.undo)
    sealed.setenv("TAIYI_CORPUS_CACHE", str(Path(cache, "taiyi-corpus")))
    sealed.setenv("HF_HOME", str(Path(cache, "huggingface")))
    sealed.delenv("TAIYI_CORPUS_REGISTRY", raising=False)


@pytest.fixture(autouse=True)
def _released_data_only_where_marked(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hide TAIYI_CORPUS_DATA and _GOLDEN from unmarked tests: they mean the same on every machine."""
    for mark, (variable, _) in NEEDS.items():
        if request.node.get_closest_marker(mark) is None:
            monkeypatch.delenv(variable, raising=False)


# --- no network -------------------------------------------------------------------------------


class NetworkBlockedError(OSError):
    """A test tried to leave this machine."""


def _stays_here(sock: socket.socket, address: Any) -> bool:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = address[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse connections that leave this machine, and fail a test that swallows the refusal."""
    tried: list[Any] = []

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def connect(sock: socket.socket, address: Any) -> Any:
            if _stays_here(sock, address):
                return real(sock, address)
            # Connecting a datagram socket sends nothing; libraries do it to learn their own address.
            if sock.type == socket.SOCK_STREAM:
                tried.append(address)
            raise NetworkBlockedError(f"tests use no network, but this one connects to {address}")

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    yield
    assert not tried, f"the test tried to reach {tried}"


# --- released data ----------------------------------------------------------------------------


def _folder(mark: str) -> Path:
    folder = WHERE[mark]
    if not folder:
        pytest.skip(f"{NEEDS[mark][0]} is unset")
    return Path(folder)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of released raw files, `<id>/...` below it."""
    return _folder("real_data")


@pytest.fixture(scope="session")
def golden_dir() -> Path:
    """The folder of independent readings, `<id>.jsonl.gz`."""
    return _folder("golden")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what asks for released data, and skip it where there is none."""
    for mark, (variable, fixture) in NEEDS.items():
        if fixture in getattr(item, "fixturenames", ()):
            item.add_marker(mark)
        if item.get_closest_marker(mark) is None:
            continue
        if WHERE[mark]:
            item.user_properties.append((COUNTED, mark))
        else:
            item.add_marker(pytest.mark.skip(reason=f"{variable} is unset"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many tests read released files: a run without them must not look like one with them."""
    ran = {
        report.nodeid
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if any(key == COUNTED for key, _ in report.user_properties)
    }
    terminalreporter.write_line(f"real data: {len(ran)} tests ran")
