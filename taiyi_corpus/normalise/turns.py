"""From raw fields to the turns of a dialogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from taiyi_corpus.normalise.faults import malformed
from taiyi_corpus.normalise.paths import cutter, getter, text_of, unnamed
from taiyi_corpus.schema.record import Turn
from taiyi_corpus.spec.record_map import Speaker, TurnsMap

Said = tuple[Speaker, str]  # who says what


class Dialogue(NamedTuple):
    """What is said, in alternating turns."""

    turns: list[Turn]
    layout: int  # number of the layout that fits the row
    rest: dict[str, Any]  # number of the element, from 1 -> what it carries besides


def turns_reader(
    layouts: Sequence[TurnsMap], drop: Sequence[str] = ()
) -> Callable[[Any], Dialogue | None]:
    """Return a function that reads a dialogue in the first layout that fits the row; None where none is there."""
    readers = [_layout(number, layout, drop) for number, layout in enumerate(layouts)]

    def read(row: Any) -> Dialogue | None:
        for fits, dialogue in readers[:-1]:
            if fits(row):
                return dialogue(row)
        return readers[-1][1](row)

    return read


def turn_paths(spec: TurnsMap) -> list[str]:
    """Return the paths of a row that its turns are read from."""
    then = [spec.then] if spec.then else []
    return [*then, *spec.fields] if spec.each == "." else [*then, spec.each]


def _layout(
    number: int, spec: TurnsMap, drop: Sequence[str]
) -> tuple[Callable[[Any], bool], Callable[[Any], Dialogue | None]]:
    """Return a function that says whether a row has a layout, and one that reads it."""
    each, skip, cut = getter(spec.each), frozenset(spec.skip), cutter(spec.cut)
    opens = _opening(spec.marks)
    spoken = _speaker(spec)
    get_last = getter(spec.then) if spec.then else None
    below = f"{spec.each}."
    dropped = [path.removeprefix(below) for path in drop if path.startswith(below)]
    own = [path for path in (spec.role, spec.text, *spec.fields, *dropped) if path]
    rest_of = unnamed(own)

    def fits(row: Any) -> bool:
        found = each(row)
        return bool(found) and not (isinstance(found, str) and opens.match(f"\n{found}") is None)

    def dialogue(row: Any) -> Dialogue | None:
        found = each(row)
        if found is None:
            return None
        items, said = [found] if spec.each == "." else _elements(found), list[Said]()
        if isinstance(found, str):
            said += _parted(found, spec.marks, opens)
        else:
            said += (pair for place, item in enumerate(items) for pair in spoken(place, item))
        turns = _merged(((role, cut(text).strip()) for role, text in said), skip, spec.merge)
        if get_last is not None:
            if not turns or turns[-1].role != "user":
                raise malformed("turns that end with the user's", said[-1:])
            turns += _merged([("assistant", (text_of(get_last(row)) or "").strip())], skip, "")
        besides = {
            str(place): rest
            for place, item in enumerate(items, 1)
            if spec.each != "." and isinstance(item, dict) and (rest := rest_of(item))
        }
        return Dialogue(turns, number, besides)

    return fits, dialogue


def _elements(found: Any) -> list[Any]:
    if isinstance(found, dict):
        return list(found.values())
    if not isinstance(found, (list, str)):
        raise malformed("a list of turns", found)
    return found if isinstance(found, list) else []


def _merged(said: Iterable[Said], skip: frozenset[str], merge: str) -> list[Turn]:
    turns: list[Turn] = []
    for role, text in said:
        if not text or text in skip:
            continue
        if turns and turns[-1].role == role:
            turns[-1] = Turn(role, turns[-1].text + merge + text)
        else:
            turns.append(Turn(role, text))
    return turns


def _opening(marks: dict[str, Speaker]) -> re.Pattern[str]:
    """Return a pattern of white space and a mark."""
    return re.compile(rf"\s*?({'|'.join(map(re.escape, marks))})" if marks else "(?!)")


def _parted(text: str, marks: dict[str, Speaker], opens: re.Pattern[str]) -> Iterator[Said]:
    """Yield what stands between the marks of a text; its beginning counts as that of a line."""
    before, *pieces = opens.split(f"\n{text}")
    if before.strip() or not pieces:
        raise malformed(f"a text that opens with one of {list(marks)}", text[:40])
    yield from ((marks[mark], said) for mark, said in zip(pieces[::2], pieces[1::2], strict=True))


def _speaker(spec: TurnsMap) -> Callable[[int, Any], Iterator[Said]]:
    """Return a function that yields what an element of the list says."""
    if spec.marks:
        return _marked(spec)
    if spec.fields:
        fields = [(getter(field), role) for field, role in spec.fields.items()]
        return lambda place, item: ((role, text_of(get(item)) or "") for get, role in fields)
    get_role = getter(spec.role) if spec.role else None
    get_text = getter(spec.text) if spec.text else None

    def labelled(place: int, item: Any) -> Iterator[Said]:
        text = text_of(item if isinstance(item, str) else get_text(item) if get_text else None)
        raw = text_of(get_role(item) if get_role else None) or ""
        role = ("user", "assistant")[place % 2] if spec.alternate else spec.roles.get(raw, raw)
        if role not in ("user", "assistant"):
            raise malformed(f"a speaker of {list(spec.roles) or ['user', 'assistant']}", raw)
        yield "user" if role == "user" else "assistant", text or ""

    return labelled


def _marked(spec: TurnsMap) -> Callable[[int, Any], Iterator[Said]]:
    """Speakers told apart by how an element starts."""
    get_text = getter(spec.text) if spec.text else None

    def marked(place: int, item: Any) -> Iterator[Said]:
        text = text_of(item if isinstance(item, str) or get_text is None else get_text(item)) or ""
        raw = text.lstrip()
        for mark, role in spec.marks.items():
            if raw.startswith(mark):
                yield role, raw[len(mark) :]
                return
        raise malformed(f"a turn that starts with {list(spec.marks)}", raw[:40])

    return marked
