"""Options, answers and turns of a batch of rows as Arrow lists."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.normalise.blanks import Bools, blank, stripped, without_blanks
from taiyi_corpus.normalise.columns import Columns, Made, Unlike, kind_of, lists, type_of
from taiyi_corpus.normalise.content import answers_reader, letter
from taiyi_corpus.normalise.faults import FaultBook
from taiyi_corpus.schema.arrays import array
from taiyi_corpus.spec.record_map import AnswersMap, TurnsMap

Sizes = npt.NDArray[np.int64]

_STRING = pa.string()
_SPEAKERS = {"user": 0, "assistant": 1}


def add_choices(
    path: str, answers: AnswersMap | None, columns: Columns, made: Made, odd: Bools
) -> None:
    """Add options, from objects key -> text or lists of texts, and the answers that name one."""
    sizes, keys, texts = _options(path, columns)
    row = np.repeat(np.arange(columns.count), sizes)
    odd[row[blank(texts) | np.asarray(texts.is_null())]] = True
    odd |= sizes == 0
    if odd.all():
        raise Unlike
    type_ = type_of("choices")
    options = pa.StructArray.from_arrays([keys, texts], fields=list(type_.value_type))
    made["choices"] = lists(sizes, options, type_)
    for apart in range(1, int(sizes.max())):  # the same text twice
        same = pc.equal(texts[apart:], texts[:-apart]).fill_null(False)
        odd[row[apart:][np.asarray(same) & (row[apart:] == row[:-apart])]] = True
    if answers is None:
        return
    given = columns.texts(answers.key or str(answers.text))
    if answers.key:
        given = stripped(given)
    known = keys if answers.key else texts
    chosen = np.flatnonzero(pc.equal(known, given.take(pa.array(row))).fill_null(False))
    place = np.full(columns.count, -1)
    place[row[chosen]] = chosen
    odd |= np.asarray(given.is_valid()) & (place < 0)
    made["answers"] = _answers(texts.take(pa.array(place, mask=place < 0)))


Options = tuple[Sizes, pa.StringArray, pa.StringArray]  # how many a row has, their keys and texts


def _options(path: str, columns: Columns) -> Options:
    column = columns.column(path)
    if column is not None and not column.null_count:
        if pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
            sizes = np.asarray(column.value_lengths()).astype(np.int64)
            places = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            letters = [letter(place) for place in range(int(sizes.max(initial=0)))]
            return sizes, pa.array(letters, _STRING).take(pa.array(places)), column.flatten()
        if pa.types.is_struct(column.type) and (found := _fields(column, columns)) is not None:
            return found
    return _options_of(columns.values(path))


def _fields(column: pa.StructArray, columns: Columns) -> Options | None:
    """Return the fields of objects as options, None if their order, or whether one is there, cannot be told."""
    fields, names = column.flatten(), [field.name for field in column.type]
    count, width = len(column), len(names)
    there = sum(count - field.null_count for field in fields)
    # Where a field is null, its name must not be there.
    if not fields or any(field.type != _STRING for field in fields):
        return None
    if not columns.in_order(names, there):
        return None
    by_row = np.arange(count * width).reshape(width, count).T.ravel()
    texts = pa.concat_arrays(fields).take(pa.array(by_row))
    valid = np.asarray(texts.is_valid())
    keys = pa.array(names, _STRING).take(pa.array(np.tile(np.arange(width), count)[valid]))
    return valid.reshape(count, width).sum(axis=1), keys, texts.drop_null()


def _options_of(found: list[Any]) -> Options:
    kinds = set(map(type, found))
    if kinds == {list}:
        letters = [letter(place) for place in range(max(map(len, found)))]
        found = [dict(zip(letters, texts, strict=False)) for texts in found]
    elif kinds != {dict}:
        raise Unlike
    keys = pa.array(list(chain.from_iterable(found)), _STRING)
    texts = _strings(chain.from_iterable(map(dict.values, found)))
    return np.fromiter(map(len, found), np.int64, len(found)), keys, texts


def add_answers(spec: AnswersMap, columns: Columns, made: Made, odd: Bools) -> None:
    """Add answers that are texts."""
    if isinstance(spec.text, str):
        column = columns.column(spec.text)
        if column is not None and column.type == pa.list_(_STRING):
            row = np.repeat(np.arange(columns.count), column.value_lengths().fill_null(0))
            texts = without_blanks(column.flatten())
            sizes = np.bincount(row[np.asarray(texts.is_valid())], minlength=columns.count)
            made["answers"] = _answers(texts, sizes)
            return
    try:
        if not isinstance(spec.text, str):
            raise Unlike
        made["answers"] = _answers(columns.texts(spec.text))
    except Unlike:
        read, book = answers_reader(spec, None), FaultBook(())
        found = [read(row, None, None, book) for row in columns.rows]
        made["answers"] = array(found, kind_of("answers"), type_of("answers"))


def _answers(texts: pa.StringArray, sizes: Sizes | None = None) -> pa.ListArray:
    """Return the answers of rows; without `sizes` each has one, or none."""
    type_ = type_of("answers")
    if sizes is None:
        sizes = np.asarray(texts.is_valid()).astype(np.int64)
    texts = texts.drop_null()
    none = pa.nulls(len(texts), pa.int32())
    answers = pa.StructArray.from_arrays([texts, none, none], fields=list(type_.value_type))
    return lists(sizes, answers, type_)


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
    sizes, roles, said = _turns(spec, columns)
    coded = roles.dictionary_encode()
    named = [spec.roles.get(name, name) for name in coded.dictionary.to_pylist()]
    codes = np.array([*(_SPEAKERS.get(role, -1) for role in named), -1])
    speakers = codes[np.asarray(coded.indices.fill_null(len(named)))]
    wrong = speakers < 0
    wrong |= np.asarray(pc.is_in(said, pa.array(["", *spec.skip], _STRING)))
    row = np.repeat(np.arange(columns.count), sizes)
    wrong[1:] |= (speakers[1:] == speakers[:-1]) & (row[1:] == row[:-1])
    odd[row[wrong]] = True
    odd |= sizes == 0
    type_ = type_of("turns")
    spoken = pa.array(list(_SPEAKERS), _STRING).take(pa.array(np.maximum(speakers, 0)))
    turns = pa.StructArray.from_arrays([spoken, said], fields=list(type_.value_type))
    made["turns"] = lists(sizes, turns, type_)


def _turns(spec: TurnsMap, columns: Columns) -> Options:
    """Return how many turns each row has, and of each turn the speaker and the text."""
    column = columns.column(spec.each)
    if column is None:
        return _turns_of(spec, columns.values(spec.each))
    items = column.flatten() if pa.types.is_list(column.type) else column
    if (
        items is column
        or not pa.types.is_struct(items.type)
        or {field.name: field.type for field in items.type}
        != {spec.role: _STRING, spec.text: _STRING}
        or column.null_count
    ):
        raise Unlike
    said = pc.struct_field(items, spec.text)
    if not len(items) or items.null_count or said.null_count:
        raise Unlike
    sizes = np.asarray(column.value_lengths()).astype(np.int64)
    return sizes, pc.struct_field(items, spec.role), stripped(said)


def _turns_of(spec: TurnsMap, found: list[Any]) -> Options:
    if set(map(type, found)) != {list}:
        raise Unlike
    items: list[Any] = list(chain.from_iterable(found))
    if not items or set(map(type, items)) != {dict} or set(map(len, items)) != {2}:
        raise Unlike
    try:
        roles = [item[spec.role] for item in items]
        said = [item[spec.text].strip() for item in items]
    except (KeyError, AttributeError):
        raise Unlike from None
    return np.fromiter(map(len, found), np.int64, len(found)), _strings(roles), _strings(said)


def _strings(values: Any) -> pa.StringArray:
    try:
        return pa.array(list(values), _STRING)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise Unlike from None
