"""A mapping, compiled for columns: batch of rows -> columns of the schema, without a record for each row.

It covers texts, classes, scores, options with their answers, and dialogues; not annotated documents. Rows that are not
of the usual form - a fault, turns to be merged, an answer that is no option - are left to `Mapper`, one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.normalise.blanks import Bools, joined, stripped
from taiyi_corpus.normalise.columns import Columns, Made, Unlike, kind_of, type_of
from taiyi_corpus.normalise.content import labels_reader
from taiyi_corpus.normalise.faults import RecordFault
from taiyi_corpus.normalise.mapper import TEXTS, Mapper, score_reader
from taiyi_corpus.normalise.nested import add_answers, add_choices, add_turns, plain_turns
from taiyi_corpus.normalise.paths import text_getter, text_of
from taiyi_corpus.schema.arrays import array
from taiyi_corpus.spec.dataset import DatasetSpec, Labels
from taiyi_corpus.spec.mapping import Const, Join, Value
from taiyi_corpus.spec.record_map import LabelsMap, RecordMap, TurnsMap

_OTHER = ("passages", "entities", "relations", "events", "coreferences", "groups", "attributes",
          "target_struct")  # fmt: skip
# Adds columns, and marks the rows that are left to `Mapper`.
Part = Callable[[Columns, Made, Bools], None]


def parts_of(spec: DatasetSpec, mapper: Mapper) -> list[Part] | None:
    """Return what makes the columns of a mapping, None if it has keys that take rows one by one."""
    m = mapper.map
    if any(getattr(m, name) for name in _OTHER) or not _simple(m, spec):
        return None
    made = [_text(name, value) for name in ("group", *TEXTS) if (value := getattr(m, name))]
    if m.text is not None:
        made.append(_text("text", m.text, needed=True))
    if m.documents:
        made.append(_documents(mapper))
    if m.labels:
        made.append(_labels(m.labels, spec.labels))
    if m.score:
        made.append(partial(_add_each, "score", score_reader(m.score)))
    if m.choices:
        made.append(partial(add_choices, m.choices.path or "choices", m.answers))
    elif m.answers:
        made.append(partial(add_answers, m.answers))
    if isinstance(m.turns, TurnsMap):
        made.append(partial(add_turns, m.turns))
    return [*made, partial(_add_extra, mapper)]


def _simple(m: RecordMap, spec: DatasetSpec) -> bool:
    """Return whether the options, answers and turns of a mapping have a columnar form."""
    answers, choices, turns = m.answers, m.choices, m.turns
    if answers and (answers.index or answers.number or answers.start or answers.names):
        return False
    if choices and (choices.fixed or choices.columns):
        return False
    if choices and answers and not (answers.key or isinstance(answers.text, str)):
        return False
    if answers and answers.key and not choices:
        return False
    return not turns or (spec.language != "en-zh" and plain_turns(turns))


def _text(name: str, value: Value, *, needed: bool = False) -> Part:
    """Return the part that makes a column of text; `needed`: a row without it is no record."""
    columnar, get = _columnar(value), text_getter(value)

    def part(columns: Columns, made: Made, odd: Bools) -> None:
        found = columnar(columns) if columnar is not None else None
        if found is None:
            found = pa.array(list(map(get, columns.rows)), pa.string())
        made[name] = found
        if needed and found.null_count:
            odd |= np.asarray(found.is_null())

    return part


def _columnar(value: Value) -> Callable[[Columns], pa.Array | None] | None:
    """Return a function that gives a column of text, None where rows are not alike; None if no such function is."""
    if isinstance(value, str):
        return _or_none(lambda columns: columns.texts(value, joined=True))
    if isinstance(value, Const):
        constant = text_of(value.const)
        return lambda columns: pa.repeat(pa.scalar(constant, pa.string()), columns.count)
    if isinstance(value, Join) and not value.skip and not value.cut:
        return _or_none(_joined(value))
    return None


def _or_none(make: Callable[[Columns], pa.Array | None]) -> Callable[[Columns], pa.Array | None]:
    def made(columns: Columns) -> pa.Array | None:
        try:
            return make(columns)
        except Unlike:
            return None

    return made


def _joined(value: Join) -> Callable[[Columns], pa.Array | None]:
    def whole(columns: Columns) -> pa.Array | None:
        parts = [
            pc.binary_join_element_wise(value.heads[path], columns.texts(path), "")
            if value.heads.get(path)
            else columns.texts(path)
            for path in value.join
        ]
        repeated = (pc.equal(a, b) for n, a in enumerate(parts) for b in parts[:n])
        if not value.repeats and any(pc.any(same).as_py() for same in repeated):
            return None
        return joined(parts, value.sep)

    return whole


def _add_each(
    name: str, read: Callable[[Any], Any], columns: Columns, made: Made, odd: Bools
) -> None:
    """Add a column of what a function gives of each row."""
    values: list[Any] = []
    for place, row in enumerate(columns.rows):
        try:
            values.append(read(row))
        except RecordFault:
            odd[place] = True
            values.append(None)
    made[name] = array(values, kind_of(name), type_of(name))


def _labels(spec: LabelsMap, labels: Labels) -> Part:
    """Return the part that makes the class labels: each label as it is written is looked at once."""
    read, path = labels_reader(spec, labels), spec.path

    def part(columns: Columns, made: Made, odd: Bools) -> None:
        if spec.columns or not isinstance(path, str) or path == ".":
            return _add_each("labels", read, columns, made, odd)
        try:
            coded = columns.texts(path).dictionary_encode()
        except Unlike:
            return _add_each("labels", read, columns, made, odd)
        values, wrong = list[Any](), list[bool]()
        for raw in [*coded.dictionary.to_pylist(), None]:
            try:
                found, fault = read({path: raw}), False
            except RecordFault:
                found, fault = None, True
            values.append(found)
            wrong.append(fault)
        which = coded.indices.fill_null(len(values) - 1)
        made["labels"] = array(values, kind_of("labels"), type_of("labels")).take(which)
        odd |= np.array(wrong)[which]

    return part


def _documents(mapper: Mapper) -> Part:
    """Return the part that makes name space and id of the document."""
    documents = mapper.map.documents
    string = pa.string()

    def part(columns: Columns, made: Made, odd: Bools) -> None:
        first = documents[0]
        get = _columnar(first.id) if len(documents) == 1 and first.match is None else None
        if get is not None and (raw := get(columns)) is not None:
            ids, named = stripped(raw), pa.scalar(first.ns, string)
            spaces = pc.if_else(ids.is_valid(), named, pa.scalar(None, string))
        else:
            found = list(map(mapper.document, columns.rows))
            spaces, ids = (pa.array([pair[n] for pair in found], string) for n in (0, 1))
        made["document_ns"], made["document_id"] = spaces, ids

    return part


def _add_extra(mapper: Mapper, columns: Columns, made: Made, odd: Bools) -> None:
    rest = columns.rest(mapper.named, mapper.rest_of)
    if rest is not None:
        made["extra"] = rest
