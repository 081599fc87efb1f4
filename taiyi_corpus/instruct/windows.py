"""Long documents, cut into windows at sentence bounds.

A bound inside an annotation is no bound, so every mention and trigger lies in one window; `Window.holds` tells what
joins two. The instances of a window are numbered together: k = window * 1000 + number of the instance in it.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from taiyi_corpus.instruct.ask import Candidate, Refused, Setting
from taiyi_corpus.instruct.budget import room
from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.schema.record import Entity, Record, Span

Place = Sequence[Span] | None  # where an annotation stands; None: the source does not say
_STEP = 1000
# Of what the words of the task leave of the budget:
_TEXT_SHARE = 0.7  # for a text, for labels and answer take their part
_BOTH_SHARE = 0.87  # for text and answer together
_SHORT_SHARE = 0.35  # a text below it is never cut, however much there is to say of it
# About how many tokens an annotation adds to an answer, so that dense texts are cut sooner.
_SAID = {"ner": 8, "nen": 12, "re": 8, "cre": 12, "ee": 14, "coref": 6}


class Window(Struct, frozen=True, gc=False):
    """Code points `start` up to `end` of a record's text; `whole` if that is all of it."""

    start: int
    end: int
    whole: bool

    def holds(self, place: Place) -> bool:
        """Return whether an annotation lies in this window; what has no position lies in a whole text only."""
        if place is None:
            return self.whole
        return all(self.start <= span.start and span.end <= self.end for span in place)

    def inside(self, entities: list[Entity]) -> list[Entity]:
        """Return those mentions that lie in this window."""
        return entities if self.whole else [e for e in entities if self.holds(e.spans)]


class Opened(Struct, frozen=True):
    """The window a candidate asks about."""

    window: Window
    text: str  # without blanks around it
    key: str  # of the window: what its instances draw from
    k: int  # number of the instance in it


def entity_places(record: Record) -> list[Place]:
    """Return where the mentions of a record stand."""
    return [entity.spans for entity in record.entities or []]


def windows(record: Record, places: Sequence[Place], most: int,
            count: Callable[[str], int] = estimate_tokens, sentences: str = "pysbd", said: int = 0
            ) -> list[Window]:  # fmt: skip
    """Return the windows of a record's text, each within its share of `most` tokens where sentences allow it.

    Args:
        record: a record with a text.
        places: where the annotations stand that an instance asks for; no bound falls into one.
        most: what text, labels and answer may have together.
        count: how many tokens a text has.
        sentences: what bounds English sentences.
        said: about how many tokens each annotation adds to the answer.

    Raises:
        Refused: the text is too long, and an annotation has no position that tells its window.
    """
    text = record.text or ""
    budget, both = int(most * _TEXT_SHARE), int(most * _BOTH_SHARE)
    tokens, placed = count(text), [place for place in places if place is not None]
    dense = tokens > most * _SHORT_SHARE and tokens + said * len(places) > both
    if tokens <= budget and (not dense or len(placed) < len(places)):
        return [Window(0, len(text), True)]
    if len(placed) < len(places):
        raise Refused("long_unpositioned", "too long, and not every annotation has a position")
    kept = record.sentence_bounds if sentences == "pysbd" else None
    bounds = kept or _bounds(text, record.language, sentences)
    starts = sorted(spans[0].start for spans in placed if spans)
    found: list[Window] = []
    start = last = 0
    for end in _free_bounds(bounds, placed):
        inside = bisect_left(starts, end) - bisect_left(starts, start)
        tokens = count(text[start:end])
        if last > start and (tokens > budget or tokens + said * inside > both):
            found.append(Window(start, last, False))
            start = last
        last = end
    found.append(Window(start, len(text), False))
    return [window for window in found if text[window.start : window.end].strip()]


def windows_of(record: Record, places: Callable[[Record], Sequence[Place]], task: str, setting: Setting
               ) -> list[Window]:  # fmt: skip
    """Return the windows of a record as the recipe wants them.

    Args:
        places: where the annotations of a record stand that an instance asks for.

    Raises:
        Refused: the text is too long, and cannot be cut.
    """
    return setting.once(record, ("windows", task), lambda: _cut(record, places, task, setting))


def _cut(
    record: Record, places: Callable[[Record], Sequence[Place]], task: str, setting: Setting
) -> list[Window]:
    text, most = record.text or "", room(setting, task, setting.language(record))
    if setting.tokens(text) <= most * _SHORT_SHARE or setting.on_long(task) == "drop":
        return [Window(0, len(text), True)]
    sentences, said = setting.recipe.sentences, _SAID.get(task, 0)
    return windows(record, places(record), most, setting.tokens, sentences, said)


# Each window of a text asks for the same bounds.
_bounds = functools.lru_cache(maxsize=64)(sentence_bounds)


def _free_bounds(bounds: Sequence[int], places: Sequence[Sequence[Span]]) -> list[int]:
    """Return the bounds that lie in no annotation, gaps of discontinuous ones included; the last one always stays."""
    blocked: set[int] = set()
    for spans in places:
        if not spans:
            continue
        low, high = min(span.start for span in spans), max(span.end for span in spans)
        position = bisect_left(bounds, low + 1)
        while position < len(bounds) and bounds[position] < high:
            blocked.add(bounds[position])
            position += 1
    return [bound for bound in bounds if bound not in blocked]


def window_candidates(record: Record, task: str, setting: Setting, places: Callable[[Record], Sequence[Place]],
                      forms: Mapping[str, float]) -> list[Candidate]:  # fmt: skip
    """Return the candidates of all windows: form -> how many a window gives, unless registry or recipe says.

    A record that cannot be cut gives one candidate of the first form, which is refused when it is asked.
    """
    try:
        count = len(windows_of(record, places, task, setting))
    except Refused:
        return [Candidate(task, next(iter(forms)), 0)]
    return [
        Candidate(task, form, window * _STEP + k)
        for window in range(count)
        for form, default in forms.items()
        for k in range(setting.times(task, form, _key(record, window), default))
    ]


def opened(
    record: Record,
    candidate: Candidate,
    setting: Setting,
    places: Callable[[Record], Sequence[Place]],
) -> Opened:
    """Return the window of a candidate.

    Args:
        places: where the annotations of a record stand that an instance asks for.

    Raises:
        Refused: the record cannot be cut.
    """
    number, k = divmod(candidate.k, _STEP)
    text = record.text or ""
    window = windows_of(record, places, candidate.task, setting)[number]
    return Opened(window, text[window.start : window.end].strip(), _key(record, number), k)


def _key(record: Record, window: int) -> str:
    return record.id if window == 0 else f"{record.id}@{window}"
