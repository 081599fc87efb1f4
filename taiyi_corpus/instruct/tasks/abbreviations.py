"""Abbreviations: what a short form stands for, as the source says, or as scispacy finds it on request."""

from __future__ import annotations

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.language.scispacy import abbreviations
from taiyi_corpus.schema.record import Record

COLUMNS = ("text", "entities")


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance for each short form the source explains, or one with all that are found in the text."""
    if not record.text:
        return []
    if _found_by_detector(setting):
        times = setting.times(task, "all_pairs", record.id, 1.0) if record.language == "en" else 0
        return [Candidate(task, "all_pairs", k) for k in range(times)]
    explained = sum(1 for entity in record.entities or [] if entity.links)
    rate = setting.rate(task, "one_pair", 1.0)
    return [Candidate(task, "one_pair", k) for k in range(explained if rate else 0)]


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    text = (record.text or "").strip()
    if candidate.form == "all_pairs":
        pairs = [list(pair) for pair in long_forms(record, setting).items()]
        if not pairs and not setting.keeps_negative("abbreviation", candidate.id(record.id)):
            raise Refused("negative_not_kept", "no abbreviation is explained")
        return Ask(slots={"text": text}, gold=pairs)
    entity = [e for e in record.entities or [] if e.links][candidate.k]
    slots = {"text": text, "abbreviation": entity.text}
    return Ask(slots=slots, gold=[[entity.text, entity.links[0].id if entity.links else ""]])


def long_forms(record: Record, setting: Setting) -> dict[str, str]:
    """Return short form -> long form of the abbreviations a text explains; none unless the recipe asks for them."""
    if setting.recipe.abbreviations is None or record.language != "en" or not record.text:
        return {}
    return dict(abbreviations(record.text))


def _found_by_detector(setting: Setting) -> bool:
    # Where the source itself is about abbreviations, its word counts.
    return setting.recipe.abbreviations is not None and "abbreviation" not in setting.spec.tasks
