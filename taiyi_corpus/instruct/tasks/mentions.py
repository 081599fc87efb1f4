"""Named entity recognition and normalisation: mentions in a text, and the concepts they name."""

from __future__ import annotations

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.windows import Window, windows
from taiyi_corpus.schema.record import Entity, Record

COLUMNS = ("text", "entities", "sentence_bounds")
_WINDOW = 1000  # k = window * 1000 + number of the instance in it


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all types, and at the stated rates instances with one type."""
    if record.entities is None or record.text is None:
        return []
    if task == "nen" and not any(entity.links for entity in record.entities):
        return []
    try:
        count = len(windows(record, setting.recipe.max_tokens))
    except Refused:
        return [Candidate(task, "mentions" if task == "nen" else "all_types", 0)]
    found = []
    forms = {"mentions": 1.0} if task == "nen" else {"all_types": 1.0, "one_type": 0.0}
    for window in range(count):
        key = record.id if window == 0 else f"{record.id}@{window}"
        for form, default in forms.items():
            times = setting.times(task, form, key, default)
            found += [Candidate(task, form, window * _WINDOW + k) for k in range(times)]
    return found


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    number, k = divmod(candidate.k, _WINDOW)
    window = windows(record, setting.recipe.max_tokens)[number]
    inside = in_order(
        [e for e in record.entities or [] if window.holds(e.spans)], record.text or ""
    )
    text = (record.text or "")[window.start : window.end].strip()
    key = candidate.id(record.id)
    if candidate.task == "nen":
        return _normalise(inside, text, setting.language(record))
    whole = [entity for entity in inside if entity.part_of is None]
    shown = setting.shown(setting.spec.labels.entities, record, key)
    language = setting.language(record)
    if candidate.form == "all_types":
        gold = _gold(whole, shown)
        if not gold and not setting.keeps_negative("ner", key):
            raise Refused("negative_not_kept", "no mention of the asked types")
        names = list(shown.values())
        return Ask(
            slots={"text": text, "types": listing(names, language)}, gold=gold, options=names
        )
    code = _asked_type(whole, list(shown), k, setting, record.id)
    gold = _gold(whole, {code: shown[code]})
    return Ask(slots={"text": text, "type": shown[code]}, gold=gold, options=[shown[code]])


def _gold(entities: list[Entity], shown: dict[str, str]) -> list[list[str]]:
    pairs = [(shown[e.type], e.text.strip()) for e in entities if e.type in shown]
    return [list(pair) for pair in dict.fromkeys(pairs)]


def _asked_type(
    entities: list[Entity], codes: list[str], k: int, setting: Setting, record_id: str
) -> str:
    present = sorted({entity.type for entity in entities} & set(codes))
    absent = sorted(set(codes) - set(present))
    negative = bool(absent) and (
        not present or setting.keeps_negative("ner", f"{record_id}.one.{k}")
    )
    pool = absent if negative and (not present or _coin(setting, record_id, k)) else present
    return hashing.shuffled(pool, setting.seed, "one_type", record_id)[k % len(pool)]


def _coin(setting: Setting, record_id: str, k: int) -> bool:
    return hashing.unit(setting.seed, "absent_type", f"{record_id}.{k}") < 0.5


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
            ambiguous.add(
                mention
            )  # one string, two concepts: the text alone cannot tell which is meant
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


__all__ = ["COLUMNS", "Window", "ask", "candidates", "in_order"]
