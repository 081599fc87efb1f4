"""Filters: each keeps a record or names what is wrong with it.

`FILTERS` maps the name a recipe uses to the function; the name is the reason code in the ledger. Thresholds are in the
recipe (`limits`).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence

from msgspec import Struct

from taiyi_corpus.curate.said import answers, length_of, texts, written
from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.language.identify import identify
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.curation import Limits
from taiyi_corpus.spec.dataset import DatasetSpec


class Setting(Struct, frozen=True):
    """What a filter knows besides the record."""

    spec: DatasetSpec
    limits: Limits


Filter = Callable[[Record, Setting], str | None]
_TELLING = 60  # bytes from which on a text tells its language
SHOWN = 80  # characters of a text that the ledger shows


def dialogue_one_sided(record: Record, setting: Setting) -> str | None:
    """Drop a dialogue in which one side never speaks."""
    if record.turns is None or {turn.role for turn in record.turns} == {"user", "assistant"}:
        return None
    return f"{len(record.turns)} turns of one speaker"


def dialogue_unanswered(record: Record, setting: Setting) -> str | None:
    """Drop a dialogue that ends with the patient."""
    if not record.turns or record.turns[-1].role == "assistant":
        return None
    # One without any answer is one-sided.
    return (
        record.turns[-1].text[:SHOWN] if any(t.role == "assistant" for t in record.turns) else None
    )


def answer_is_question(record: Record, setting: Setting) -> str | None:
    """Drop a question whose answer repeats it."""
    if record.question is None or not record.answers:
        return None
    question = record.question.strip()
    return question[:SHOWN] if any(a.text.strip() == question for a in record.answers) else None


def pair_identical_sides(record: Record, setting: Setting) -> str | None:
    """Drop a text-to-text pair whose target is its source."""
    if (
        record.source is None
        or record.target is None
        or record.source.strip() != record.target.strip()
    ):
        return None
    return record.source.strip()[:SHOWN]


def answer_degenerate(record: Record, setting: Setting) -> str | None:
    """Drop an answer or target that says nothing: too short, a placeholder, marks only."""
    if record.choices is not None or record.labels is not None:
        return None  # the answer is an option or a label: short as it is
    for text in answers(record):
        bare = text.strip()
        chinese = not bare.isascii() and _HAN.search(bare)
        least = setting.limits.answer_min.get("zh" if chinese else "en", 0)
        if len(bare) < least or _PLACEHOLDER.fullmatch(bare) or not _SAYS.search(bare):
            return bare[:SHOWN] or "blank"
    return None


def answer_is_link(record: Record, setting: Setting) -> str | None:
    """Drop an answer that is only an address."""
    return next((t.strip()[:SHOWN] for t in answers(record) if _LINKS.fullmatch(t.strip())), None)


def text_cut_off(record: Record, setting: Setting) -> str | None:
    """Drop what ends in the middle of a sentence: an answer, target or source with an open end."""
    for text in (*answers(record), *([record.source] if record.source else [])):
        bare = text.rstrip()
        if len(bare) >= 60 and _OPEN_END.search(bare):
            return f"... {bare[-40:]}"
    return None


def option_missing(record: Record, setting: Setting) -> str | None:
    """Drop a choice question with a blank option, or fewer than two."""
    if record.choices is None:
        return None
    if len(record.choices) < 2:
        return f"{len(record.choices)} options"
    blank = [choice.key for choice in record.choices if not choice.text.strip()]
    return f"{', '.join(blank)} blank" if blank else None


def option_repeated(record: Record, setting: Setting) -> str | None:
    """Drop a choice question of which two options say the same."""
    if record.choices is None:
        return None
    said = [" ".join(choice.text.split()).lower() for choice in record.choices]
    twice = sorted({text for text in said if text and said.count(text) > 1})
    return twice[0][:SHOWN] if twice else None


def gold_outside(record: Record, setting: Setting) -> str | None:
    """Drop a record whose gold is none of the labels or options there are."""
    known = setting.spec.labels.classes
    if (
        record.labels
        and known
        and (unknown := [label for label in record.labels if label not in known])
    ):
        return unknown[0][:SHOWN]
    if record.choices and record.answers:
        options = {choice.text for choice in record.choices}
        return next((a.text[:SHOWN] for a in record.answers if a.text not in options), None)
    return None


def repetitive(record: Record, setting: Setting) -> str | None:
    """Drop a text that says the same over and over."""
    for text in written(record):
        raw = text.encode("utf-8", "replace")
        if len(raw) >= setting.limits.squeeze_from:
            share = len(zlib.compress(raw, 1)) / len(raw)
            if share < setting.limits.squeeze:
                return f"squeezed to {share:.3f}: {text[:SHOWN]}"
    return None


def too_long(record: Record, setting: Setting) -> str | None:
    """Drop a record whose texts are longer than any use."""
    length = length_of(record)
    most = setting.limits.text_max.get("zh" if record.language == "zh" else "en")
    return f"{length} characters" if most is not None and length > most else None


def too_short(record: Record, setting: Setting) -> str | None:
    """Drop a record whose texts are too short to say anything."""
    length = length_of(record)
    least = setting.limits.text_min.get("zh" if record.language == "zh" else "en", 0)
    return f"{length} characters" if length < least else None


def wrong_language(record: Record, setting: Setting) -> str | None:
    """Drop a record that is in another language than the dataset says."""
    if (
        record.language not in ("en", "zh")
        or (record.target_language or record.language) != record.language
    ):
        return None
    text = "\n".join(texts(record))[:4000]
    found = identify(text)
    if found in ("unknown", record.language) or len(text.encode("utf-8", "replace")) < _TELLING:
        return None
    if record.language == "zh" and len(_HAN.findall(text)) >= setting.limits.han * len(
        text.split()
    ):
        return None if found == "mixed" else f"{found}: {text[:SHOWN]}"
    return f"{found}: {text[:SHOWN]}"


def advertisement(record: Record, setting: Setting) -> str | None:
    """Drop consultations in Chinese with lines that advertise, or ask to be contacted."""
    spoken = [
        *(turn.text for turn in record.turns or [] if turn.role == "assistant"),
        *answers(record),
    ]
    chinese = (text for text in spoken if not text.isascii())
    return next((m.group()[:SHOWN] for text in chinese if (m := _ADVERT.search(text))), None)


def stem_missing(record: Record, setting: Setting) -> str | None:
    """Drop a question that refers to a stem shared with others which it does not hold."""
    if record.question is None or record.context is not None:
        return None
    match = _STEM.search(record.question)
    # What follows the reference is the stem, where it was kept.
    if match is None or len(record.question) - len(match.group()) > 80:
        return None
    return record.question[:SHOWN]


_HAN = re.compile("[\u3400-\u9fff]")
_SAYS = re.compile(r"[^\W_]")
_PLACEHOLDER = re.compile(
    r"无|没有|暂无|略|同上|见图|见上|如图|如题|[nN]/?[aA]|[nN]one|[nN]ull|[nN]il|nan|NaN|unknown|-+|[.。…]+"
)
_LINKS = re.compile(r"(?:(?:https?://|www\.)\S+[\s,，;；、]*)+")
_OPEN_END = re.compile(r"(?:[,，、;；(（【\[]|\b(?:and|or|the|of|a|an|to|with|in|for)|\.\.\.|…)$")
# How advertising begins, and how it goes on. Each beginning stands at the front of an alternative of its own: of those
# the regular expression knows the first characters, and passes over all others.
_ADVERTISING: tuple[tuple[tuple[str, ...], str], ...] = (
    (("加", "添加", "联系", "关注"), r".{0,6}(?:微信|薇信|威信|公众号|[Vv][Xx]\b|[Qq]{2}|扣扣)"),
    (("扫码", "扫描二维码"), ""),
    (("咨询", "服务", "预约", "免费"), "(?:热线|电话)"),
    (("拨打",), ".{0,8}(?:电话|热线)"),
    (("点击",), ".{0,10}(?:链接|咨询|预约)"),
    (("免费", "在线"), "(?:咨询|预约|挂号).{0,6}(?:电话|专家|医生|客服)"),
    (("限时优惠",), ""),
    (("优惠",), "(?:活动|套餐)"),
    (("加群", "私信我", "联系客服"), ""),
)
_ADVERT = re.compile("|".join(first + rest for begins, rest in _ADVERTISING for first in begins))
_STEM = re.compile(
    r"^\s*[(（【\[]?\s*(?:第?\s*\d+\s*[-~～—至]\s*\d+\s*题|共用(?:题干|备选答案|答案)"
    r"|[Qq]uestions?\s+\d+\s*(?:-|to|through)\s*\d+|[Ii]tem \d+ of \d+)[^\n]{0,30}?[)）】\]]?"
    r"|^\s*(?:该患者|上述患者|此患者|该病人|[Tt]he (?:same|above) patient\b)"
)


FILTERS: dict[str, Filter] = {
    "advertisement": advertisement,
    "answer_degenerate": answer_degenerate,
    "answer_is_link": answer_is_link,
    "answer_is_question": answer_is_question,
    "dialogue_one_sided": dialogue_one_sided,
    "dialogue_unanswered": dialogue_unanswered,
    "gold_outside": gold_outside,
    "option_missing": option_missing,
    "option_repeated": option_repeated,
    "pair_identical_sides": pair_identical_sides,
    "repetitive": repetitive,
    "stem_missing": stem_missing,
    "text_cut_off": text_cut_off,
    "too_long": too_long,
    "too_short": too_short,
    "wrong_language": wrong_language,
}
OVER_ALL = ("label_conflict",)  # looked for over all parts of a dataset


def chosen(names: Sequence[str]) -> list[tuple[str, Filter]]:
    """Return the filters of a recipe that look at one record, in its order.

    Raises:
        InputError: each name that is no filter.
    """
    known = [*FILTERS, *OVER_ALL]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(
            Fault("filters", "names of filters", repr(n), nearest(n, known)) for n in unknown
        )
    return [(name, FILTERS[name]) for name in names if name in FILTERS]
