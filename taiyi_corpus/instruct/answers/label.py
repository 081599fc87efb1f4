"""One label, or the text of the one right choice: `label`.

The letter styles name the options A, B, C ... in shown order; the gold stays the option's text.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from string import ascii_uppercase

from taiyi_corpus.instruct.answers import json_text
from taiyi_corpus.instruct.answers.delimiters import alike, core, cut_first, excerpt, fold, plain
from taiyi_corpus.instruct.answers.shown import Shown, demand, disclose, enclose
from taiyi_corpus.instruct.answers.style import Confusable, Frame, Gold, Style, Unparsable

_AROUND_A_LETTER = " .,:;()[]、\t\r\n"


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return str(gold).strip()


def letter_of(position: int) -> str:
    """Return the letter of an option, A for the first; raise Confusable after Z."""
    if position >= len(ascii_uppercase):
        raise Confusable("there are more options than letters")
    return ascii_uppercase[position]


def _render_bare(gold: Gold, frame: Frame) -> str:
    """The label and nothing else."""
    return plain(demand(gold, frame.options))


def _parse_bare(text: str, frame: Frame) -> Gold:
    if not (text := text.strip()):
        raise Unparsable("nothing is written")
    return Shown(frame.options).find(text)


def _render_sentence(gold: Gold, frame: Frame) -> str:
    """A lead-in, then the label."""
    return enclose(plain(demand(gold, frame.options)), frame)


def _parse_sentence(text: str, frame: Frame) -> Gold:
    return Shown(frame.options).find(disclose(text, frame))


def _position(gold: str, options: Sequence[str] | None) -> int:
    if options is None:
        raise Confusable("there are no options to letter")
    demand(gold, options)
    return options.index(gold)


def _option(letter: str, frame: Frame) -> str:
    if frame.options is None:
        raise Unparsable("there are no lettered options")
    letter = fold(letter).strip(_AROUND_A_LETTER).upper()
    at = ascii_uppercase.find(letter) if len(letter) == 1 else -1
    if not 0 <= at < len(frame.options):
        raise Unparsable(f"{excerpt(letter)} is not the letter of an option")
    return frame.options[at]


def _render_letter(gold: Gold, frame: Frame) -> str:
    """`A`."""
    return letter_of(_position(gold, frame.options))


def _parse_letter(text: str, frame: Frame) -> Gold:
    return _option(text, frame)


def _render_letter_text(gold: Gold, frame: Frame) -> str:
    """`A. text`."""
    return f"{letter_of(_position(gold, frame.options))}{frame.words['mark']}{gold}"


def _parse_letter_text(text: str, frame: Frame) -> Gold:
    mark = frame.words["mark"]
    if core(mark) not in fold(text):
        return _option(text, frame)
    letter, rest = cut_first(text, mark)
    option = _option(letter, frame)
    if rest and not alike(rest, option):
        raise Unparsable(f"{excerpt(rest)} is not what stands at {letter}")
    return option


def _render_json(gold: Gold, frame: Frame) -> str:
    """`{"answer": "label"}`."""
    return json_text.dump({"answer": demand(gold, frame.options)})


def _parse_json(text: str, frame: Frame) -> Gold:
    value = json_text.load(text)
    if not isinstance(value, dict) or value.keys() != {"answer"}:
        raise Unparsable("not an object with the key answer")
    return Shown(frame.options).find(json_text.string(value["answer"], "answer"))


STYLES = {
    "bare": Style(_render_bare, _parse_bare),
    "sentence": Style(_render_sentence, _parse_sentence, ("lead", "end")),
    "letter": Style(_render_letter, _parse_letter),
    "letter_text": Style(_render_letter_text, _parse_letter_text, ("mark",)),
    "json": Style(_render_json, _parse_json),
}
