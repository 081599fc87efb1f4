"""Relations of any arity, causal ones included: which mentions of a text stand in which relation."""

from __future__ import annotations

from typing import Any

from taiyi_corpus import hashing
from taiyi_corpus.instruct.answers.tuples import HEAD_TAIL
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.tasks.mentions import in_order
from taiyi_corpus.instruct.windows import Window, windows
from taiyi_corpus.schema.record import Entity, Record, Relation

COLUMNS = ("text", "entities", "concepts", "relations", "events", "sentence_bounds")
_WINDOW = 1000
_LONG_SIGNATURE = 80  # characters: a relation between very many types is shown by its name alone


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all relations, and at the stated rates instances with one relation."""
    if record.relations is None or record.text is None:
        return []
    try:
        count = len(windows(record, setting.recipe.max_tokens))
    except Refused:
        return [Candidate(task, "all_relations", 0)]
    found = []
    for window in range(count):
        key = record.id if window == 0 else f"{record.id}@{window}"
        for form, default in (("all_relations", 1.0), ("one_relation", 0.0)):
            times = setting.times(task, form, key, default)
            found += [Candidate(task, form, window * _WINDOW + k) for k in range(times)]
    return found


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    number, k = divmod(candidate.k, _WINDOW)
    window = windows(record, setting.recipe.max_tokens)[number]
    text = (record.text or "")[window.start : window.end].strip()
    key, labels = candidate.id(record.id), setting.spec.labels
    shown = setting.shown(labels.relations, record, key)  # type: ignore[arg-type]
    names = Names(record, window)
    tuples = [(r, names.tuple(r, setting)) for r in record.relations or [] if r.type in shown]
    readable = [(relation, args) for relation, args in tuples if args is not None]
    roles = {shown[code]: list(role_names(code, setting, record).values()) for code in shown}
    language = setting.language(record)
    if candidate.form == "all_relations":
        gold = _gold(readable, shown)
        if not gold and not setting.keeps_negative(candidate.task, key):
            raise Refused("negative_not_kept", "no relation of the asked types")
        options = list(shown.values())
        signed = [signature(code, name, setting, record) for code, name in shown.items()]
        slots = {"text": text, "relations": listing(signed, language)}
        return Ask(slots=slots, gold=gold, options=options, roles=roles)
    present = sorted({relation.type for relation, _ in readable})
    absent = sorted(set(shown) - set(present))
    pool = present
    if not present or (absent and hashing.unit(setting.seed, "absent_relation", key) < 0.2):
        pool = absent or present
    code = hashing.shuffled(pool, setting.seed, "one_relation", record.id)[k % len(pool)]
    gold = _gold([(r, args) for r, args in readable if r.type == code], shown)
    slots = {"text": text, "relation": signature(code, shown[code], setting, record)}
    plain = {
        "relation": shown[code]
    }  # the roles are for the question, not for the words of the answer
    return Ask(
        slots=slots,
        gold=gold,
        options=[shown[code]],
        roles={shown[code]: roles[shown[code]]},
        plain=plain,
    )


def lost(record: Record, setting: Setting) -> list[tuple[str, str, str]]:
    """Return (relation id, reason, detail) of the relations that no window of the record can ask for."""
    try:
        views = [Names(record, window) for window in windows(record, setting.recipe.max_tokens)]
    except Refused:
        return []
    missed = []
    for relation in record.relations or []:
        if all(view.tuple(relation, setting) is None for view in views):
            across = len(views) > 1
            reason = "relation_across_windows" if across else "argument_without_mention"
            missed.append((relation.id, reason, relation.type))
    return missed


def _role(role: str, setting: Setting, record: Record) -> str:
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
    """What the text of one window calls the things that relations relate."""

    def __init__(self, record: Record, window: Window) -> None:
        inside = in_order(
            [e for e in record.entities or [] if window.holds(e.spans)], record.text or ""
        )
        self._record = record
        self._entities = {entity.id: entity.text.strip() for entity in inside}
        self._events = {
            event.id: event.trigger.text.strip()
            for event in record.events or []
            if event.trigger is not None and window.holds(event.trigger.spans)
        }
        self._concepts = self._name_concepts(inside)

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
        return self._entities.get(ref) or self._concepts.get(ref) or self._events.get(ref)

    def tuple(self, relation: Relation, setting: Setting) -> list[list[str]] | None:
        """Return [[role, words], ...] in the registry's order of roles; None if an argument is not in the window."""
        names = role_names(relation.type, setting, self._record)
        order = list(names)
        args: list[tuple[int, list[str]]] = []
        for arg in relation.args:
            words = self.of(arg.ref) if arg.ref is not None else arg.text
            if not words:
                return None
            place = order.index(arg.role) if arg.role in order else len(order)
            args.append((place, [names.get(arg.role, arg.role), words]))
        return [arg for _, arg in sorted(args, key=lambda pair: pair[0])]
