"""The open connections of a client, so that a read which waits for a silent server can be ended."""

from __future__ import annotations

import contextlib
import socket
import weakref
from collections.abc import Mapping
from typing import Any


class Wires:
    """Remembers the sockets of a client while they are open; `seen` is a trace hook of httpcore."""

    def __init__(self) -> None:
        self._open: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    def seen(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of a connection that was made."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            made = info["return_value"].get_extra_info("socket")
            if isinstance(made, socket.socket):
                self._open.add(made)

    def cut(self) -> None:
        """End every connection; who reads from one is woken at once, which closing it would not do."""
        for each in list(self._open):
            with contextlib.suppress(OSError):  # it ended by itself
                each.shutdown(socket.SHUT_RDWR)
