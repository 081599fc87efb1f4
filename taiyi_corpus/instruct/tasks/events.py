"""Event extraction: type, trigger and arguments of each event of a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.decompose import drawn_label, forms_of, labels_shown
from taiyi_corpus.instruct.tasks.relations import Names, places
from taiyi_corpus.instruct.tasks.roles import named_role
from taiyi_corpus.instruct.windows import opened, window_candidates, windows_of
from taiyi_corpus.schema.record import Event, Record

COLUMNS = ("text", "entities", "concepts", "relations", "events", "sentence_bounds")


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all event types, and at the stated rates instances with one type."""
    if record.events is None or record.text is None:
        return []
    forms = {"all_events": 1.0, "subset": 0.0, "one_event": 0.0}
    return window_candidates(
        record, task, setting, places, forms_of(setting, "events", "ee", forms)
    )


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    at = opened(record, candidate, setting, places)
    key, labels = candidate.id(record.id), setting.spec.labels
    language = setting.language(record)
    known = setting.asked("events", language)
    names = Names(record, at.window, setting)
    events = sorted((e for e in record.events or [] if e.type in known), key=_place)
    tuples = [(e.type, made) for e in events if (made := _tuple(e, names, setting, record))]
    present = {code for code, _ in tuples}
    shown: Mapping[str, str]
    if candidate.form == "one_event":
        code = drawn_label(present, known.keys() - present, at.k, setting, "ee", at.key)
        shown = {code: known[code]}
    else:
        shown = labels_shown(setting, "events", language, "ee", candidate.form, key, present)
    tuples = [(code, made) for code, made in tuples if code in shown]
    gold = _distinct([{"type": shown[code], **made} for code, made in tuples])
    if candidate.form != "one_event" and not gold and not setting.keeps_negative("ee", key):
        raise Refused("negative_not_kept", "no event of the asked types")
    roles = {
        shown[code]: [named_role(role, setting, record) for role in labels.events[code].roles]
        for code in shown
    }
    options = list(shown.values())
    all_roles = list(dict.fromkeys(role for of_type in roles.values() for role in of_type))
    slots = {"text": at.text, "roles": listing(all_roles, language)}
    if len(options) == 1:
        slots["event"] = options[0]
        return Ask(slots=slots, gold=gold, options=options, roles=roles, worded="one_event")
    slots["events"] = listing(options, language)
    return Ask(slots=slots, gold=gold, options=options, roles=roles)


def lost(record: Record, setting: Setting) -> list[tuple[str, str, str]]:
    """Return (event id, reason, detail) of the asked events that no window of the record can ask for."""
    try:
        found = windows_of(record, places, "ee", setting)
    except Refused:
        return []
    views = [Names(record, window, setting) for window in found]
    known = setting.spec.labels.events
    reason = "event_across_windows" if len(views) > 1 else "argument_without_mention"
    return [
        (event.id, reason, event.type)
        for event in record.events or []
        if event.type in known
        and known[event.type].ask
        and all(_tuple(event, view, setting, record) is None for view in views)
    ]


def _place(event: Event) -> int:
    spans = event.trigger.spans if event.trigger is not None else None
    return spans[0].start if spans else 0


def _tuple(event: Event, names: Names, setting: Setting, record: Record) -> dict[str, Any] | None:
    """Return trigger and arguments in words; None if one of them is not in the window."""
    trigger = names.of(event.id) if event.trigger is not None else None
    if event.trigger is not None and trigger is None:
        return None
    args = []
    for arg in event.args:
        words = names.of(arg.ref) if arg.ref is not None else arg.text
        if not words:
            return None
        args.append([named_role(arg.role, setting, record), words.strip()])
    return {"trigger": trigger, "args": args}


def _distinct(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for event in events:
        if event not in kept:
            kept.append(event)
    return kept
