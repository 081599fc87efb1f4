"""Events: `[{"type": t, "trigger": s or null, "args": [[role, text], ...]}, ...]`, compared as a set.

A role may occur more than once, an event may have neither trigger nor arguments, and an argument that is itself an
event stands as a text (its trigger). In the text styles each event is one line.
"""

from __future__ import annotations

from collections.abc import Hashable

from taiyi_corpus.instruct.answers import json_text
from taiyi_corpus.instruct.answers.delimiters import (
    alike,
    cut,
    cut_first,
    excerpt,
    lines,
    plain,
    unwrap,
)
from taiyi_corpus.instruct.answers.shown import Shown, demand, is_empty, spoken, told
from taiyi_corpus.instruct.answers.style import Confusable, Frame, Gold, Style, Unparsable

_KEYS = frozenset({"type", "trigger", "args"})


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return frozenset(
        (
            event["type"].strip(),
            None if event["trigger"] is None else event["trigger"].strip(),
            tuple(sorted((role.strip(), text.strip()) for role, text in event["args"])),
        )
        for event in gold
    )


def _fields(event: Gold, frame: Frame) -> str:
    """Return `trigger=a; Role=b`. A text may hold the sign between role and text, a role may not."""
    words = frame.words
    item, equals = words["item"], words["equals"]
    fields = []
    if event["trigger"] is not None:
        fields.append(f"{words['trigger'].strip()}{equals}{plain(event['trigger'], item)}")
    known = None if frame.roles is None else frame.roles.get(event["type"])
    for role, text in event["args"]:
        if alike(role, words["trigger"]):
            raise Confusable(f"the role {excerpt(role)} reads like the word for the trigger")
        name = plain(demand(role, known), item, equals)
        fields.append(f"{name}{equals}{plain(text, item)}")
    return item.join(fields)


class _Reader:
    """Reads the fields of events, remembering the roles of each type."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._types = Shown(frame.options)
        self._roles: dict[str, Shown] = {}

    def type(self, text: str) -> str:
        return self._types.find(text)

    def roles(self, type_: str) -> Shown:
        if type_ not in self._roles:
            known = None if self._frame.roles is None else self._frame.roles.get(type_)
            self._roles[type_] = Shown(known)
        return self._roles[type_]

    def event(self, name: str, body: str) -> Gold:
        words, type_, trigger = self._frame.words, self.type(name), None
        args = []
        for field in cut(body, words["item"]):
            role, text = cut_first(field, words["equals"])
            if not text:
                continue  # a role written down with nothing after it is a role without argument
            if not alike(role, words["trigger"]):
                args.append([self.roles(type_).find(role), text])
            elif trigger is None:
                trigger = text
            else:
                raise Unparsable("an event has two triggers")
        return {"type": type_, "trigger": trigger, "args": args}


def _render_lines(gold: Gold, frame: Frame) -> str:
    """`Type: trigger=a; Role=b; Role=c`."""
    if not gold:
        return spoken("empty", frame)
    label = frame.words["label"]
    rows = [
        f"{plain(demand(event['type'], frame.options), label)}{label}{_fields(event, frame)}".rstrip()
        for event in gold
    ]
    return told("\n".join(dict.fromkeys(rows)), frame)


def _parse_lines(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    reader = _Reader(frame)
    return [reader.event(*cut_first(line, frame.words["label"])) for line in lines(text)]


def _render_brackets(gold: Gold, frame: Frame) -> str:
    """`Type: (Trigger: a; Role: b)`; only the outermost brackets of a line count, so texts may hold brackets."""
    if not gold:
        return spoken("empty", frame)
    words, rows = frame.words, []
    for event in gold:
        type_ = plain(demand(event["type"], frame.options), words["label"])
        rows.append(
            f"{type_}{words['label']}{words['open']}{_fields(event, frame)}{words['close']}"
        )
    return told("\n".join(dict.fromkeys(rows)), frame)


def _parse_brackets(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    words, reader, gold = frame.words, _Reader(frame), []
    for line in lines(text):
        name, body = cut_first(line, words["label"])
        gold.append(reader.event(name, unwrap(body, words["open"], words["close"])))
    return gold


def _render_json(gold: Gold, frame: Frame) -> str:
    """`[{"type": "t", "trigger": "a", "args": {"Role": "b"}}]`; a role that occurs twice has a list."""
    rows = []
    for event in gold:
        known = None if frame.roles is None else frame.roles.get(event["type"])
        args = json_text.dump_args([(demand(role, known), text) for role, text in event["args"]])
        type_ = demand(event["type"], frame.options)
        rows.append({"type": type_, "trigger": event["trigger"], "args": args})
    return json_text.dump(rows)


def _parse_json(text: str, frame: Frame) -> Gold:
    reader, gold = _Reader(frame), []
    for item in json_text.objects(json_text.load(text), _KEYS):
        type_ = reader.type(json_text.string(item["type"], "type"))
        trigger = item["trigger"]
        if trigger is not None:
            trigger = json_text.string(trigger, "trigger")
        args = json_text.load_args(item["args"], reader.roles(type_))
        gold.append({"type": type_, "trigger": trigger, "args": args})
    return gold


STYLES = {
    "lines": Style(_render_lines, _parse_lines, ("label", "item", "equals", "trigger", "empty")),
    "brackets": Style(
        _render_brackets,
        _parse_brackets,
        ("label", "open", "close", "item", "equals", "trigger", "empty"),
    ),
    "json": Style(_render_json, _parse_json),
}
