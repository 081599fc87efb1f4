"""The names of engines, and of what they run."""

from __future__ import annotations

from typing import Any, Literal

EngineName = Literal["local", "ray"]
_LONGEST = 200


def name_of(job: Any) -> str:
    """Return what messages call a job: its `label`, else what it looks like."""
    label = getattr(job, "label", None)
    text = label if isinstance(label, str) else repr(job)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
