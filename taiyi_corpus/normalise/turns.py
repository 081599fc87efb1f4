"""From raw fields to the turns of a dialogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from taiyi_corpus.normalise.faults import malformed
from taiyi_corpus.normalise.paths import getter, text_of
from taiyi_corpus.schema.record import Turn
from taiyi_corpus.spec.mapping import TurnsMap

Speaker = Callable[[Any], tuple[str, str]]  # element -> (user or assistant, what is said)


def turns_reader(spec: TurnsMap) -> Callable[[Any], list[Turn] | None]:
    """Return a function that gives alternating turns; consecutive turns of one speaker become one."""
    each, skip = getter(spec.each), frozenset(spec.skip)
    spoken = _marked(spec) if spec.marks else _labelled(spec)

    def read(row: Any) -> list[Turn] | None:
        found = each(row)
        if found is None:
            return None
        if not isinstance(found, list):
            raise malformed("a list of turns", found)
        turns: list[Turn] = []
        for item in found:
            role, text = spoken(item)
            if not text or text in skip:
                continue
            if turns and turns[-1].role == role:
                turns[-1] = Turn(turns[-1].role, turns[-1].text + spec.merge + text)
            else:
                turns.append(Turn("user" if role == "user" else "assistant", text))
        return turns

    return read


def _marked(spec: TurnsMap) -> Speaker:
    """Speakers told apart by how a turn starts."""
    get_text = getter(spec.text) if spec.text else None

    def spoken(item: Any) -> tuple[str, str]:
        raw = text_of(item if isinstance(item, str) or get_text is None else get_text(item)) or ""
        for mark, role in spec.marks.items():
            if raw.startswith(mark):
                return role, raw[len(mark) :].strip()
        raise malformed(f"a turn that starts with {list(spec.marks)}", raw[:40])

    return spoken


def _labelled(spec: TurnsMap) -> Speaker:
    """Speakers named beside what they say."""
    get_role = getter(spec.role) if spec.role else None
    get_text = getter(spec.text) if spec.text else None

    def spoken(item: Any) -> tuple[str, str]:
        raw = text_of(get_role(item) if get_role else None) or ""
        role = spec.roles.get(raw, raw)
        if role not in ("user", "assistant"):
            raise malformed(f"a speaker of {list(spec.roles) or ['user', 'assistant']}", raw)
        return role, (text_of(get_text(item) if get_text else None) or "").strip()

    return spoken
