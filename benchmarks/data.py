"""Invented corpora in released formats, of any size: what the benchmarks read.

The mix is that of a Taiyi-size corpus: of 100 records 19 are annotated documents (PubTator, BioC, brat), the others
questions and answers in CSV (Chinese) and JSON lines (English), choice questions, classified texts and dialogues. Texts
are drawn from a fixed vocabulary by a seeded generator, so every run reads the same bytes.
"""

from __future__ import annotations

import csv
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.texts import chinese, document, passage, sentence, terms

SHARES = {
    "pubtator": 7, "bioc": 6, "brat": 6,
    "questions_zh": 33, "questions_en": 14, "choices": 10, "classes": 10, "dialogues": 14,
}  # fmt: skip
Draws = Iterable[tuple[int, random.Random]]  # the number of a record, what it draws from
DOCUMENTS = ("pubtator", "bioc", "brat")

_HEAD = """\
id: {id}
name: {id}
language: {language}
tasks: [{tasks}]
about: Invented by the benchmark.
homepage: https://example.org/{id}
citation: {{text: none}}
license: {{name: CC0-1.0, says: this file, redistributable: true}}
access: open
source: {{manual: made by the benchmark}}
"""
_LABELS = """\
labels:
  entities:
    Chemical: {en: chemical, zh: 化学物质}
    Disease: {en: disease, zh: 疾病}
"""
_RELATIONS = """\
  relations:
    Causes: {en: chemical causes disease, zh: 化学物质引起疾病, args: {Arg1: [Chemical], Arg2: [Disease]}}
  roles:
    Arg1: {en: chemical, zh: 化学物质}
    Arg2: {en: disease, zh: 疾病}
"""
# id -> (language, tasks, the rest of its registry file)
SPECS: dict[str, tuple[str, str, str]] = {
    "pubtator": ("en", "ner", "reader: {format: pubtator}\nsplits: {train: {sources: [{files: [all.txt]}]}}\n" + _LABELS),
    "bioc": ("en", "ner", "reader: {format: bioc_xml}\nsplits: {train: {sources: [{files: [all.xml]}]}}\n"
             "map: {entities: {type: infons.type}}\n" + _LABELS),
    "brat": ("en", "ner, re", 'reader: {format: brat}\nsplits: {train: {sources: [{files: ["all/*.txt", "all/*.ann"]}]}}\n'
             + _LABELS + _RELATIONS),
    "questions_zh": ("zh", "qa_sqa", "reader: {format: csv}\nsplits: {train: {sources: [{files: [all.csv]}]}}\n"
                     'map: {question: {join: [title, ask], with: "\\n"}, answers: {text: answer}}\n'),
    "questions_en": ("en", "qa_sqa", "reader: {format: jsonl}\nsplits: {train: {sources: [{files: [all.jsonl]}]}}\n"
                     "map: {question: question, answers: {text: answer}}\n"),
    "choices": ("en", "qa_choice", "reader: {format: jsonl}\nsplits: {train: {sources: [{files: [all.jsonl]}]}}\n"
                "map: {id: id, question: question, choices: {path: options}, answers: {key: answer}}\n"),
    "classes": ("en", "tc", 'reader: {format: csv, options: {delimiter: "\\t"}}\nsplits: {train: {sources: [{files: [all.tsv]}]}}\n'
                "map: {id: id, text: text, labels: {path: label}}\n"
                "labels: {classes: {good: {en: improved, zh: 好转}, bad: {en: worse, zh: 恶化}, same: {en: unchanged, zh: 不变}}}\n"),
    "dialogues": ("zh", "mrd", "reader: {format: jsonl}\nsplits: {train: {sources: [{files: [all.jsonl]}]}}\n"
                  'map: {turns: {each: turns, role: role, text: text, roles: {患者: user, 医生: assistant}}}\n'),
}  # fmt: skip


def write_world(
    folder: Path, rows: int, only: tuple[str, ...] = tuple(SHARES), copies: float = 0.0
) -> Path:
    """Write a registry and raw data with about `rows` records into `folder`, unless it is there; return the folder.

    Each dataset of `only` has its share of the mix. `copies` is the share of records that say what another says: all
    of it or, where its number is part of the text, nearly so.
    """
    if (folder / "whole").exists():
        return folder
    (folder / "registry").mkdir(parents=True, exist_ok=True)
    total = sum(SHARES[name] for name in only)
    for name in only:
        language, tasks, rest = SPECS[name]
        head = _HEAD.format(id=name, language=language, tasks=tasks)
        (folder / "registry" / f"{name}.yaml").write_text(head + rest, encoding="utf-8")
        place = folder / "data" / name
        place.mkdir(parents=True, exist_ok=True)
        count = max(1, rows * SHARES[name] // total)
        WRITERS[name](place, _draws(random.Random(name), count, copies))
    (folder / "whole").touch()
    return folder


def _draws(rng: random.Random, rows: int, copies: float) -> Iterator[tuple[int, random.Random]]:
    """Yield the number of each record and what it draws from: for a copy, what an earlier record drew from."""
    states: list[Any] = []
    for n in range(rows):
        if copies and states and rng.random() < copies:
            again = random.Random()
            again.setstate(rng.choice(states))
            yield n, again
            continue
        if copies and n % 10 == 0:
            states.append(rng.getstate())
        yield n, rng


def _pubtator(folder: Path, draws: Draws) -> None:
    with (folder / "all.txt").open("w", encoding="utf-8") as file:
        for n, rng in draws:
            title, abstract, mentions = document(rng)
            file.write(f"{n}|t|{title}\n{n}|a|{abstract}\n")
            for start, end, name, type_ in mentions:
                file.write(f"{n}\t{start}\t{end}\t{name}\t{type_}\tMESH:D{len(name):06d}\n")
            file.write("\n")


def _bioc(folder: Path, draws: Draws) -> None:
    with (folder / "all.xml").open("w", encoding="utf-8") as file:
        file.write(
            "<?xml version='1.0' encoding='utf-8'?>\n<collection><source>x</source><date>x</date><key>x</key>"
        )
        for n, rng in draws:
            title, abstract, mentions = document(rng)
            file.write(f"<document><id>{n}</id>")
            for kind, offset, text in (("title", 0, title), ("abstract", len(title) + 1, abstract)):
                file.write(
                    f'<passage><infon key="type">{kind}</infon><offset>{offset}</offset><text>{escape(text)}</text>'
                )
                for i, (start, end, name, type_) in enumerate(mentions if offset else []):
                    file.write(
                        f'<annotation id="{i}"><infon key="type">{type_}</infon><location offset="{start}"'
                        f' length="{end - start}"/><text>{name}</text></annotation>'
                    )
                file.write("</passage>")
            file.write("</document>\n")
        file.write("</collection>\n")


def _brat(folder: Path, draws: Draws) -> None:
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for n, rng in draws:
            title, abstract, mentions = document(rng)
            lines = [
                f"T{i}\t{type_} {start} {end}\t{name}"
                for i, (start, end, name, type_) in enumerate(mentions)
            ]
            lines += [f"R{i}\tCauses Arg1:T{i} Arg2:T{i + 1}\t" for i in range(0, len(mentions), 4)]
            archive.writestr(zipfile.ZipInfo(f"{n:07d}.txt"), f"{title} {abstract}")
            archive.writestr(zipfile.ZipInfo(f"{n:07d}.ann"), "\n".join(lines) + "\n")


def _questions_zh(folder: Path, draws: Draws) -> None:
    with (folder / "all.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["department", "title", "ask", "answer"])
        for n, rng in draws:
            quoted = '"' if n % 50 == 0 else ""
            writer.writerow(
                ["内科", f"{chinese(rng, 4)}{n}", quoted + chinese(rng, 25), chinese(rng, 45)]
            )


def _lines(
    make: Callable[[random.Random, int], object],
) -> Callable[[Path, Draws], None]:
    def write(folder: Path, draws: Draws) -> None:
        with (folder / "all.jsonl").open("w", encoding="utf-8") as file:
            for n, rng in draws:
                file.write(json.dumps(make(rng, n), ensure_ascii=False) + "\n")

    return write


def _question(rng: random.Random, n: int) -> object:
    return {"question": f"What of {sentence(rng)[:-1]} in case {n}?", "answer": passage(rng, 4)}


def _choice(rng: random.Random, n: int) -> object:
    options = {key: f"{word} {n % 97}" for key, word in zip("ABCD", terms(rng, 4), strict=True)}
    return {
        "id": str(n),
        "question": f"{passage(rng, 2)} Which is it?",
        "options": options,
        "answer": rng.choice("ABCD"),
    }


def _dialogue(rng: random.Random, n: int) -> object:
    turns = [
        {"role": "患者" if i % 2 == 0 else "医生", "text": chinese(rng, rng.randrange(6, 25))}
        for i in range(2 * rng.randrange(2, 6))
    ]
    return {"n": n, "turns": turns}


def _classes(folder: Path, draws: Draws) -> None:
    with (folder / "all.tsv").open("w", encoding="utf-8") as file:
        file.write("id\ttext\tlabel\n")
        for n, rng in draws:
            file.write(f"{n}\t{passage(rng, 2)}\t{rng.choice(('good', 'bad', 'same'))}\n")


WRITERS: dict[str, Callable[[Path, Draws], None]] = {
    "pubtator": _pubtator, "bioc": _bioc, "brat": _brat, "questions_zh": _questions_zh,
    "questions_en": _lines(_question), "choices": _lines(_choice), "classes": _classes, "dialogues": _lines(_dialogue),
}  # fmt: skip
