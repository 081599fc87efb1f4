"""A run: rows through bounded workers, in the order of the input whatever finishes first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from msgspec import Struct

from taiyi_corpus.traces.budget import Budget, Limits, OverBudget
from taiyi_corpus.traces.endpoint import CallError, Endpoint, Message, Reply, Stopped
from taiyi_corpus.traces.prompts import prompts
from taiyi_corpus.traces.rows import Row
from taiyi_corpus.traces.store import Call, Store, key_of
from taiyi_corpus.traces.work import Result, Role, trace

Progress = Callable[[int, int, int], None]  # done, of, accepted
ATTEMPTS, THRESHOLD = 3, 4


class Bounds(Struct, frozen=True):
    """How a run goes about its work."""

    attempts: int = ATTEMPTS
    threshold: int = THRESHOLD
    workers: int = 4
    offline: bool = False
    grace: float = 10.0  # seconds that calls under way still have after an interrupt
    limits: Limits = Limits()


class Outcome(Struct):
    """What a run came to: a result for each row, in order, and why it ended early if it did."""

    results: list[Result]
    budget: Budget
    replayed: int = 0
    ended: str = ""  # "", "budget", or the fault of an endpoint


def silent(done: int, of: int, accepted: int) -> None:
    """Show nothing."""


class Run:
    """Rows and the endpoints they are asked at."""

    def __init__(
        self, endpoints: dict[Role, Endpoint], store: Store, bounds: Bounds, stop: threading.Event
    ) -> None:
        self._endpoints, self._store, self._bounds, self._stop = endpoints, store, bounds, stop
        self._budget, self._replayed, self._ended = Budget(bounds.limits), 0, ""
        self._lock = threading.Lock()

    def rows(self, rows: Sequence[Row], progress: Progress = silent) -> Outcome:
        """Return what becomes of rows.

        On Ctrl-C KeyboardInterrupt goes on; what was said is kept, and what is said within the grace after it.
        """
        results: list[Result | None] = [None] * len(rows)
        done = accepted = 0
        progress(0, len(rows), 0)
        with ThreadPoolExecutor(max_workers=max(1, self._bounds.workers)) as pool:
            waiting: dict[Future[Result], int] = {}
            queue = iter(enumerate(rows))
            try:
                while True:
                    # A few more than there are workers: a long list is not turned into a long queue.
                    while len(waiting) < 2 * self._bounds.workers and (item := next(queue, None)):
                        waiting[pool.submit(self._row, item[1])] = item[0]
                    if not waiting:
                        break
                    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                        at = waiting.pop(future)
                        result = results[at] = future.result()
                        done, accepted = done + 1, accepted + (result.status == "accepted")
                        progress(done, len(rows), accepted)
            except BaseException:
                self._stop.set()
                try:
                    wait(waiting, timeout=self._bounds.grace)
                finally:
                    for endpoint in self._endpoints.values():
                        endpoint.cut()
                raise
        whole = [result for result in results if result is not None]
        return Outcome(whole, self._budget, self._replayed, self._ended)

    def _row(self, row: Row) -> Result:
        bounds = self._bounds
        try:
            return trace(
                row,
                self._ask,
                prompts(row.language),
                attempts=bounds.attempts,
                threshold=bounds.threshold,
            )
        except Stopped:
            reason = self._ended or "stopped"
        except OverBudget:
            reason = self._end("budget")
        except CallError as error:
            reason = self._end(f"the endpoint takes no more calls ({error.reason})")
        return Result(id=row.id, status="unfinished", reason=reason)

    def _end(self, why: str) -> str:
        """Let no further call begin; rows that need none still come to their end."""
        with self._lock:
            self._ended = self._ended or why
        self._stop.set()
        return self._ended

    def _ask(self, row: str, role: Role, attempt: int, messages: Sequence[Message]) -> Reply:
        endpoint = self._endpoints[role]
        key = key_of(row, role, attempt, messages, endpoint.model)
        call = self._store.known(key)
        if call is None:
            call = self._call(endpoint, Call(key, row, role, attempt), messages)
        else:
            with self._lock:
                self._replayed += 1
        if call.reply is None:
            raise CallError(call.error, final=True)
        return call.reply

    def _call(self, endpoint: Endpoint, call: Call, messages: Sequence[Message]) -> Call:
        if self._bounds.offline:
            raise CallError("not_in_cache")
        if self._stop.is_set():
            raise Stopped
        self._budget.take()
        try:
            reply = endpoint.chat(messages, call.key)
        except CallError as error:
            if not error.final:
                raise
            made = Call(call.key, call.row, call.role, call.attempt, None, error.reason)
        else:
            self._budget.add(reply)
            made = Call(call.key, call.row, call.role, call.attempt, reply)
        self._store.add(made)
        return made
