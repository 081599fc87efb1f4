"""Coreference: which mentions of a text name the same thing."""

from __future__ import annotations

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.instruct.tasks.mentions import in_order
from taiyi_corpus.instruct.windows import windows
from taiyi_corpus.schema.record import Record

COLUMNS = ("text", "entities", "coreferences", "sentence_bounds")


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return one instance a window."""
    if record.coreferences is None or record.text is None:
        return []
    try:
        count = len(windows(record, setting.recipe.max_tokens))
    except Refused:
        count = 1
    return [
        Candidate(task, "clusters", window)
        for window in range(count)
        if setting.times(task, "clusters", f"{record.id}@{window}", 1.0)
    ]


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    window = windows(record, setting.recipe.max_tokens)[candidate.k]
    inside = in_order(
        [e for e in record.entities or [] if window.holds(e.spans)], record.text or ""
    )
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
    text = (record.text or "")[window.start : window.end].strip()
    return Ask(slots={"text": text}, gold=gold)
