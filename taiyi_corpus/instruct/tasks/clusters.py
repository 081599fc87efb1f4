"""Coreference: which mentions of a text name the same thing."""

from __future__ import annotations

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.instruct.tasks.mentions import mentions_of
from taiyi_corpus.instruct.windows import entity_places, opened, window_candidates, windows_of
from taiyi_corpus.schema.record import Record

COLUMNS = ("text", "entities", "coreferences", "sentence_bounds")


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return one instance a window."""
    if record.coreferences is None or record.text is None:
        return []
    return window_candidates(record, task, setting, entity_places, {"clusters": 1.0})


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    at = opened(record, candidate, setting, entity_places)
    inside = at.window.inside(mentions_of(record, setting))
    order = {entity.id: position for position, entity in enumerate(inside)}
    words = {entity.id: entity.text.strip() for entity in inside}
    clusters = []
    for coreference in record.coreferences or []:
        refs = sorted((ref for ref in coreference.refs if ref in order), key=order.__getitem__)
        names = list(dict.fromkeys(words[ref] for ref in refs))
        if len(names) > 1:  # two mentions spelt alike are one line of an answer, and say nothing
            clusters.append((order[refs[0]], names))
    gold = [names for _, names in sorted(clusters)]
    if not gold and not setting.keeps_negative("coref", candidate.id(record.id)):
        raise Refused("negative_not_kept", "no two spellings of one thing")
    return Ask(slots={"text": at.text}, gold=gold)


def lost(record: Record, setting: Setting) -> list[tuple[str, str, str]]:
    """Return (set id, reason, detail) of the sets whose mentions do not all lie in one window."""
    try:
        views = windows_of(record, entity_places, "coref", setting)
    except Refused:
        return []
    places = {entity.id: entity.spans for entity in record.entities or []}
    return [
        (coreference.id, "coreference_across_windows", f"{len(coreference.refs)} mentions")
        for coreference in record.coreferences or []
        if not any(all(v.holds(places.get(r)) for r in coreference.refs) for v in views)
    ]
