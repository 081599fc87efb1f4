"""Named entity recognition: mentions in a text, by type."""

from __future__ import annotations

from collections.abc import Mapping

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.decompose import drawn_label, forms_of, labels_shown
from taiyi_corpus.instruct.windows import entity_places, opened, window_candidates
from taiyi_corpus.schema.record import Entity, Record

COLUMNS = ("text", "entities", "sentence_bounds")
_FORMS = {"all_types": 1.0, "subset": 0.0, "one_type": 0.0}


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all types, and at the stated rates instances with some or with one."""
    if record.entities is None or record.text is None:
        return []
    return window_candidates(
        record, task, setting, entity_places, forms_of(setting, "entities", "ner", _FORMS)
    )


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    at = opened(record, candidate, setting, entity_places)
    # Parts of a composite mention are no mentions of their own.
    inside = at.window.inside(mentions_of(record, setting))
    whole = [entity for entity in inside if entity.part_of is None]
    language, key = setting.language(record), candidate.id(record.id)
    names = setting.asked("entities", language)
    present = {entity.type for entity in whole}
    if candidate.form == "one_type":
        present &= names.keys()
        code = drawn_label(present, names.keys() - present, at.k, setting, "ner", at.key)
        gold, name = _gold(whole, {code: names[code]}), names[code]
        return Ask(slots={"text": at.text, "type": name}, gold=gold, options=[name])
    shown = labels_shown(setting, "entities", language, "ner", candidate.form, key, present)
    gold = _gold(whole, shown)
    if not gold and not setting.keeps_negative("ner", key):
        raise Refused("negative_not_kept", "no mention of the asked types")
    options = list(shown.values())
    if len(options) == 1:
        slots = {"text": at.text, "type": options[0]}
        return Ask(slots=slots, gold=gold, options=options, worded="one_type")
    slots = {"text": at.text, "types": listing(options, language)}
    return Ask(slots=slots, gold=gold, options=options)


def _gold(entities: list[Entity], shown: Mapping[str, str]) -> list[list[str]]:
    pairs = dict.fromkeys([(shown[e.type], e.text.strip()) for e in entities if e.type in shown])
    return [[type_, mention] for type_, mention in pairs]


def mentions_of(record: Record, setting: Setting) -> list[Entity]:
    """Return the mentions of a record by first occurrence."""
    return setting.once(
        record, "mentions", lambda: in_order(record.entities or [], record.text or "")
    )


def in_order(entities: list[Entity], text: str) -> list[Entity]:
    """Return mentions by first occurrence; what has no position is looked up in the text, for the order only."""
    places = [
        (entity.spans[0].start, entity.spans[-1].end) if entity.spans else _found(entity, text)
        for entity in entities
    ]
    if places == sorted(places):
        return entities
    order = sorted(range(len(entities)), key=places.__getitem__)
    return [entities[i] for i in order]


def _found(entity: Entity, text: str) -> tuple[int, int]:
    found = text.find(entity.text)
    return (found, found + len(entity.text)) if found >= 0 else (len(text), len(text))
