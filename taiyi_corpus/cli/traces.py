"""`traces`: reasoning traces for the questions of a dataset, by an analyst and a reviewer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, RegistryDirs, Samples, one_of, registry_of
from taiyi_corpus.cli.traces_shown import TracesBar, say_made
from taiyi_corpus.errors import Fault, InputError

if TYPE_CHECKING:
    from taiyi_corpus.spec.registry import Registry
    from taiyi_corpus.traces.rows import Policy, Read

_OURS = ("model", "messages", "stream")  # of a request


def traces(
    id_: Annotated[
        str, typer.Argument(metavar="DATASET", help="Id of a dataset.", show_default=False)
    ],
    endpoint: Annotated[
        str,
        typer.Option(
            "--endpoint", metavar="URL", help="Base URL of an OpenAI-compatible endpoint, with /v1."
        ),
    ],
    analyst: Annotated[str, typer.Option("--analyst", metavar="MODEL", help="Who writes.")],
    reviewer: Annotated[str, typer.Option("--reviewer", metavar="MODEL", help="Who judges.")],
    reviewer_endpoint: Annotated[
        str | None, typer.Option("--reviewer-endpoint", metavar="URL", help="If it is another.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to write; else out/traces/<id>."),
    ] = None,
    task: Annotated[
        str | None,
        typer.Option("--task", metavar="TASK", help="Else re, or the first that has traces."),
    ] = None,
    split: Annotated[
        list[str] | None, typer.Option("--split", metavar="SPLIT", help="Else train; repeatable.")
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--records", metavar="FILE", help="Records of your own in the schema, as JSON."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N records.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help="Calls at a time.")
    ] = 4,
    attempts: Annotated[
        int, typer.Option("--attempts", metavar="N", min=1, help="Attempts a row.")
    ] = 3,
    threshold: Annotated[
        int,
        typer.Option(
            "--threshold", metavar="N", min=0, max=5, help="Least score of each criterion."
        ),
    ] = 4,
    temperature: Annotated[
        float, typer.Option("--temperature", metavar="T", min=0.0, help="Of the analyst.")
    ] = 0.7,
    analyst_body: Annotated[
        str,
        typer.Option(
            "--analyst-body", metavar="JSON", help="What else its requests hold; null takes away."
        ),
    ] = "{}",
    reviewer_body: Annotated[
        str, typer.Option("--reviewer-body", metavar="JSON", help="The same for the reviewer.")
    ] = "{}",
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=1.0, help="Seconds a call may take.")
    ] = 120.0,
    max_calls: Annotated[
        int | None, typer.Option("--max-calls", metavar="N", min=0, help="Stop there.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", metavar="N", min=0, help="Stop there.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", metavar="X", min=0.0, help="Stop there.")
    ] = None,
    price_in: Annotated[
        float, typer.Option("--price-in", metavar="X", help="Of a million tokens read.")
    ] = 0.0,
    price_out: Annotated[
        float, typer.Option("--price-out", metavar="X", help="Of a million written.")
    ] = 0.0,
    map_type: Annotated[
        list[str] | None,
        typer.Option("--map-type", metavar="A=B", help="Relation type A is B; repeatable."),
    ] = None,
    few: Annotated[
        str,
        typer.Option(
            "--few", metavar="POLICY", help="Relations of fewer than two: reject or keep."
        ),
    ] = "reject",
    keep_failed: Annotated[
        bool,
        typer.Option(
            "--keep-failed", help="Export rows without a trace too, so that the label mix holds."
        ),
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Only replay what was said before.")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Throw away what an earlier run left.")
    ] = False,
    samples: Samples = False,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """Write reasoning traces: an analyst writes, code checks, a reviewer judges, and again with what they said.

    Keys come from the environment only: TAIYI_CORPUS_ANALYST_KEY and TAIYI_CORPUS_REVIEWER_KEY, else OPENAI_API_KEY.
    What was said is kept as it comes; the same command goes on where it stopped. Exit code 1: records were rejected, or
    rows are unfinished and no budget is why.

    \b
    Example:
      taiyi-corpus traces drugcomb --endpoint http://localhost:8000/v1 --analyst big --reviewer bigger
    """
    from taiyi_corpus.traces.budget import Limits
    from taiyi_corpus.traces.endpoint import Model
    from taiyi_corpus.traces.make import make
    from taiyi_corpus.traces.run import Bounds

    one_of("--few", few, ("reject", "keep"))
    bodies = [_body("--analyst-body", analyst_body), _body("--reviewer-body", reviewer_body)]
    known = registry_of(registry, [id_])
    chosen = _task(known, id_, task)
    splits = sorted(set(split or ["train"]))
    policy = _policy(map_type or [], few)
    read = _read(known, id_, chosen, splits, policy, records, limit, data, samples=samples)
    with TracesBar() as bar:
        made = make(
            read,
            out or Path("out") / "traces" / id_,
            {
                "analyst": Model(endpoint.rstrip("/"), analyst, temperature, more=bodies[0]),
                "reviewer": Model(
                    (reviewer_endpoint or endpoint).rstrip("/"), reviewer, more=bodies[1]
                ),
            },
            {role: _key(role) for role in ("analyst", "reviewer")},
            Bounds(
                attempts=attempts, threshold=threshold, workers=workers, offline=offline,
                limits=Limits(max_calls, max_tokens, max_cost, price_in, price_out),
            ),
            about={"dataset": id_, "task": chosen, "splits": splits},
            anew=anew, keep_failed=keep_failed, timeout=timeout, progress=bar,
        )  # fmt: skip
    say_made(made, read)
    stuck = made.report.unfinished and made.report.ended != "budget"
    if stuck or any(left.status == "rejected" for left in read.left):
        raise typer.Exit(1)


def _key(role: str) -> str:
    return os.environ.get(f"TAIYI_CORPUS_{role.upper()}_KEY") or os.environ.get(
        "OPENAI_API_KEY", ""
    )


def _body(option: str, text: str) -> dict[str, Any]:
    wanted = f"a JSON object without {', '.join(_OURS)}"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(Fault(option, wanted, str(error))) from None
    if not isinstance(value, dict) or any(name in value for name in _OURS):
        raise InputError(Fault(option, wanted, text))
    return value


def _task(known: Registry, id_: str, task: str | None) -> str:
    from taiyi_corpus.traces.prompts import TASKS

    able = [name for name in known[id_].tasks if name in TASKS]
    if task is None and able:
        return "re" if "re" in able else able[0]
    if task is None or task not in able:
        wanted = f"a task of {id_} that traces are written for"
        raise InputError(
            Fault("--task", wanted, repr(task), f"Known: {', '.join(able) or 'none'}.")
        )
    return task


def _policy(pairs: list[str], few: str) -> Policy:
    from taiyi_corpus.traces.rows import Policy

    split = [pair.partition("=") for pair in pairs]
    if faults := [
        Fault("--map-type", "A=B", repr("".join(p))) for p in split if not (p[0] and p[1] and p[2])
    ]:
        raise InputError(faults)
    return Policy({before: after for before, _, after in split}, few == "keep")


def _read(known: Registry, id_: str, task: str, splits: list[str], policy: Policy, records: Path | None,
          limit: int | None, data: Path | None, *, samples: bool) -> Read:  # fmt: skip
    import itertools

    from taiyi_corpus.instruct.ask import Setting
    from taiyi_corpus.review.open import records as stored_records
    from taiyi_corpus.review.open import stored
    from taiyi_corpus.spec.recipe import Group, Recipe
    from taiyi_corpus.traces.records import read_records
    from taiyi_corpus.traces.rows import read

    recipe = Recipe(name="traces", about="Traces.", stage=2, groups=[Group(name="all")])
    setting = Setting(known[id_], recipe)
    if records is not None:
        given, left = read_records(records)
        found = read(given[:limit], setting, task, policy)
        found.left[:0] = left
        return found
    located, dataset = stored(known, id_, paths.existing_data_dir(data), samples=samples)
    if unknown := [split for split in splits if split not in located.splits]:
        wanted = f"a split of {id_}"
        raise InputError(
            Fault("--split", wanted, repr(unknown[0]), f"Known: {', '.join(located.splits)}.")
        )
    of_splits = (record for record in stored_records(dataset) if record.split in splits)
    return read(itertools.islice(of_splits, limit), setting, task, policy)
