"""Relations of any arity, causal ones included: which mentions of a text stand in which relation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import islice, product
from operator import itemgetter
from typing import Any

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.decompose import drawn_label, forms_of, labels_shown
from taiyi_corpus.instruct.tasks.mentions import mentions_of
from taiyi_corpus.instruct.tasks.roles import role_names, signature
from taiyi_corpus.instruct.windows import (
    Place,
    Window,
    entity_places,
    opened,
    window_candidates,
    windows_of,
)
from taiyi_corpus.schema.record import Entity, Event, Record, Relation

COLUMNS = ("text", "entities", "concepts", "relations", "events", "sentence_bounds")
_SPELLINGS = 64  # of one relation, where all are asked for: an answer stays readable


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all relations, and at the stated rates instances with one relation."""
    if record.relations is None or record.text is None:
        return []
    forms = {"all_relations": 1.0, "subset": 0.0, "one_relation": 0.0}
    return window_candidates(
        record, task, setting, places, forms_of(setting, "relations", task, forms)
    )


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    at = opened(record, candidate, setting, places)
    language, task = setting.language(record), candidate.task
    known = setting.asked("relations", language)
    readable = _names(record, at.window, setting).readable
    present = {relation.type for relation, _ in readable}
    if candidate.form == "one_relation":
        code = drawn_label(present, known.keys() - present, at.k, setting, task, at.key)
        return _about_one(code, _gold(readable, {code: known[code]}), at.text, setting, record)
    key = candidate.id(record.id)
    shown = labels_shown(setting, "relations", language, task, candidate.form, key, present)
    gold = _gold(readable, shown)
    if not gold and not setting.keeps_negative(task, key):
        raise Refused("negative_not_kept", "no relation of the asked types")
    if len(shown) == 1:
        return _about_one(next(iter(shown)), gold, at.text, setting, record)
    signed = [signature(code, name, setting, record) for code, name in shown.items()]
    return Ask(
        slots={"text": at.text, "relations": listing(signed, language)},
        gold=gold,
        options=list(shown.values()),
        roles={
            name: list(role_names(code, setting, record).values()) for code, name in shown.items()
        },
    )


def _about_one(
    code: str, gold: list[dict[str, Any]], text: str, setting: Setting, record: Record
) -> Ask:
    name = setting.name(setting.spec.labels.relations[code], record)
    return Ask(
        slots={"text": text, "relation": signature(code, name, setting, record)},
        gold=gold,
        options=[name],
        roles={name: list(role_names(code, setting, record).values())},
        # The roles are for the question, not for the words of the answer.
        plain={"relation": name},
        worded="one_relation",
    )


def lost(record: Record, setting: Setting) -> list[tuple[str, str, str]]:
    """Return (relation id, reason, detail) of the asked relations that no window of the record can ask for."""
    try:
        found = windows_of(record, places, "re", setting)
    except Refused:
        return []
    views = [_names(record, window, setting) for window in found]
    asked = setting.asked("relations", setting.language(record))
    said = {relation.id for view in views for relation, _ in view.readable}
    reason = "relation_across_windows" if len(views) > 1 else "argument_without_mention"
    return [
        (relation.id, reason, relation.type)
        for relation in record.relations or []
        if relation.type in asked and relation.id not in said
    ]


def places(record: Record) -> list[Place]:
    """Return where everything stands that relations and events relate; None for a bare string."""
    triggers = [event.trigger.spans for event in record.events or [] if event.trigger is not None]
    related: list[Relation | Event] = [*(record.relations or []), *(record.events or [])]
    bare: list[Place] = [None for r in related for arg in r.args if arg.ref is None]
    return [*entity_places(record), *triggers, *bare]


def _gold(
    tuples: list[tuple[Relation, list[list[str]]]], shown: Mapping[str, str]
) -> list[dict[str, Any]]:
    made = {
        (shown[relation.type], *map(tuple, args)): args
        for relation, args in tuples
        if relation.type in shown
    }
    return [{"type": name, "args": args} for (name, *_), args in made.items()]


def _names(record: Record, window: Window, setting: Setting) -> Names:
    # What a record loses is wanted right after it was asked.
    return setting.once(record, ("names", window), lambda: Names(record, window, setting))


class Names:
    """What the text of one window calls the things that relations relate.

    An event goes by its trigger, a concept by its first mention (with `spellings: all` by each of its spellings), and a
    relation that is itself an argument by its own arguments: "smoking → cough".
    """

    def __init__(self, record: Record, window: Window, setting: Setting) -> None:
        inside = window.inside(mentions_of(record, setting))
        self.record, self._setting = record, setting
        self._words = {
            event.id: [event.trigger.text.strip()]
            for event in record.events or []
            if event.trigger is not None and window.holds(event.trigger.spans)
        }
        self._words |= self._name_concepts(inside)
        self._words |= {entity.id: [entity.text.strip()] for entity in inside}
        self._relations = {relation.id: relation for relation in record.relations or []}

    def _name_concepts(self, inside: list[Entity]) -> dict[str, list[str]]:
        if not self.record.concepts:
            return {}
        # A concept goes by its first mention in the window, a whole mention before a part of a composite one.
        known: dict[tuple[str, str], dict[str, None]] = {}
        for entity in sorted(
            inside, key=lambda e: (len(e.links or []) != 1, e.part_of is not None)
        ):
            for link in entity.links or []:
                known.setdefault((link.db, link.id), {}).setdefault(entity.text.strip())
        most = 1 if self._setting.recipe.spellings == "one" else None
        return {
            concept.id: list(known[link.db, link.id])[:most]
            for concept in self.record.concepts or []
            for link in concept.links or []
            if (link.db, link.id) in known
        }

    @cached_property
    def readable(self) -> list[tuple[Relation, list[list[str]]]]:
        """The relations of the asked types as the window tells them, once or for all spellings of their concepts."""
        asked = self._setting.asked("relations", self._setting.language(self.record))
        return [
            (relation, args)
            for relation in self.record.relations or []
            if relation.type in asked
            for args in self.tuples(relation)
        ]

    def of(self, ref: str) -> str | None:
        """Return the words for what a reference names; None if it is not in the window."""
        return next(iter(self._all(ref)), None)

    def _all(self, ref: str) -> list[str]:
        if words := self._words.get(ref):
            return words
        # Taken out while its own arguments are named, so that a circle of relations names nothing.
        relation = self._relations.pop(ref, None)
        if relation is None:
            return []
        made = self.tuples(relation)
        self._relations[ref] = relation
        return [" → ".join(words for _, words in args) for args in made[:1]]

    def tuples(self, relation: Relation) -> list[list[list[str]]]:
        """Return [[role, words], ...], roles in the registry's order, once or for all spellings of its concepts.

        None at all if an argument is not in the window.
        """
        known = relation.type in self._setting.spec.labels.relations
        names = role_names(relation.type, self._setting, self.record) if known else {}
        order = [*names]
        args: list[tuple[int, str, list[str]]] = []
        for arg in relation.args:
            words = self._all(arg.ref) if arg.ref is not None else [(arg.text or "").strip()]
            if not any(words):
                return []
            place = order.index(arg.role) if arg.role in names else len(order)
            args.append((place, names.get(arg.role, arg.role), words))
        args.sort(key=_place)
        if all(len(words) == 1 for _, _, words in args):
            return [[[role, words[0]] for _, role, words in args]]
        roles = [role for _, role, _ in args]
        spelt = islice(product(*[words for _, _, words in args]), _SPELLINGS)
        return [list(map(list, zip(roles, chosen, strict=True))) for chosen in spelt]


_place = itemgetter(0)
