"""Mentions: `[[type, mention], ...]`, compared as a set, so a repeated pair is written once."""

from __future__ import annotations

from collections.abc import Hashable

from taiyi_corpus.instruct.answers import json_text
from taiyi_corpus.instruct.answers.delimiters import (
    Brackets,
    all_plain,
    cut,
    cut_first,
    cut_last,
    lines,
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


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return frozenset((type_.strip(), mention.strip()) for type_, mention in gold)


def _by_type(gold: Gold, frame: Frame) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {t: [] for t in in_order([t for t, _ in gold], frame.options)}
    for type_, mention in dict.fromkeys([(type_, mention) for type_, mention in gold]):
        found[type_].append(mention)
    return found


def _render_lines(gold: Gold, frame: Frame) -> str:
    """`Type: a; b`, one line a type, in the order of the options, absent types left out."""
    words = frame.words
    if not gold:
        return spoken("empty", frame)
    rows, label, item = [], words["label"], words["item"]
    found = _by_type(gold, frame)
    all_plain(list(found), label)
    all_plain([mention for mentions in found.values() for mention in mentions], item)
    for type_, mentions in found.items():
        rows.append(f"{type_}{label}{item.join(mentions)}")
    return told("\n".join(rows), frame)


def _parse_lines(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    shown, gold = Shown(frame.options), []
    for line in lines(text):
        name, values = cut_first(line, frame.words["label"])
        type_ = shown.find(name)
        gold += [[type_, mention] for mention in cut(values, frame.words["item"])]
    return gold


def _brackets(frame: Frame) -> Brackets:
    words = frame.words
    return Brackets(words["open"], words["close"], words["inner"], words["outer"])


def _render_pairs(gold: Gold, frame: Frame) -> str:
    """`[mention, type], [mention, type]`; a mention may hold the inner delimiter, a type may not."""
    if not gold:
        return spoken("empty", frame)
    pairs = [(mention, demand(type_, frame.options)) for type_, mention in gold]
    return told(_brackets(frame).join(dict.fromkeys(pairs), free_first=True), frame)


def _parse_pairs(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    shown, gold = Shown(frame.options), []
    for body in _brackets(frame).cut(text):
        mention, type_ = cut_last(body, frame.words["inner"])
        if not mention:
            raise Unparsable("a mention is blank")
        gold.append([shown.find(type_), mention])
    return gold


def _render_sentence(gold: Gold, frame: Frame) -> str:
    """A lead-in that names the one type, then `a; b`."""
    if one_type(frame) is None:
        raise Confusable("the sentence names one type, and not exactly one is asked for")
    if not gold:
        return spoken("empty", frame)
    item = frame.words["item"]
    [mentions] = _by_type(gold, frame).values()
    return told(enclose(item.join(all_plain(mentions, item)), frame), frame)


def _parse_sentence(text: str, frame: Frame) -> Gold:
    if (type_ := one_type(frame)) is None:
        raise Unparsable("not exactly one type is asked for")
    if is_empty(text, frame):
        return []
    return [[type_, mention] for mention in cut(disclose(text, frame), frame.words["item"])]


def _render_json(gold: Gold, frame: Frame) -> str:
    """`{"type": ["a", "b"]}`, every asked type a key."""
    found = _by_type(gold, frame)
    keys = dict.fromkeys(found if frame.options is None else frame.options)
    return json_text.dump({type_: found.get(type_, []) for type_ in keys})


def _parse_json(text: str, frame: Frame) -> Gold:
    value = json_text.load(text)
    if not isinstance(value, dict):
        raise Unparsable("not an object")
    shown, gold = Shown(frame.options), []
    for name, mentions in value.items():
        type_ = shown.find(name)
        gold += [[type_, mention] for mention in json_text.strings(mentions, name)]
    return gold


STYLES = {
    "lines": Style(_render_lines, _parse_lines, ("label", "item", "empty")),
    "pairs": Style(_render_pairs, _parse_pairs, ("open", "close", "inner", "outer", "empty")),
    "sentence": Style(_render_sentence, _parse_sentence, ("lead", "item", "end", "empty")),
    "json": Style(_render_json, _parse_json),
}
