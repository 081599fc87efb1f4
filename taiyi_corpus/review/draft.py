"""A registry file drafted from raw files: what can be seen in them is filled in, what cannot is marked FILL IN."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from taiyi_corpus.normalise.defaults import DOCUMENT_READERS
from taiyi_corpus.readers import BadRow, reader
from taiyi_corpus.review.draft_columns import guess_columns
from taiyi_corpus.review.draft_files import Form, by_split, guess_form, patterns, raw_files
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.member import Member

_LOOKED_AT = 500  # rows of each split from which columns are guessed
_SUFFIXES = {"brat": (".txt", ".ann"), "bionlp": (".txt", ".a1", ".a2", ".rel")}
_HAN, _LETTER = re.compile("[\u4e00-\u9fff]"), re.compile(r"[A-Za-z\u4e00-\u9fff]")
FILL = "FILL IN"


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a registry file, and what it could not guess."""

    id: str
    text: str
    unsure: list[str]


@dataclass(slots=True)
class _Found:
    """What the rows say."""

    tasks: list[str] = field(default_factory=list)
    map: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Rows:
    """The first rows of a split, the broken ones, and how many can be read."""

    good: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    count: int = 0


def draft(files: Sequence[Path], *, id_: str | None = None, language: str | None = None) -> Draft:
    """Return a registry file for raw files, or for a folder of them.

    Raises:
        InputError: a file is not there or cannot be read.
    """
    found = raw_files(files)
    form = guess_form(found)
    splits = by_split(found)
    suffixes = _SUFFIXES.get(form.format, ())
    seen_rows = {split: _looked_at(form, of) for split, of in splits.items()}
    by_rows = [rows.good for rows in seen_rows.values()]
    good = [row for rows in by_rows for row in rows]
    bad = [row for rows in seen_rows.values() for row in rows.bad]
    seen = _annotated(good) if form.format in DOCUMENT_READERS else _columns(by_rows)
    language = language or _language(good)
    unsure = [*form.unsure, *seen.unsure]
    if bad:
        unsure.append(
            f"rows that cannot be read, the first at {bad[0].where}: wanted {bad[0].wanted}"
        )
    if list(splits) == ["train"] and len(found) > 1 and not suffixes:
        unsure.append("which file is which split: no name says train, dev or test")
    id_ = id_ or _id(files[0])
    counts = {split: rows.count for split, rows in seen_rows.items()}
    sources = {split: patterns(of, suffixes) for split, of in splits.items()}
    return Draft(id_, _yaml(id_, language, form, seen, sources, counts, unsure), unsure)


def _looked_at(form: Form, files: Sequence[Member]) -> _Rows:
    found = _Rows()
    for row in reader(form.format)(files, **form.options):
        if isinstance(row, BadRow):
            found.bad = found.bad or [row]
            continue
        found.count += 1
        if found.count <= _LOOKED_AT:
            found.good.append(row.data)
    return found


def _id(path: Path) -> str:
    return (
        re.sub(r"[^a-z0-9]+", "_", path.resolve().name.split(".")[0].lower()).strip("_")
        or "dataset"
    )


def _language(rows: Iterable[Any]) -> str:
    text = "".join(part for row in islice(rows, 50) for part in _strings(row))
    letters = len(_LETTER.findall(text)) or 1
    return "zh" if len(_HAN.findall(text)) / letters > 0.3 else "en"


def _strings(value: Any) -> Iterator[str]:
    """Yield the strings in a value, names of fields left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _columns(splits: Sequence[Sequence[dict[str, Any]]]) -> _Found:
    guess = guess_columns(splits)
    found = _Found([guess.task] if guess.task else [], guess.map, {}, guess.unsure)
    if guess.multi:
        found.labels["multi"] = True
    if guess.classes:
        found.labels["classes"] = {name: _named(name) for name in guess.classes}
    return found


def _annotated(rows: Sequence[dict[str, Any]]) -> _Found:
    """Return the types of annotated documents, and which types the arguments of relations have."""
    found = _Found(
        labels={"entities": {}, "relations": {}, "events": {}, "roles": {}, "attributes": {}}
    )
    labels = found.labels
    for row in rows:
        types = {
            item["id"]: item["type"]
            for part in ("entities", "events")
            for item in row.get(part) or []
        }
        for entity in row.get("entities") or []:
            labels["entities"].setdefault(entity["type"], _named(entity["type"]))
        for relation in row.get("relations") or []:
            known = labels["relations"].setdefault(
                relation["type"], {**_named(relation["type"]), "args": {}}
            )
            for arg in relation["args"]:
                takes = known["args"].setdefault(arg["role"], [])
                if (type_ := types.get(arg.get("ref"))) and type_ not in takes:
                    takes.append(type_)
        for event in row.get("events") or []:
            known = labels["events"].setdefault(
                event["type"], {**_named(event["type"]), "roles": []}
            )
            for role in (re.sub(r"\d+$", "", arg["role"]) for arg in event["args"]):
                labels["roles"].setdefault(role, _named(role))
                if role not in known["roles"]:
                    known["roles"].append(role)
        for attribute in row.get("attributes") or []:
            labels["attributes"].setdefault(attribute["name"], _named(attribute["name"]))
    tasks = (("ner", "entities"), ("re", "relations"), ("ee", "events"))
    found.tasks = [task for task, part in tasks if labels[part]]
    if any(row.get("coreferences") for row in rows):
        found.tasks.append("coref")
    found.labels = {part: names for part, names in labels.items() if names}
    if not found.tasks:
        found.unsure.append("the task: no document has an annotation")
    if any(re.fullmatch(r"\d{7,8}|PMID-?\d+", str(row.get("id"))) for row in rows):
        found.map["documents"] = [{"ns": "pmid", "id": "id", "match": r"(\d+)"}]
        found.unsure.append("that the names of the files are PMIDs")
    return found


def _named(code: str) -> dict[str, Any]:
    """Return what a label may be called: the code in words, in the language it is in."""
    words = code if _HAN.search(code) else re.sub(r"[_\s]+", " ", code).strip().lower()
    return {"en": words or code, "zh": words or code}


def _yaml(
    id_: str, language: str, form: Form, seen: _Found, sources: Mapping[Split, list[str]],
    counts: Mapping[Split, int], unsure: Sequence[str],
) -> str:  # fmt: skip
    lines = [f"# Drafted from the files; replace every {FILL}, then: taiyi-corpus check {id_}"]
    lines += [f"# Not sure: {text}" for text in unsure]
    lines += [
        f"id: {_plain(id_)}",
        f"name: {FILL}",
        f"language: {language}",
        f"tasks: [{', '.join(seen.tasks)}]",
        f"about: {FILL}   # one or two sentences: what the texts are and what is annotated",
        f"homepage: {FILL}",
        "citation:",
        f"  text: {FILL}   # authors, year, title, venue",
        "license:",
        f"  name: {FILL}   # an SPDX id where there is one",
        f"  says: {FILL}   # where the licence is stated",
        "  redistributable: unknown   # true, false or unknown",
        f"access: open   # {FILL}: open, registration, dua or dead-link",
        "tags: [biomedical]",
        "",
        "source:",
        f"  manual: {FILL}   # what to get from where; or `files` with urls",
        *_block(
            "reader", {"format": form.format, **({"options": form.options} if form.options else {})}
        ),
        "splits:",
    ]
    for split, files in sources.items():
        lines += [f"  {split}:", "    sources:", f"      - files: {_flow(files)}"]
        if split == "test":
            lines.append(
                f"    benchmark: [{_plain(id_)}]   # never drawn from; leave out if it is no benchmark"
            )
    if seen.map:
        lines += _block("map", seen.map)
    if seen.labels:
        lines += ["", *_labels(seen.labels, language)]
    lines += ["", f"expect:   # {FILL}: the published counts; these are those of the files"]
    lines.append(f"  records: {_flow(counts)}")
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, Any], language: str) -> list[str]:
    other = "en" if language == "zh" else "zh"
    lines = [
        f"labels:   # {FILL}: what instructions call these, in both languages ({other} is a copy)"
    ]
    for part, names in labels.items():
        if not isinstance(names, dict):
            lines.append(f"  {part}: {_plain(names)}")
            continue
        lines.append(f"  {part}:")
        lines += [f"    {_plain(code)}: {_flow(name)}" for code, name in names.items()]
    return lines


def _block(key: str, value: Mapping[str, Any]) -> list[str]:
    return [f"{key}:", *(f"  {_plain(name)}: {_flow(inner)}" for name, inner in value.items())]


def _flow(value: Any) -> str:
    """Return a value in one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _plain(value)


def _plain(value: Any) -> str:
    """Return a scalar, quoted where YAML would read it otherwise."""
    if not isinstance(value, str):
        return "null" if value is None else json.dumps(value)
    safe = re.fullmatch(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff ./()+-]*(?<! )", value)
    if safe and not value[0].isdigit() and yaml.safe_load(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
