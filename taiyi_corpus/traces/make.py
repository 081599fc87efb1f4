"""Making traces, on one screen: check, probe, go on where the last run stopped, write what came of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from taiyi_corpus.traces.endpoint import Endpoint, Model, check_access
from taiyi_corpus.traces.folder import empty, refuse_other, write_results, write_settings
from taiyi_corpus.traces.prompts import prompts
from taiyi_corpus.traces.report import Report, report
from taiyi_corpus.traces.rows import Read
from taiyi_corpus.traces.run import Bounds, Outcome, Progress, Run, silent
from taiyi_corpus.traces.store import locked, open_store
from taiyi_corpus.traces.work import Role

OPTIONS: dict[Role, str] = {"analyst": "--endpoint", "reviewer": "--reviewer-endpoint"}


class Made(Struct, frozen=True):
    """What a run came to."""

    report: Report
    calls: int  # made over the network
    replayed: int
    tokens: int  # of these calls
    cost: float
    torn: bool  # a last line of an earlier run was torn off, and is asked for again


def make(read: Read, folder: Path, models: Mapping[Role, Model], keys: Mapping[Role, str], bounds: Bounds, *,
         about: Mapping[str, Any], anew: bool = False, keep_failed: bool = False, timeout: float = 120.0,
         pause: float = 1.0, progress: Progress = silent) -> Made:  # fmt: skip
    """Write traces for the questions of a dataset into a folder.

    Args:
        models: analyst and reviewer.
        keys: what the endpoints ask for; "" for none.
        about: what else makes this run another one than the next: dataset, task, splits.
        anew: throw away what an earlier run left.
        keep_failed: keep rows without an accepted trace in the exports.
        timeout: seconds a call may take.
        pause: seconds before the second try of a call; each further pause is twice as long.

    Raises:
        InputError: the folder is another run's, or an endpoint is not there; nothing is written.
    """
    given = {role: check_access(OPTIONS[role], m, keys.get(role, "")) for role, m in models.items()}
    settings = _settings(read, models, bounds, about)
    refuse_other(folder, settings, anew=anew)
    stop = threading.Event()
    endpoints: dict[Role, Endpoint] = {
        role: Endpoint(model, given[role], timeout=timeout, pause=pause, stop=stop)
        for role, model in models.items()
    }
    try:
        if not bounds.offline:
            for role, endpoint in endpoints.items():
                endpoint.probe(OPTIONS[role])
        with locked(folder):
            if anew:
                empty(folder)
            write_settings(folder, settings)
            store = open_store(folder)
            done: Outcome = Run(endpoints, store, bounds, stop).rows(read.rows, progress)
            made = report(read, done.results, done.ended)
            write_results(folder, read, done.results, made, keep_failed=keep_failed)
            used = done.budget
            tokens = used.tokens_in + used.tokens_out
            return Made(made, used.calls, done.replayed, tokens, used.cost, store.torn)
    finally:
        for endpoint in endpoints.values():
            endpoint.close()


def _settings(
    read: Read, models: Mapping[Role, Model], bounds: Bounds, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what must be the same for a run to go on: not how many workers it has, nor what it may cost."""
    return {
        **about,
        "models": {role: msgspec.to_builtins(model) for role, model in sorted(models.items())},
        "attempts": bounds.attempts,
        "threshold": bounds.threshold,
        "prompts": {
            language: prompts(language).hash
            for language in sorted({row.language for row in read.rows})
        },
    }
