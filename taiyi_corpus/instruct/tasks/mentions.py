"""Named entity recognition and normalisation: mentions in a text, and the concepts they name."""

from __future__ import annotations

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, drawn_label, listing
from taiyi_corpus.instruct.windows import entity_places, opened, window_candidates
from taiyi_corpus.schema.record import Entity, Record

COLUMNS = ("text", "entities", "sentence_bounds")
_FORMS = {"ner": {"all_types": 1.0, "one_type": 0.0}, "nen": {"mentions": 1.0}}


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all types, and at the stated rates instances with one type."""
    if record.entities is None or record.text is None:
        return []
    if task == "nen" and not any(entity.links for entity in record.entities):
        return []
    return window_candidates(record, task, setting, entity_places(record), _FORMS[task])


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    at = opened(record, candidate, setting, entity_places(record))
    inside = in_order(
        [e for e in record.entities or [] if at.window.holds(e.spans)], record.text or ""
    )
    if candidate.task == "nen":
        return _normalise(inside, at.text, setting.language(record))
    whole = [entity for entity in inside if entity.part_of is None]
    key = candidate.id(record.id)
    shown = setting.shown(setting.spec.labels.entities, record, key)
    if candidate.form == "all_types":
        gold = _gold(whole, shown)
        if not gold and not setting.keeps_negative("ner", key):
            raise Refused("negative_not_kept", "no mention of the asked types")
        names = list(shown.values())
        slots = {"text": at.text, "types": listing(names, setting.language(record))}
        return Ask(slots=slots, gold=gold, options=names)
    present = {entity.type for entity in whole} & set(shown)
    code = drawn_label(present, set(shown) - present, at.k, setting, "ner", at.key)
    gold = _gold(whole, {code: shown[code]})
    return Ask(slots={"text": at.text, "type": shown[code]}, gold=gold, options=[shown[code]])


def _gold(entities: list[Entity], shown: dict[str, str]) -> list[list[str]]:
    pairs = [(shown[e.type], e.text.strip()) for e in entities if e.type in shown]
    return [list(pair) for pair in dict.fromkeys(pairs)]


def _normalise(entities: list[Entity], text: str, language: str) -> Ask:
    parts = {entity.part_of for entity in entities if entity.part_of is not None}
    concepts: dict[str, str] = {}
    ambiguous: set[str] = set()
    linked = [e for e in entities if e.links and e.id not in parts]
    databases = list(dict.fromkeys(link.db for e in linked for link in e.links or []))
    for entity in linked:
        ids = [
            link.id if len(databases) == 1 else f"{link.db}:{link.id}"
            for link in entity.links or []
        ]
        concept, mention = "|".join(ids), entity.text.strip()
        if concepts.setdefault(mention, concept) != concept:
            # One string, two concepts: the text alone cannot tell which is meant.
            ambiguous.add(mention)
    gold = [[mention, concept] for mention, concept in concepts.items() if mention not in ambiguous]
    if not gold:
        raise Refused("nothing_to_link", "no mention with one concept")
    slots = {
        "text": text,
        "mentions": "\n".join(f"- {mention}" for mention, _ in gold),
        "database": listing(databases, language),
    }
    return Ask(slots=slots, gold=gold)


def in_order(entities: list[Entity], text: str) -> list[Entity]:
    """Return mentions by first occurrence; what has no position is looked up in the text, for the order only."""

    def place(entity: Entity) -> tuple[int, int]:
        if entity.spans:
            return entity.spans[0].start, entity.spans[-1].end
        found = text.find(entity.text)
        return (found, found + len(entity.text)) if found >= 0 else (len(text), len(text))

    return sorted(entities, key=place)
