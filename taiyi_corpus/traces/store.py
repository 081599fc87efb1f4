"""What was said in a run, kept as it comes: one JSON line a call, never changed, so that any run can go on.

A call is known by a hash of all that it depends on: row, role, attempt, messages, model and its parameters. The same
call is made once; a run that was cut goes on where it stopped, and one without a network replays what is there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import filelock
import msgspec
from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.traces.endpoint import Message, Model, Reply

CALLS, LOCK = "calls.jsonl", ".lock"


class Call(Struct, frozen=True, omit_defaults=True):
    """One call that is over: its reply, or why there will never be one."""

    key: str
    row: str
    role: str
    attempt: int
    reply: Reply | None = None
    error: str = ""


def key_of(row: str, role: str, attempt: int, messages: Sequence[Message], model: Model) -> str:
    """Return what a call is known by."""
    parts = (row, role, attempt, list(messages), model)
    return hashing.text_hash(msgspec.json.encode(parts).decode())


class Store:
    """The calls of a folder. Safe to use from several threads."""

    def __init__(self, path: Path, torn: bool) -> None:
        self.path, self.torn = path, torn
        self._calls: dict[str, Call] = {}
        self._lock = threading.Lock()

    def known(self, key: str) -> Call | None:
        """Return a call that was made, None if it was not."""
        return self._calls.get(key)

    def add(self, call: Call) -> None:
        """Keep a call; when this returns it outlives this process."""
        line = msgspec.json.encode(call) + b"\n"
        with self._lock, self.path.open("ab") as file:
            file.write(line)
            self._calls[call.key] = call

    def __len__(self) -> int:
        return len(self._calls)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other run out of a folder, which is made.

    Raises:
        InputError: another run is at work there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise InputError(
            Fault(str(folder), "a folder that no run works in", "another run")
        ) from None
    try:
        yield
    finally:
        lock.release()


def open_store(folder: Path) -> Store:
    """Return the calls of a folder; a last line that was torn off is dropped, and `torn` says so.

    Raises:
        InputError: a line is no call.
    """
    path = folder / CALLS
    data = path.read_bytes() if path.exists() else b""
    whole = data.rfind(b"\n") + 1
    store = Store(path, whole < len(data))
    if store.torn:
        with path.open("r+b") as file:
            file.truncate(whole)
    decoder = msgspec.json.Decoder(Call)
    for number, line in enumerate(data[:whole].splitlines(), 1):
        try:
            call = decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            hint = "Remove the line, or start anew."
            raise InputError(
                Fault(f"{path}:{number}", "a call as a run writes it", str(error), hint)
            ) from None
        store._calls[call.key] = call
    return store
