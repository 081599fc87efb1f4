"""The check of a trace by code: what a reviewer need not be asked about."""

from __future__ import annotations

import re
from collections import Counter

from taiyi_corpus.instruct.answers import Unparsable
from taiyi_corpus.rewards.rexdrug import normal
from taiyi_corpus.rewards.tagged import tagged
from taiyi_corpus.rewards.units import units
from taiyi_corpus.traces.endpoint import Reply
from taiyi_corpus.traces.prompts import Gate
from taiyi_corpus.traces.rows import Row

_BULLET = "- "
_MOST_BULLETS = 7
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_QUOTED = re.compile(r'"([^"\n]{1,300})"|“([^”\n]{1,300})”|「([^」\n]{1,300})」')
_RUN = re.compile(r"(.{8,60}?)\1{4,}", re.S)
_LONGEST = 20_000  # characters that are searched for runs
_ENDS = " .,;:!?。，；：！？…"


def faults(reply: Reply, row: Row, gate: Gate, sections: list[str]) -> list[str]:
    """Return the codes of what is wrong with a reply, none if nothing is; `prompts.FAULTS` names them."""
    text = reply.content.strip()
    if reply.refusal:
        return ["refused"]
    if not text:
        return ["empty"]
    if _loops(text):
        return ["loops"]
    if reply.finish == "length":
        return ["cut"]
    parts = tagged(text)
    if parts.think is None and text.lower().startswith(
        tuple(word.lower() for word in gate.refusals)
    ):
        return ["refused"]
    if not parts.strict or parts.think is None or parts.answer is None:
        return ["tags"]
    think = parts.think.strip()
    found = [
        code
        for code, wrong in (
            ("language", _other_language(think, gate)),
            ("sections", not _has_sections(think, sections)),
            ("bullets", not _has_bullets(think)),
            ("length", not gate.shortest <= length(think, gate) <= gate.longest),
            ("leak", _leaks(think, row, gate)),
            ("quote", not _quotes_are_there(think, row)),
        )
        if wrong
    ]
    return found + _answer(parts.answer, row)


def heads(sections: list[str]) -> list[str]:
    """Return the lines that begin the sections of a trace."""
    return [f"[{number}] {section}" for number, section in enumerate(sections, 1)]


def length(think: str, gate: Gate) -> int:
    """Return the length of a trace in the unit of its language."""
    return (
        len(_WORD.findall(think)) if gate.unit == "words" else sum(not c.isspace() for c in think)
    )


def _loops(text: str) -> bool:
    lines = Counter(line.strip() for line in text.split("\n") if len(line.strip()) >= 12)
    return any(count > 2 for count in lines.values()) or _RUN.search(text[:_LONGEST]) is not None


def _other_language(think: str, gate: Gate) -> bool:
    han, latin = len(_HAN.findall(think)), len(_LATIN.findall(think))
    # Names of drugs and genes are Latin in Chinese texts too, and a Han character says as much as several letters.
    return han > 0.2 * latin if gate.language == "en" else 4 * han < latin


def _has_sections(think: str, sections: list[str]) -> bool:
    wanted = heads(sections)
    return [line.strip() for line in think.split("\n") if line.strip().startswith("[")] == wanted


def _has_bullets(think: str) -> bool:
    counts: list[int] = []
    for line in think.split("\n"):
        line = line.strip()
        if line.startswith("["):
            counts.append(0)
        elif line.startswith(_BULLET) and counts:
            counts[-1] += 1
        elif line:
            return False
    return bool(counts) and all(0 < count <= _MOST_BULLETS for count in counts)


def _leaks(think: str, row: Row, gate: Gate) -> bool:
    """Tell whether a word betrays the outcome; a word of the text itself betrays nothing."""
    said, there = think.lower(), f"{row.text} {row.context}".lower()
    return any(
        re.search(rf"(?<![a-z]){re.escape(word.lower())}(?![a-z])", said)
        and word.lower() not in there
        for word in gate.leaks
    )


def _quotes_are_there(think: str, row: Row) -> bool:
    there = normal(f"{row.text} {row.context} {' '.join(name for name, _ in row.labels)}")
    quoted = ("".join(groups) for groups in _QUOTED.findall(think))
    return all(normal(cue).strip(_ENDS) in there for cue in quoted)


def _answer(answer: str, row: Row) -> list[str]:
    try:
        found = row.question.parse(answer)
    except Unparsable:
        return ["unparsable"]
    same = Counter(units(row.question, found)) == Counter(units(row.question, row.gold))
    return [] if same else ["differs"]
