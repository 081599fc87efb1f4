"""A mapping, compiled: raw row -> record."""

from __future__ import annotations

import re
from collections.abc import Callable
from statistics import fmean
from typing import Any, Literal

import msgspec
import pyarrow as pa

from taiyi_corpus.normalise.blanks import stripped
from taiyi_corpus.normalise.columns import Columns, Unlike
from taiyi_corpus.normalise.content import answers_reader, choices_reader, labels_reader
from taiyi_corpus.normalise.defaults import full_map
from taiyi_corpus.normalise.draft import Draft, LeftOut
from taiyi_corpus.normalise.faults import FaultBook, RecordFault, malformed
from taiyi_corpus.normalise.invariants import check_content, resolve
from taiyi_corpus.normalise.mentions import entity_maker, entity_paths
from taiyi_corpus.normalise.paths import getter, text_getter, text_of, unnamed, value_paths
from taiyi_corpus.normalise.relations import (
    event_maker,
    event_paths,
    relation_maker,
    relation_paths,
)
from taiyi_corpus.normalise.sets import set_makers
from taiyi_corpus.normalise.turns import Dialogue, turn_paths, turns_reader
from taiyi_corpus.schema.record import Answer, Record, Split, Turn
from taiyi_corpus.spec.dataset import DatasetSpec, Variant
from taiyi_corpus.spec.mapping import FieldPath, Mean, Value
from taiyi_corpus.spec.record_map import RecordMap

TEXTS = ("text_a", "text_b", "question", "context", "rationale", "source", "target",
          "source_language", "target_language")  # fmt: skip
# What a split released without annotation has none of, whatever placeholder its files hold.
_GOLD = ("entities", "relations", "events", "coreferences", "groups", "attributes", "labels", "score",
         "answers", "rationale", "target", "target_struct")  # fmt: skip


class Mapper:
    """Makes records of one dataset from raw rows; without `gold`, whatever the mapping says of annotation is left."""

    def __init__(
        self, spec: DatasetSpec, form: DatasetSpec | Variant, origin: Literal["raw", "sample"], *,
        gold: bool = True,
    ) -> None:  # fmt: skip
        self.spec, self.origin = spec, origin
        m = full_map(form.reader.format, form.map)
        layouts = m.turns if isinstance(m.turns, list) else [m.turns] if m.turns else []
        # A row has the fields of one layout; those that another would read stay.
        paths = _paths(m)
        named = [frozenset([*paths, *turn_paths(layout)]) for layout in layouts]
        named = named or [frozenset(paths)]
        self._rests = [unnamed(some) for some in named]
        self._rest = unnamed(paths)
        self.named, self.rest_of = named[0], self._rests[0]  # of the first layout
        self._layouts, self._turns = layouts, turns_reader(layouts, m.drop) if layouts else None
        if not gold:
            m = m.model_copy(update=dict.fromkeys(_GOLD))
        self.map = m
        self._id = text_getter(m.id) if m.id is not None else None
        self._documents = [
            (d.ns, text_getter(d.id), re.compile(d.match) if d.match else None) for d in m.documents
        ]
        self._group = text_getter(m.group) if m.group is not None else None
        self._text = text_getter(m.text) if m.text is not None else None
        self._texts = {
            name: text_getter(v) for name in TEXTS if (v := getattr(m, name)) is not None
        }
        self._makers = _makers(m, spec)
        self._labels = labels_reader(m.labels, spec.labels) if m.labels else None
        self._choices = choices_reader(m.choices) if m.choices else None
        self._answers = answers_reader(m.answers, m.choices) if m.answers else None
        self._score = score_reader(m.score) if m.score else None
        self._struct = getter(m.target_struct) if m.target_struct else None

    def key(self, data: dict[str, Any], file_key: str | None) -> str | None:
        """Return the record's key in its split as the source states it, None where it states none."""
        own = self._id(data) if self._id is not None else file_key
        return (own or "").strip() or None

    def keys(self, columns: Columns) -> pa.StringArray | None:
        """Return the keys of rows that have none of the file's, None where no row states one."""
        if self.map.id is None:
            return None
        if isinstance(self.map.id, str):
            try:
                return stripped(columns.texts(self.map.id))
            except Unlike:
                pass
        return pa.array([self.key(row, None) for row in columns.rows], pa.string())

    def record(self, data: dict[str, Any], key: str, split: Split, subset: str | None,
               faults: FaultBook) -> tuple[Record, LeftOut]:  # fmt: skip
        """Return the record of a row and the annotations left out of it.

        Raises:
            RecordFault: the row gives no valid record.
        """
        spec = self.spec
        text = self._text(data) if self._text is not None else None
        if self._text is not None and text is None:
            raise RecordFault("text_empty", "a document without text")
        draft = Draft(text=text or "", piece_join=spec.piece_join, faults=faults)
        if self._makers:
            for make in self._makers:
                make(data, draft)
            resolve(draft)
        choices = self._choices(data) if self._choices is not None else None
        ns, document_id = self.document(data)
        parts = {name: get(data) for name, get in self._texts.items()}
        answers = None
        if self._answers is not None:
            answers = self._answers(data, choices, parts.get("context"), faults)
        dialogue = self._turns(data) if self._turns is not None else None
        turns = dialogue.turns if dialogue else None
        if dialogue and self._is_question(dialogue):
            said, answered = dialogue.turns
            parts["question"], answers, turns = said.text, [Answer(text=answered.text)], None
        record = Record(
            id=f"{spec.id}/{split}/{key}",
            dataset=spec.id,
            split=split,
            subset=subset,
            language=_language(spec, turns),
            document_ns=ns,
            document_id=document_id,
            group=self._group(data) if self._group is not None else None,
            origin=self.origin,
            license=spec.license.name,
            text=text,
            passages=draft.passages,
            entities=None if draft.entities is None else list(draft.entities.values()),
            concepts=list(draft.concepts.values()) or None,
            # A format's empty place for what a dataset does not annotate is not gold that says "none".
            relations=draft.relations if draft.relations or spec.labels.relations else None,
            events=draft.events if draft.events or spec.labels.events else None,
            coreferences=draft.coreferences
            if draft.coreferences or "coref" in spec.tasks
            else None,
            groups=draft.groups or None,
            attributes=draft.attributes or None,
            labels=self._labels(data) if self._labels is not None else None,
            score=self._score(data) if self._score is not None else None,
            choices=choices,
            answers=answers,
            turns=turns,
            target_struct=_json(self._struct(data)) if self._struct is not None else None,
            extra=self._extra(data, draft, dialogue),
            **parts,  # type: ignore[arg-type]
        )
        check_content(record)
        return record, draft.left_out

    def document(self, data: dict[str, Any]) -> tuple[str | None, str | None]:
        """Return the name space and the id of the document of a row."""
        for ns, get, match in self._documents:
            raw = get(data)
            if raw is None:
                continue
            if match is None:
                return ns, raw.strip()
            if found := match.search(raw):
                return ns, found.group(1)
        return None, None

    def _is_question(self, dialogue: Dialogue) -> bool:
        """Return whether a dialogue is one question with its answer, and the mapping says that such are questions."""
        layout = self._layouts[dialogue.layout]
        roles = [turn.role for turn in dialogue.turns]
        return layout.one_round == "question" and roles == ["user", "assistant"]

    def _extra(self, data: dict[str, Any], draft: Draft, dialogue: Dialogue | None) -> str | None:
        rest = (self._rests[dialogue.layout] if dialogue else self._rest)(data)
        for part, by_id in draft.extra.items():
            rest[f"{part}_extra"] = by_id
        if dialogue and dialogue.rest:
            rest["turns_extra"] = dialogue.rest
        return _json(rest or None)


_HAN = re.compile("[\u4e00-\u9fff]")


def _language(spec: DatasetSpec, turns: list[Turn] | None) -> str:
    """Return the language of a record: the dataset's; where that is two, the one a dialogue opens in."""
    if spec.language != "en-zh" or not turns:
        return spec.language
    return "zh" if _HAN.search(turns[0].text) else "en"


def _makers(m: RecordMap, spec: DatasetSpec) -> list[Callable[[Any, Draft], None]]:
    makers: list[Callable[[Any, Draft], None]] = []
    if m.entities:
        makers.append(entity_maker(m.entities, spec.labels, _below(m.entities.each, m.drop)))
    if m.relations:
        makers.append(relation_maker(m.relations, spec.labels, _below(m.relations.each, m.drop)))
    if m.events:
        makers.append(event_maker(m.events, spec.labels, _below(m.events.each, m.drop)))
    return makers + set_makers(m)


def _below(each: str, drop: list[str]) -> list[str]:
    """Return which fields of the elements of a list are dropped."""
    return [path.removeprefix(f"{each}.") for path in drop if path.startswith(f"{each}.")]


def _paths(m: RecordMap) -> list[str]:
    """Return the paths of a row that a mapping reads or drops."""
    values: list[Value | None] = [getattr(m, name) for name in TEXTS]
    values += [m.id, m.text, m.group, m.passages, m.target_struct]
    values += [m.score] if isinstance(m.score, str) else []
    values += [d.id for d in m.documents if d.match is None]  # else only a part is read
    if m.labels:
        values += [m.labels.path, *m.labels.columns]
    if m.choices:
        values += [m.choices.path, *m.choices.columns]
    if m.answers:
        values += [m.answers.key, m.answers.index, m.answers.number, m.answers.text]
        values += [m.answers.start, m.answers.end]
    paths = [*m.drop, *(path for value in values for path in value_paths(value))]
    sets = (m.coreferences, m.groups, m.attributes)
    paths += [part.each for part in sets if part is not None]
    # An annotation that is the row itself reads its parts from the row.
    if m.entities:
        paths += entity_paths(m.entities) if m.entities.each == "." else [m.entities.each]
    if m.relations:
        paths += relation_paths(m.relations) if m.relations.each == "." else [m.relations.each]
    if m.events:
        paths += event_paths(m.events) if m.events.each == "." else [m.events.each]
    return paths


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def score_reader(spec: FieldPath | Mean) -> Callable[[Any], float | None]:
    """Return a function that gives the score of a row."""
    if isinstance(spec, str):
        get = getter(spec)
        return lambda row: _number(get(row))
    getters = [getter(path) for path in spec.mean]

    def mean(row: Any) -> float | None:
        given = [number for get in getters if (number := _number(get(row))) is not None]
        return round(fmean(given), 4) if given else None

    return mean


def _number(value: Any) -> float | None:
    text = text_of(value)
    try:
        return None if text is None else float(text)
    except ValueError:
        raise malformed("a number as score", text) from None
