"""Classification of a text or of a pair of texts, and yes/no questions."""

from __future__ import annotations

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.budget import fitted
from taiyi_corpus.instruct.decompose import labels_shown
from taiyi_corpus.instruct.similarity import alikeness
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
# What of a question is not its long part.
_SHORT = {
    "tc": (),
    "qa_yesno": ("question",),
    "tp_ss": ("text_a", "text_b"),
    "tp_te": ("text_a", "text_b"),
}
_SAME = 0.6  # likeness of two questions from which on one answer may serve both
_LONG = {"tc": "text", "qa_yesno": "context"}


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return the instances of a record that has gold for the task."""
    if task == "tp_ss" and _is_matched(record, setting):
        negatives = setting.spec.negatives
        count = negatives.k if negatives is not None and setting.around.pool else 0
        return [Candidate(task, "match", k) for k in range(1 + count)]
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
    if task == "tp_ss":
        return "match" if "match" in setting.spec.decompose.get("tp_ss", {}) else "binary"
    return "pair"


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    if candidate.form == "graded":
        return _graded(record, setting)
    if _is_matched(record, setting) and candidate.task == "tp_ss":
        return _matched(record, candidate, setting)
    task, codes = candidate.task, record.labels or []
    if task == "qa_yesno":
        codes = [answer.text for answer in record.answers or []]
    slots, gold, options = _labelled(record, candidate, setting, codes)
    texts = {name: (getattr(record, name) or "").strip() for name in _SHORT[task]}
    if (long := _LONG.get(task)) and (text := (getattr(record, long) or "").strip()):
        short = [*slots.values(), *texts.values(), " ".join(gold)]
        texts[long] = fitted(setting, candidate, record, text, short)
    slots |= texts
    if candidate.form == "multi":
        if not gold and not setting.keeps_negative(task, candidate.id(record.id)):
            raise Refused("negative_not_kept", "none of the classes applies")
        return Ask(slots=slots, gold=gold, options=options)
    if len(gold) != 1:
        raise Refused("not_one_label", f"labels {codes!r}")
    return Ask(slots=slots, gold=gold if task == "tc" else gold[0], options=options)


def _labelled(record: Record, candidate: Candidate, setting: Setting, codes: list[str]
              ) -> tuple[dict[str, str], list[str], list[str]]:  # fmt: skip
    """Return the slot of the labels, the gold in the words shown, and the options."""
    language, key = setting.language(record), candidate.id(record.id)
    if missing := [code for code in codes if code not in setting.asked("classes", language)]:
        raise Refused("gold_not_offered", f"label {missing[0]!r} is not among those asked for")
    shown = labels_shown(setting, "classes", language, candidate.task, candidate.form, key, codes)
    options = list(shown.values())
    return {"labels": listing(options, language)}, [shown[code] for code in codes], options


def _is_matched(record: Record, setting: Setting) -> bool:
    """Return whether a pair is made of a question and an answer: its own, or one from the pool."""
    return (
        setting.spec.negatives is not None and record.question is not None and bool(record.answers)
    )


def _matched(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    negatives, key = setting.spec.negatives, candidate.id(record.id)
    right = [answer.text.strip() for answer in record.answers or [] if answer.text.strip()]
    if negatives is None or not right:
        raise Refused("answer_empty", "every answer is blank")
    if candidate.k == 0:
        text, code = hashing.pick(right, setting.seed, "match", key), negatives.right
    else:
        text, code = _from_pool(record, setting, right, candidate.k), negatives.wrong
    slots, gold, options = _labelled(record, candidate, setting, [code])
    slots |= {"text_a": (record.question or "").strip(), "text_b": text}
    return Ask(slots=slots, gold=gold[0], options=options)


def _from_pool(record: Record, setting: Setting, right: list[str], k: int) -> str:
    """Return the k-th answer drawn for a record: none of its own, none of its question, none twice."""
    drawn: dict[str, None] = {}
    for turn in range(20 * k):
        asked, text = hashing.pick(setting.around.pool, setting.seed, f"pool.{turn}", record.id)
        # An answer to nearly the same question may be right here too.
        if alikeness(asked, record.question or "") < _SAME and text not in right:
            drawn.setdefault(text)
        if len(drawn) == k:
            return list(drawn)[-1]
    raise Refused("pool_too_small", f"{len(setting.around.pool)} answers to draw from")


def _graded(record: Record, setting: Setting) -> Ask:
    scale, score = setting.spec.scale, record.score
    if scale is None or score is None:
        raise Refused("gold_missing", "no score")
    slots = {
        "text_a": (record.text_a or "").strip(),
        "text_b": (record.text_b or "").strip(),
        "scale": scale.zh if setting.language(record) == "zh" else scale.en,
    }
    return Ask(slots=slots, gold=f"{score:.{scale.decimals}f}")
