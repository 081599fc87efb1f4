"""Questions of every kind, and what stands in the tags."""

from __future__ import annotations

from taiyi_corpus.rewards.question import Question
from taiyi_corpus.rewards.tagged import wrapped

TRACE = "[1] Case\n- a\n[2] Drugs\n- b\n[3] Reasoning\n- c\n[4] Summary\n- d"
SETS = Question(
    kind="tuples",
    style="json",
    options=["good", "bad", "none"],
    roles={"good": ["drug"], "bad": ["drug"]},
    symmetric=["good", "bad"],
    none="none",
)
DIRECTED = Question(
    kind="tuples", style="json", options=["causes"], roles={"causes": ["drug", "disease"]}
)
MENTIONS = Question(kind="mentions", style="json", options=["drug", "gene"])
LABELS = Question(kind="labels", style="json", options=["cause", "cure", "other"])
CHOICE = Question(kind="label", style="letter", options=["red", "green", "blue"])
EVENTS = Question(kind="events", style="json", options=["growth"], roles={"growth": ["theme"]})


def related(type_: str, *drugs: str) -> dict[str, object]:
    return {"type": type_, "args": [["drug", drug] for drug in drugs]}


def said(answer: str, think: str = TRACE) -> str:
    return wrapped(think, answer)
