"""What a worker process does: it starts, does jobs, and leaves quietly at Ctrl-C or when its parent is gone."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from typing import Any, TypeVar

J = TypeVar("J")
R = TypeVar("R")
# Objects made between two looks of the collector. Records are trees: looking at them finds nothing and takes long.
SELDOM = 200_000


class _Hidden(MetaPathFinder):
    """Lets one package not be found."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, fullname: str, *_: Any) -> None:
        if fullname == self._name:
            raise ModuleNotFoundError(fullname, name=fullname)


def _hide_pandas_from_arrow() -> None:
    """Let Arrow look for pandas, once and in vain: at its first list it would import it, 40 MB that no job needs."""
    import pyarrow as pa

    hidden = _Hidden("pandas")
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(hidden)


def start() -> None:
    """Make this process ready for jobs."""
    # Workers hold both ends of their queues, so nothing else tells them that the parent was killed.
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _hide_pandas_from_arrow()
    # What is imported stays: the collector need not look at it again and again.
    gc.freeze()
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])
    # Ctrl-C reaches every process: the parent speaks, and tells the workers to go.
    signal.signal(signal.SIGINT, _interrupt)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_with_the_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


class Interrupt:
    """What Ctrl-C is to a worker: it ends a job, which clears away what it was writing, and nothing else.

    An exception while a result is handed over would leave the queue locked, and a death would leave half a message
    in it: the others, or the parent, would wait for ever. So there it is only noted, and the next job is not begun.
    """

    def __init__(self) -> None:
        self.at_work = self.heard = False

    def __call__(self, *_: Any) -> None:
        """Hear the signal."""
        first, self.heard = not self.heard, True
        if self.at_work and first:  # the clearing away is not interrupted again
            raise SystemExit(130)


_interrupt = Interrupt()


def do(function: Callable[[J], R], job: J) -> R:
    """Return what a job gives."""
    try:
        _interrupt.at_work = True
        if _interrupt.heard:
            raise SystemExit(130)
        return function(job)
    finally:
        _interrupt.at_work = False
