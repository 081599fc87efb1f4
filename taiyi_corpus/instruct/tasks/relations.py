"""Relations of any arity, causal ones included: which mentions of a text stand in which relation."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.instruct.answers.tuples import HEAD_TAIL
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, drawn_label, listing
from taiyi_corpus.instruct.tasks.mentions import in_order
from taiyi_corpus.instruct.windows import (
    Place,
    Window,
    entity_places,
    opened,
    window_candidates,
    windows,
)
from taiyi_corpus.schema.record import Entity, Event, Record, Relation

COLUMNS = ("text", "entities", "concepts", "relations", "events", "sentence_bounds")
_LONG_SIGNATURE = 80  # characters: a relation between very many types is shown by its name alone


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all relations, and at the stated rates instances with one relation."""
    if record.relations is None or record.text is None:
        return []
    forms = {"all_relations": 1.0, "one_relation": 0.0}
    return window_candidates(record, task, setting, places(record), forms)


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    at = opened(record, candidate, setting, places(record))
    key, labels = candidate.id(record.id), setting.spec.labels
    shown = setting.shown(labels.relations, record, key)  # type: ignore[arg-type]
    names = Names(record, at.window, setting)
    tuples = [(r, names.tuple(r)) for r in record.relations or [] if r.type in shown]
    readable = [(relation, args) for relation, args in tuples if args is not None]
    roles = {shown[code]: list(role_names(code, setting, record).values()) for code in shown}
    signed = {code: signature(code, name, setting, record) for code, name in shown.items()}
    if candidate.form == "all_relations":
        gold = _gold(readable, shown)
        if not gold and not setting.keeps_negative(candidate.task, key):
            raise Refused("negative_not_kept", "no relation of the asked types")
        slots = {
            "text": at.text,
            "relations": listing([*signed.values()], setting.language(record)),
        }
        return Ask(slots=slots, gold=gold, options=list(shown.values()), roles=roles)
    present = {relation.type for relation, _ in readable}
    code = drawn_label(present, set(shown) - present, at.k, setting, candidate.task, at.key)
    return Ask(
        slots={"text": at.text, "relation": signed[code]},
        gold=_gold([(r, args) for r, args in readable if r.type == code], shown),
        options=[shown[code]],
        roles={shown[code]: roles[shown[code]]},
        # The roles are for the question, not for the words of the answer.
        plain={"relation": shown[code]},
    )


def lost(record: Record, setting: Setting) -> list[tuple[str, str, str]]:
    """Return (relation id, reason, detail) of the asked relations that no window of the record can ask for."""
    try:
        found = windows(record, places(record), setting.recipe.max_tokens)
    except Refused:
        return []
    views = [Names(record, window, setting) for window in found]
    known = setting.spec.labels.relations
    reason = "relation_across_windows" if len(views) > 1 else "argument_without_mention"
    return [
        (relation.id, reason, relation.type)
        for relation in record.relations or []
        if relation.type in known
        and known[relation.type].ask
        and all(view.tuple(relation) is None for view in views)
    ]


def places(record: Record) -> list[Place]:
    """Return where everything stands that relations and events relate; None for a bare string."""
    triggers = [event.trigger.spans for event in record.events or [] if event.trigger is not None]
    related: list[Relation | Event] = [*(record.relations or []), *(record.events or [])]
    bare: list[Place] = [None for r in related for arg in r.args if arg.ref is None]
    return [*entity_places(record), *triggers, *bare]


def named_role(role: str, setting: Setting, record: Record) -> str:
    """Return what an instruction calls a role."""
    label = setting.spec.labels.roles.get(role)
    return role if label is None else setting.name(label, record)


def role_names(code: str, setting: Setting, record: Record) -> dict[str, str]:
    """Return role -> what an instruction calls it, in the registry's order.

    A role goes by its name in the registry, else by the one type it takes; a binary relation whose roles have no
    telling, distinct, short names has a head and a tail.
    """
    relation = setting.spec.labels.relations[code]
    names = {
        role: _role_name(role, types, setting, record) for role, types in relation.args.items()
    }
    told = [name for name in names.values() if name]
    if len(names) == 2 and (len(set(told)) < 2 or sum(map(len, told)) > _LONG_SIGNATURE):
        return dict(zip(names, HEAD_TAIL, strict=True))
    return {role: name or role for role, name in names.items()}


def _role_name(role: str, types: list[str], setting: Setting, record: Record) -> str | None:
    labels = setting.spec.labels
    if role in labels.roles:
        return setting.name(labels.roles[role], record)
    if len(types) == 1 and types[0] in labels.entities:
        return setting.name(labels.entities[types[0]], record)
    return None


def signature(code: str, name: str, setting: Setting, record: Record) -> str:
    """Return a relation as a question shows it, with its roles: "chemical-induced disease (chemical → disease)"."""
    labels, relation = setting.spec.labels, setting.spec.labels.relations[code]
    parts = []
    for role, shown in role_names(code, setting, record).items():
        known = [
            setting.name(labels.entities[t], record)
            for t in relation.args[role]
            if t in labels.entities
        ]
        parts.append(f"{shown}: {'/'.join(known)}" if shown in HEAD_TAIL and known else shown)
    if not parts or parts == list(HEAD_TAIL) or sum(map(len, parts)) > _LONG_SIGNATURE:
        return name
    if len(parts) == 1:  # one role that any number of mentions play
        parts = [parts[0], parts[0], "…"]
    inside = (" – " if relation.symmetric or len(parts) > 2 else " → ").join(parts)
    return f"{name}（{inside}）" if setting.language(record) == "zh" else f"{name} ({inside})"


def _gold(
    tuples: list[tuple[Relation, list[list[str]]]], shown: dict[str, str]
) -> list[dict[str, Any]]:
    made = [(shown[relation.type], tuple(map(tuple, args))) for relation, args in tuples]
    return [{"type": t, "args": [list(arg) for arg in args]} for t, args in dict.fromkeys(made)]


class Names:
    """What the text of one window calls the things that relations relate.

    An event goes by its trigger, a concept by its first mention, and a relation that is itself an argument by its own
    arguments: "smoking → cough".
    """

    def __init__(self, record: Record, window: Window, setting: Setting) -> None:
        inside = in_order(
            [e for e in record.entities or [] if window.holds(e.spans)], record.text or ""
        )
        self._record, self._setting = record, setting
        self._words = {
            event.id: event.trigger.text.strip()
            for event in record.events or []
            if event.trigger is not None and window.holds(event.trigger.spans)
        }
        self._words |= self._name_concepts(inside)
        self._words |= {entity.id: entity.text.strip() for entity in inside}
        self._relations = {relation.id: relation for relation in record.relations or []}

    def _name_concepts(self, inside: list[Entity]) -> dict[str, str]:
        # A concept goes by its first mention in the window, a whole mention before a part of a composite one.
        first: dict[tuple[str, str], str] = {}
        for entity in sorted(
            inside, key=lambda e: (len(e.links or []) != 1, e.part_of is not None)
        ):
            for link in entity.links or []:
                first.setdefault((link.db, link.id), entity.text.strip())
        return {
            concept.id: first[link.db, link.id]
            for concept in self._record.concepts or []
            for link in concept.links or []
            if (link.db, link.id) in first
        }

    def of(self, ref: str) -> str | None:
        """Return the words for what a reference names; None if it is not in the window."""
        if words := self._words.get(ref):
            return words
        # Taken out while its own arguments are named, so that a circle of relations names nothing.
        relation = self._relations.pop(ref, None)
        if relation is None:
            return None
        args = self.tuple(relation)
        self._relations[ref] = relation
        return None if args is None else " → ".join(words for _, words in args)

    def tuple(self, relation: Relation) -> list[list[str]] | None:
        """Return [[role, words], ...] in the registry's order of roles; None if an argument is not in the window."""
        known = relation.type in self._setting.spec.labels.relations
        names = role_names(relation.type, self._setting, self._record) if known else {}
        order = list(names)
        args: list[tuple[int, list[str]]] = []
        for arg in relation.args:
            words = self.of(arg.ref) if arg.ref is not None else (arg.text or "").strip()
            if not words:
                return None
            place = order.index(arg.role) if arg.role in order else len(order)
            args.append((place, [names.get(arg.role, arg.role), words]))
        return [arg for _, arg in sorted(args, key=lambda pair: pair[0])]
