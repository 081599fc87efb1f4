"""What a run gives a trainer: records for SFT with and without trace, and for RL as TRL and ms-swift spell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from taiyi_corpus.rewards.question import written
from taiyi_corpus.rewards.tagged import wrapped
from taiyi_corpus.traces.gate import heads
from taiyi_corpus.traces.prompts import fill, prompts
from taiyi_corpus.traces.rows import Row
from taiyi_corpus.traces.work import Result

Record = dict[str, Any]


def exports(
    rows: Sequence[Row], results: Sequence[Result], *, keep_failed: bool
) -> dict[str, list[Record]]:
    """Return file name -> records, in the order of the rows.

    Args:
        keep_failed: rows without an accepted trace are kept: in SFT without a trace, in RL with an empty one, so that
            the mix of labels stays what it was.
    """
    files: dict[str, list[Record]] = {
        name: []
        for name in ("sft.jsonl", "sft_plain.jsonl", "mix.jsonl", "rl_trl.jsonl", "rl_swift.jsonl")
    }
    for row, result in zip(rows, results, strict=True):
        accepted = result.status == "accepted"
        if not accepted and not keep_failed:
            continue
        for name, record in _records(row, result.think if accepted else ""):
            files[name].append(record)
    return files


def asked(row: Row, *, trace: bool) -> list[dict[str, str]]:
    """Return the messages a model in training is asked with."""
    said, analyst = prompts(row.language).student, prompts(row.language).analyst
    colon = "：" if row.language == "zh" else ": "
    slots = {
        "task": analyst.tasks[row.task],
        "labels": "\n".join(
            f"- {name}{colon}{note}" if note else f"- {name}" for name, note in row.labels
        ),
        "text": row.text,
        "context": fill(analyst.context, context=row.context) if row.context else "",
        "form": said.forms[row.task],
    }
    none = ""
    if row.question.none is not None:
        none = fill(
            said.none, nothing=row.question.render([{"type": row.question.none, "args": []}])
        )
    if not trace:
        user = fill(said.prompt_plain, **slots)
        return _messages(said.system_plain.strip(), f"{user}\n{none}".strip())
    system = fill(said.system, task=slots["task"], labels=slots["labels"])
    user = fill(
        said.prompt, sections="\n".join(heads(analyst.sections)),
        **{name: slots[name] for name in ("form", "text", "context")},
    )  # fmt: skip
    return _messages(f"{system}\n{none}".strip(), user)


def _records(row: Row, think: str) -> Iterator[tuple[str, Record]]:
    about = {"id": row.id, "dataset": row.dataset, "task": row.task, "language": row.language}
    plain = [*asked(row, trace=False), {"role": "assistant", "content": row.answer}]
    prompt = asked(row, trace=True)
    solution = wrapped(think, row.answer)
    full = [*prompt, {"role": "assistant", "content": solution}] if think else plain
    # One JSON text: a column of objects whose keys differ from row to row has no schema.
    checked = {"solution": solution, "question": written(row.question)}
    yield "sft.jsonl", {"messages": full, "trace": bool(think), **about}
    yield "sft_plain.jsonl", {"messages": plain, **about}
    yield "mix.jsonl", {**about, "question": _said(full[:-1]), "answer": full[-1]["content"]}
    yield "rl_trl.jsonl", {"prompt": prompt, **checked, **about}
    yield "rl_swift.jsonl", {"messages": prompt, **checked, **about}


def _messages(system: str, user: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def _said(messages: list[dict[str, str]]) -> str:
    return "\n\n".join(message["content"] for message in messages)
