"""Politeness: few at once, and not too fast."""

from __future__ import annotations

import threading
import time

import pytest

from taiyi_corpus.fetch.turns import Turns

ONE, OTHER = "https://one.example/a", "https://other.example/a"


@pytest.mark.parametrize(("url", "most"), [(ONE, 2), (None, 4)])
def test_a_host_gets_so_many_at_once(url: str | None, most: int) -> None:
    turns, stop = Turns(connections=2, pause=0.0), threading.Event()
    now, seen, guard = 0, 0, threading.Lock()

    def visit(where: str) -> None:
        nonlocal now, seen
        with turns.at(where, stop):
            with guard:
                now += 1
                seen = max(seen, now)
            time.sleep(0.05)
            with guard:
                now -= 1

    hosts = [url or (ONE, OTHER)[n % 2] for n in range(6)]
    threads = [threading.Thread(target=visit, args=(host,)) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == most


def test_starts_at_a_host_lie_apart() -> None:
    waits: list[float] = []
    turns, stop = Turns(connections=9, pause=10.0, sleep=waits.append), threading.Event()
    for url in (ONE, OTHER, ONE, "https://one.example/b"):
        with turns.at(url, stop):
            pass
    assert [round(wait) for wait in waits] == [10, 20]


def test_a_host_that_asks_for_a_pause_gets_it() -> None:
    waits: list[float] = []
    turns, stop = Turns(pause=0.0, sleep=waits.append), threading.Event()
    turns.hold(ONE, 30.0)
    with turns.at(OTHER, stop), turns.at(ONE, stop):
        pass
    assert [round(wait) for wait in waits] == [30]


def test_nobody_waits_who_is_told_to_stop() -> None:
    turns, stop = Turns(), threading.Event()
    stop.set()
    turns.hold(ONE, 60.0)
    started = time.monotonic()
    with turns.at(ONE, stop):
        assert time.monotonic() - started < 5
