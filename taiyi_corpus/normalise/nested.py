"""Options, answers and turns of a batch of rows as Arrow lists."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from taiyi_corpus.normalise.columns import (
    Bools,
    Columns,
    Made,
    Unlike,
    blank,
    kind_of,
    lists,
    type_of,
)
from taiyi_corpus.normalise.content import answers_reader, letter
from taiyi_corpus.normalise.faults import FaultBook
from taiyi_corpus.schema.arrays import array
from taiyi_corpus.spec.record_map import AnswersMap, TurnsMap

_STRING = pa.string()
_SPEAKERS = {"user": 0, "assistant": 1}


def add_choices(
    path: str, answers: AnswersMap | None, columns: Columns, made: Made, odd: Bools
) -> None:
    """Add options, from objects key -> text or lists of texts, and the answers that name one."""
    found = columns.values(path)
    kinds = set(map(type, found))
    if kinds == {list}:
        letters = [letter(place) for place in range(max(map(len, found)))]
        found = [dict(zip(letters, texts, strict=False)) for texts in found]
    elif kinds != {dict}:
        raise Unlike
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    texts = _strings(chain.from_iterable(map(dict.values, found)))
    without = blank(texts) | np.asarray(texts.is_null())
    odd[np.repeat(np.arange(len(found)), sizes)[without]] = True
    odd |= sizes == 0
    if odd.all():
        raise Unlike
    type_ = type_of("choices")
    keys = pa.array(list(chain.from_iterable(found)), _STRING)
    options = pa.StructArray.from_arrays([keys, texts], fields=list(type_.value_type))
    made["choices"] = lists(sizes, options, type_)
    odd |= [len(set(one.values())) < len(one) for one in found]
    if answers is None:
        return
    given = columns.texts(answers.key or str(answers.text)).to_pylist()
    if answers.key:
        right = [
            None if key is None else one.get(key.strip())
            for key, one in zip(given, found, strict=True)
        ]
        odd |= [key is not None and text is None for key, text in zip(given, right, strict=True)]
    else:
        right = given
        odd |= [
            text is not None and text not in one.values()
            for text, one in zip(given, found, strict=True)
        ]
    made["answers"] = _answers(_strings(right))


def add_answers(spec: AnswersMap, columns: Columns, made: Made, odd: Bools) -> None:
    """Add answers that are texts."""
    try:
        if not isinstance(spec.text, str):
            raise Unlike
        made["answers"] = _answers(columns.texts(spec.text))
    except Unlike:
        read, book = answers_reader(spec, None), FaultBook(())
        found = [read(row, None, None, book) for row in columns.rows]
        made["answers"] = array(found, kind_of("answers"), type_of("answers"))


def _answers(texts: pa.StringArray) -> pa.ListArray:
    """Return the answers of rows that have one, or none."""
    type_, there = type_of("answers"), np.asarray(texts.is_valid())
    texts = texts.drop_null()
    none = pa.nulls(len(texts), pa.int32())
    answers = pa.StructArray.from_arrays([texts, none, none], fields=list(type_.value_type))
    return lists(there, answers, type_)


def plain_turns(spec: TurnsMap | list[TurnsMap]) -> bool:
    """Return whether turns are a list of objects, each with a role and a text."""
    return (
        isinstance(spec, TurnsMap)
        and spec.role is not None
        and spec.text is not None
        and "." not in (*spec.role, *spec.text, spec.each)
        and spec.one_round == "turns"
        and not (spec.marks or spec.fields or spec.alternate or spec.then or spec.cut)
    )


def add_turns(spec: TurnsMap, columns: Columns, made: Made, odd: Bools) -> None:
    """Add turns; a row in which a turn is blank or no other speaker's than the one before is left."""
    found = columns.values(spec.each)
    if set(map(type, found)) != {list}:
        raise Unlike
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    items: list[Any] = list(chain.from_iterable(found))
    if not items or set(map(type, items)) != {dict} or set(map(len, items)) != {2}:
        raise Unlike
    try:
        raw = [item[spec.role] for item in items]
        said = [item[spec.text].strip() for item in items]
        names = {name: spec.roles.get(name, name) for name in set(raw)}
    except (KeyError, AttributeError, TypeError):
        raise Unlike from None
    codes = {name: _SPEAKERS.get(role, -1) for name, role in names.items()}
    speakers = np.fromiter(map(codes.__getitem__, raw), np.int8, len(raw))
    wrong = speakers < 0
    skip = {"", *spec.skip}
    wrong |= [text in skip for text in said]
    row = np.repeat(np.arange(len(found)), sizes)
    wrong[1:] |= (speakers[1:] == speakers[:-1]) & (row[1:] == row[:-1])
    odd[row[wrong]] = True
    odd |= sizes == 0
    type_ = type_of("turns")
    roles = pa.array(list(_SPEAKERS), _STRING).take(pa.array(np.maximum(speakers, 0)))
    turns = pa.StructArray.from_arrays([roles, _strings(said)], fields=list(type_.value_type))
    made["turns"] = lists(sizes, turns, type_)


def _strings(values: Any) -> pa.StringArray:
    try:
        return pa.array(list(values), _STRING)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise Unlike from None
