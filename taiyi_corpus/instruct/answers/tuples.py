"""Relations of any arity: `[{"type": t, "args": [[role, text], ...]}, ...]`, compared as a set of types with arguments.

The text styles are positional: they write no roles, so a relation has exactly the roles that the frame gives for its
type, in that order. Without roles, a relation has a head and a tail. A role may occur twice (two interactors); a type
with a single role takes any number of arguments in it, two at least (the drugs of a combination).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from taiyi_corpus.instruct.answers import json_text
from taiyi_corpus.instruct.answers.delimiters import (
    Brackets,
    cut,
    cut_first,
    excerpt,
    lines,
    plain,
    unwrap,
)
from taiyi_corpus.instruct.answers.shown import (
    Shown,
    demand,
    disclose,
    enclose,
    in_order,
    is_empty,
    one_type,
    spoken,
    told,
)
from taiyi_corpus.instruct.answers.style import Confusable, Frame, Gold, Style, Unparsable

HEAD_TAIL = ("head", "tail")
_KEYS = frozenset({"type", "args"})


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return frozenset(
        (
            item["type"].strip(),
            tuple(sorted((role.strip(), text.strip()) for role, text in item["args"])),
        )
        for item in gold
    )


def _roles(type_: str, frame: Frame) -> Sequence[str]:
    return HEAD_TAIL if frame.roles is None else frame.roles.get(type_, HEAD_TAIL)


def _known_roles(type_: str, frame: Frame) -> Shown:
    return Shown(None if frame.roles is None else frame.roles.get(type_))


def _values(item: Gold, frame: Frame) -> tuple[str, ...]:
    """Return the texts of a relation's arguments in the order of its roles."""
    waiting = [(role, text) for role, text in item["args"]]
    values = []
    roles = _roles(item["type"], frame)
    if [role for role, _ in waiting] == [*roles]:
        return tuple([text for _, text in waiting])
    if len(roles) == 1 and len(waiting) > 1:
        roles = [*roles] * len(waiting)
    for role in roles:
        at = next((i for i, (name, _) in enumerate(waiting) if name == role), None)
        if at is None:
            raise Confusable(f"a relation {excerpt(item['type'])} has no argument {excerpt(role)}")
        values.append(waiting.pop(at)[1])
    if waiting:
        raise Confusable(f"a relation {excerpt(item['type'])} has an argument too many")
    return tuple(values)


def _relation(type_: str, values: Sequence[str], frame: Frame) -> Gold:
    roles = _roles(type_, frame)
    if len(roles) == 1 and len(values) > 1:
        roles = [*roles] * len(values)
    if len(values) != len(roles):
        raise Unparsable(f"{excerpt(type_)} takes {len(roles)} arguments, not {len(values)}")
    return {"type": type_, "args": [[role, text] for role, text in zip(roles, values, strict=True)]}


def _brackets(frame: Frame) -> Brackets:
    words = frame.words
    return Brackets(words["open"], words["close"], words["inner"], words["outer"])


def _groups(type_: str, gold: Gold, frame: Frame) -> str:
    groups = dict.fromkeys(_values(item, frame) for item in gold if item["type"] == type_)
    return _brackets(frame).join(groups)


def _relations(type_: str, text: str, frame: Frame) -> list[Gold]:
    bodies = _brackets(frame).cut(text)
    return [_relation(type_, cut(body, frame.words["inner"]), frame) for body in bodies]


def _render_lines(gold: Gold, frame: Frame) -> str:
    """`relation: [head; tail]; [head; tail]`, one line a relation, in the order of the options."""
    if not gold:
        return spoken("empty", frame)
    label = frame.words["label"]
    types = in_order((item["type"] for item in gold), frame.options)
    return told(
        "\n".join(f"{plain(t, label)}{label}{_groups(t, gold, frame)}" for t in types), frame
    )


def _parse_lines(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    shown, gold = Shown(frame.options), []
    for line in lines(text):
        name, body = cut_first(line, frame.words["label"])
        type_ = shown.find(name)
        if body:
            gold += _relations(type_, body, frame)
    return gold


def _render_sentence(gold: Gold, frame: Frame) -> str:
    """A lead-in that names the one relation, then `[head; tail]; [head; tail]`."""
    if (type_ := one_type(frame)) is None:
        raise Confusable("the sentence names one relation, and not exactly one is asked for")
    if not gold:
        return spoken("empty", frame)
    for item in gold:
        demand(item["type"], frame.options)
    return told(enclose(_groups(type_, gold, frame), frame), frame)


def _parse_sentence(text: str, frame: Frame) -> Gold:
    if (type_ := one_type(frame)) is None:
        raise Unparsable("not exactly one relation is asked for")
    return [] if is_empty(text, frame) else _relations(type_, disclose(text, frame), frame)


def _render_triples(gold: Gold, frame: Frame) -> str:
    """`(head; relation; tail)`, one line a relation; for relations of two arguments only."""
    if not gold:
        return spoken("empty", frame)
    words, rows = frame.words, []
    for item in gold:
        values = _values(item, frame)
        if len(values) != 2:
            raise Confusable(f"a relation {excerpt(item['type'])} has not two arguments")
        parts = (values[0], demand(item["type"], frame.options), values[1])
        body = words["inner"].join(plain(part, words["inner"]) for part in parts)
        rows.append(f"{words['open']}{body}{words['close']}")
    return told("\n".join(dict.fromkeys(rows)), frame)


def _parse_triples(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    words, shown, gold = frame.words, Shown(frame.options), []
    for line in lines(text):
        parts = cut(unwrap(line, words["open"], words["close"]), words["inner"])
        if len(parts) != 3:
            raise Unparsable(f"{excerpt(line)} has not three parts")
        gold.append(_relation(shown.find(parts[1]), (parts[0], parts[2]), frame))
    return gold


def _render_json(gold: Gold, frame: Frame) -> str:
    """`[{"type": "t", "args": {"head": "a", "tail": "b"}}]`; a role that occurs twice has a list."""
    rows = []
    for item in gold:
        type_ = demand(item["type"], frame.options)
        known = None if frame.roles is None else frame.roles.get(type_)
        args = json_text.dump_args([(demand(role, known), text) for role, text in item["args"]])
        rows.append({"type": type_, "args": args})
    return json_text.dump(rows)


def _parse_json(text: str, frame: Frame) -> Gold:
    shown, gold = Shown(frame.options), []
    for item in json_text.objects(json_text.load(text), _KEYS):
        type_ = shown.find(json_text.string(item["type"], "type"))
        gold.append(
            {"type": type_, "args": json_text.load_args(item["args"], _known_roles(type_, frame))}
        )
    return gold


_BRACKETS = ("open", "close", "inner", "outer")
STYLES = {
    "lines": Style(_render_lines, _parse_lines, ("label", *_BRACKETS, "empty")),
    "sentence": Style(_render_sentence, _parse_sentence, ("lead", *_BRACKETS, "end", "empty")),
    "triples": Style(_render_triples, _parse_triples, ("open", "close", "inner", "empty")),
    "json": Style(_render_json, _parse_json),
}
