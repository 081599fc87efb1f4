"""Event extraction: type, trigger and arguments of each event of a text."""

from __future__ import annotations

from typing import Any

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.tasks.relations import Names, _role
from taiyi_corpus.instruct.windows import windows
from taiyi_corpus.schema.record import Event, Record

COLUMNS = ("text", "entities", "concepts", "events", "sentence_bounds")
_WINDOW = 1000


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all event types, and at the stated rates instances with one type."""
    if record.events is None or record.text is None:
        return []
    try:
        count = len(windows(record, setting.recipe.max_tokens))
    except Refused:
        return [Candidate(task, "all_events", 0)]
    found = []
    for window in range(count):
        key = record.id if window == 0 else f"{record.id}@{window}"
        for form, default in (("all_events", 1.0), ("one_event", 0.0)):
            times = setting.times(task, form, key, default)
            found += [Candidate(task, form, window * _WINDOW + k) for k in range(times)]
    return found


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    number, k = divmod(candidate.k, _WINDOW)
    window = windows(record, setting.recipe.max_tokens)[number]
    text = (record.text or "")[window.start : window.end].strip()
    key, labels = candidate.id(record.id), setting.spec.labels
    shown = setting.shown(labels.events, record, key)  # type: ignore[arg-type]
    names = Names(record, window)
    events = sorted((e for e in record.events or [] if e.type in shown), key=_place)
    tuples = [
        (e.type, made)
        for e in events
        if (made := _tuple(e, names, shown, setting, record)) is not None
    ]
    language = setting.language(record)
    if candidate.form == "one_event":
        present = sorted({code for code, _ in tuples})
        absent = sorted(set(shown) - set(present))
        pool = present
        if not present or (absent and hashing.unit(setting.seed, "absent_event", key) < 0.2):
            pool = absent or present
        code = hashing.shuffled(pool, setting.seed, "one_event", record.id)[k % len(pool)]
        shown, tuples = {code: shown[code]}, [(c, made) for c, made in tuples if c == code]
    gold = _distinct([made for _, made in tuples])
    if not gold and not setting.keeps_negative("ee", key):
        raise Refused("negative_not_kept", "no event of the asked types")
    roles = {
        shown[code]: [_role(role, setting, record) for role in labels.events[code].roles]
        for code in shown
    }
    options = list(shown.values())
    all_roles = list(dict.fromkeys(role for names_ in roles.values() for role in names_))
    slots = {"text": text, "roles": listing(all_roles, language)}
    if candidate.form == "one_event":
        slots["event"] = options[0]
    else:
        slots["events"] = listing(options, language)
    return Ask(slots=slots, gold=gold, options=options, roles=roles)


def lost(record: Record, setting: Setting) -> list[tuple[str, str, str]]:
    """Return (event id, reason, detail) of the events that no window of the record can ask for."""
    try:
        views = [Names(record, window) for window in windows(record, setting.recipe.max_tokens)]
    except Refused:
        return []
    shown = {code: code for code in setting.spec.labels.events}
    reason = "event_across_windows" if len(views) > 1 else "argument_without_mention"
    return [
        (event.id, reason, event.type)
        for event in record.events or []
        if all(_tuple(event, view, shown, setting, record) is None for view in views)
    ]


def _place(event: Event) -> int:
    spans = event.trigger.spans if event.trigger is not None else None
    return spans[0].start if spans else 0


def _tuple(
    event: Event, names: Names, shown: dict[str, str], setting: Setting, record: Record
) -> dict[str, Any] | None:
    trigger = names.of(event.id) if event.trigger is not None else None
    if event.trigger is not None and trigger is None:
        return None
    args = []
    for arg in event.args:
        words = names.of(arg.ref) if arg.ref is not None else arg.text
        if not words:
            return None
        args.append([_role(arg.role, setting, record), words.strip()])
    return {"type": shown[event.type], "trigger": trigger, "args": args}


def _distinct(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for event in events:
        if event not in kept:
            kept.append(event)
    return kept
