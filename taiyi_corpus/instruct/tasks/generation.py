"""Text to text: translation, summaries and titles, reports and structures."""

from __future__ import annotations

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.budget import fitted
from taiyi_corpus.schema.record import Record

COLUMNS = (
    "source",
    "target",
    "source_language",
    "target_language",
    "target_struct",
)
_DEFAULT = {"tt_ds": "summary", "tt_ts": "report"}


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return the instances of a record that has a source and a target."""
    if record.source is None or record.target is None:
        return []
    if task == "mt":
        form = _direction(record, setting)
        return [Candidate(task, form, k) for k in range(setting.times(task, form, record.id, 1.0))]
    forms = setting.spec.decompose.get(task) or {_DEFAULT[task]: 1.0}
    return [
        Candidate(task, form, k)
        for form in forms
        for k in range(setting.times(task, form, record.id, 1.0))
    ]


def _direction(record: Record, setting: Setting) -> str:
    # Each sentence pair is asked in one direction, drawn evenly.
    return hashing.pick(("en_zh", "zh_en"), setting.seed, "direction", record.id)


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    source, target = (record.source or "").strip(), (record.target or "").strip()
    if (
        candidate.task == "mt"
        and f"{record.source_language}_{record.target_language}" != candidate.form
    ):
        source, target = target, source
    if not source or not target:
        raise Refused("answer_empty", "blank source or target")
    source = fitted(setting, candidate, record, source, [target])
    slots = {"source": source}
    if candidate.form == "report":
        sections = [setting.name(label, record) for label in setting.spec.labels.classes.values()]
        slots["sections"] = listing(sections, setting.language(record))
    return Ask(slots=slots, gold=target)
