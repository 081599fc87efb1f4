"""Classification of a text or of a pair of texts, and yes/no questions."""

from __future__ import annotations

from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing, within
from taiyi_corpus.schema.record import Record

COLUMNS = (
    "text",
    "labels",
    "score",
    "text_a",
    "text_b",
    "question",
    "context",
    "choices",
    "answers",
)


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return the instances of a record that has gold for the task."""
    form = _form(record, task, setting)
    if form is None:
        return []
    return [Candidate(task, form, k) for k in range(setting.times(task, form, record.id, 1.0))]


def _form(record: Record, task: str, setting: Setting) -> str | None:
    if task == "tc":
        gold = record.labels is not None and record.text is not None
        return ("multi" if setting.spec.labels.multi else "single") if gold else None
    if task == "qa_yesno":
        if record.question is None or not record.answers:
            return None
        return "context_question" if record.context else "question"
    if record.text_a is None or record.text_b is None:
        return None
    if task == "tp_ss" and record.score is not None and setting.spec.scale is not None:
        return "graded"
    if record.labels is None:
        return None
    return "binary" if task == "tp_ss" else "pair"


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    if candidate.form == "graded":
        return _graded(record, setting)
    key, labels = candidate.id(record.id), setting.spec.labels
    shown = setting.shown(labels.classes, record, key)
    names = list(shown.values())
    slots = {"labels": listing(names, setting.language(record))}
    for name in ("text", "text_a", "text_b", "question", "context"):
        value = getattr(record, name)
        if value is not None and _uses(candidate, name):
            slots[name] = value.strip()
    codes = (
        [answer.text for answer in record.answers or []]
        if candidate.task == "qa_yesno"
        else record.labels or []
    )
    gold = [_surface(code, shown) for code in codes]
    within(setting, list(slots.values()), " ".join(gold))
    if candidate.task == "tc" and candidate.form == "multi":
        if not gold and not setting.keeps_negative("tc", key):
            raise Refused("negative_not_kept", "none of the classes applies")
        return Ask(slots=slots, gold=gold, options=names)
    if candidate.task == "tc":
        if len(gold) != 1:
            raise Refused("not_one_label", f"labels {codes!r}")
        return Ask(slots=slots, gold=gold, options=names)
    if len(gold) != 1:
        raise Refused("not_one_label", f"labels {codes!r}")
    return Ask(slots=slots, gold=gold[0], options=names)


def _uses(candidate: Candidate, slot: str) -> bool:
    if candidate.task == "tc":
        return slot == "text"
    if candidate.task == "qa_yesno":
        return slot in ("question", "context")
    return slot in ("text_a", "text_b")


def _surface(code: str, shown: dict[str, str]) -> str:
    if code not in shown:
        raise Refused("gold_not_offered", f"label {code!r} is not among those asked for")
    return shown[code]


def _graded(record: Record, setting: Setting) -> Ask:
    scale, score = setting.spec.scale, record.score
    if scale is None or score is None:
        raise Refused("gold_missing", "no score")
    slots = {
        "text_a": (record.text_a or "").strip(),
        "text_b": (record.text_b or "").strip(),
        "scale": scale.zh if setting.language(record) == "zh" else scale.en,
    }
    within(setting, list(slots.values()), "")
    return Ask(slots=slots, gold=f"{score:.{scale.decimals}f}")
