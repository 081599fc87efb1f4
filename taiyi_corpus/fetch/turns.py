"""Politeness: how many requests a host gets at once, and how far apart they start."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class Turns:
    """Gives turns at hosts: `connections` at once, `pause` seconds between the starts of two."""

    def __init__(
        self,
        connections: int = 2,
        pause: float = 0.3,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._pause, self._sleep = pause, sleep
        self._slots: defaultdict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(connections)
        )
        self._next: defaultdict[str, float] = defaultdict(float)  # host -> earliest next start
        self._guard = threading.Lock()

    @contextmanager
    def at(self, url: str, stop: threading.Event) -> Iterator[None]:
        """Wait for a turn at the host of `url` and hold it; `stop` ends the waiting."""
        host = _host(url)
        with self._guard:
            slots = self._slots[host]
        with slots:
            with self._guard:
                now = time.monotonic()
                start = max(now, self._next[host])
                self._next[host] = start + self._pause
            if start > now:
                (self._sleep or stop.wait)(start - now)
            yield

    def hold(self, url: str, seconds: float) -> None:
        """Let nobody start at that host for some seconds: it asked for it."""
        with self._guard:
            host = _host(url)
            self._next[host] = max(self._next[host], time.monotonic() + seconds)


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
