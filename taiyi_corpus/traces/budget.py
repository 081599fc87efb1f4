"""What a run may use up: calls, tokens, money. Counted for what goes over the network, never for what is replayed."""

from __future__ import annotations

import threading

from msgspec import Struct

from taiyi_corpus.traces.endpoint import Reply


class Limits(Struct, frozen=True):
    """The most a run may use; None: no limit. Prices are for a million tokens."""

    calls: int | None = None
    tokens: int | None = None
    cost: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0


class OverBudget(Exception):
    """A limit is reached; the run ends and can be continued."""


class Budget:
    """Counts what a run uses. Safe to use from several threads."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._lock = limits, threading.Lock()
        self.calls = self.tokens_in = self.tokens_out = 0

    @property
    def cost(self) -> float:
        """Return what the tokens cost."""
        limits = self._limits
        return (self.tokens_in * limits.price_in + self.tokens_out * limits.price_out) / 1e6

    def take(self) -> None:
        """Count a call that is about to be made; raise OverBudget if it may not."""
        limits = self._limits
        with self._lock:
            if (
                (limits.calls is not None and self.calls >= limits.calls)
                or (limits.tokens is not None and self.tokens_in + self.tokens_out >= limits.tokens)
                or (limits.cost is not None and self.cost >= limits.cost)
            ):
                raise OverBudget
            self.calls += 1

    def add(self, reply: Reply) -> None:
        """Count what a call used."""
        with self._lock:
            self.tokens_in += reply.tokens_in
            self.tokens_out += reply.tokens_out
