"""Invented files in the layouts in which five corpora were released: what BigBIO's loaders and ours both read.

medmentions  PubTator        bc5cdr  BioC XML        chia  brat        geokhoj_v1  CSV        med_qa  JSON lines

chia lies there twice: in a zip, as it was released, and unpacked, as BigBIO's loader takes it.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.texts import document, passage, terms

SIZE = 60_000_000  # bytes of the training file, at least
_UMLS = {"Chemical": "T103", "Disease": "T038"}
_CHIA = {"Chemical": "Drug", "Disease": "Condition"}


def write_released(dataset: str, folder: Path) -> Path:
    """Write a corpus in its released layout below `folder`, unless it is there; return its folder."""
    place = folder / dataset
    if not (place / ".whole").exists():
        place.mkdir(parents=True, exist_ok=True)
        WRITERS[dataset](place, random.Random(dataset))
        (place / ".whole").touch()
    return place


def _fill(path: Path, pieces: Iterator[str], head: str = "", tail: str = "") -> int:
    """Write pieces until the file is large enough; return how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = size = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(head)
        for piece in pieces:
            size += file.write(piece)
            count += 1
            if size >= SIZE:
                break
        file.write(tail)
    return count


def _medmentions(folder: Path, rng: random.Random) -> None:
    def documents() -> Iterator[str]:
        for pmid in itertools.count(1):
            title, abstract, mentions = document(rng)
            lines = [f"{pmid}|t|{title}", f"{pmid}|a|{abstract}"]
            lines += [
                f"{pmid}\t{start}\t{end}\t{name}\t{_UMLS[type_]}\tUMLS:C{len(name):07d}"
                for start, end, name, type_ in mentions
            ]
            yield "\n".join(lines) + "\n\n"

    count = _fill(folder / "st21pv/data/corpus_pubtator.txt", documents())
    lists = folder / "full" / "data"
    lists.mkdir(parents=True)
    ids = {"trng": range(1, count - 1), "dev": [count - 1], "test": [count]}
    for split, pmids in ids.items():
        text = "".join(f"{pmid}\n" for pmid in pmids)
        (lists / f"corpus_pubtator_pmids_{split}.txt").write_text(text, encoding="utf-8")


def _bc5cdr(folder: Path, rng: random.Random) -> None:
    def documents() -> Iterator[str]:
        for pmid in itertools.count(1):
            title, abstract, mentions = document(rng)
            marks = "".join(
                f'<annotation id="{n}"><infon key="type">{type_}</infon><infon key="MESH">D{len(name):06d}</infon>'
                f'<location offset="{start}" length="{end - start}"/><text>{name}</text></annotation>'
                for n, (start, end, name, type_) in enumerate(mentions)
            )
            yield (
                f'<document><id>{pmid}</id><passage><infon key="type">title</infon><offset>0</offset>'
                f'<text>{escape(title)}</text></passage><passage><infon key="type">abstract</infon>'
                f"<offset>{len(title) + 1}</offset><text>{escape(abstract)}</text>{marks}</passage>"
                '<relation id="R0"><infon key="relation">CID</infon>'
                f'<infon key="Chemical">D{len(mentions[0][2]):06d}</infon>'
                f'<infon key="Disease">D{len(mentions[1][2]):06d}</infon></relation></document>\n'
            )

    head = "<?xml version='1.0' encoding='utf-8'?>\n<collection><source>x</source><date>x</date><key>x</key>\n"
    place = folder / "CDR_Data" / "CDR.Corpus.v010516"
    _fill(place / "CDR_TrainingSet.BioC.xml", documents(), head, "</collection>\n")
    for split in ("Development", "Test"):
        _fill(
            place / f"CDR_{split}Set.BioC.xml",
            itertools.islice(documents(), 1),
            head,
            "</collection>\n",
        )


def _chia(folder: Path, rng: random.Random) -> None:
    place = folder.with_name("chia_unpacked") / "chia_with_scope"
    place.mkdir(parents=True, exist_ok=True)
    size = 0
    for number in itertools.count(1):
        title, abstract, mentions = document(rng)
        lines = [
            f"T{n}\t{_CHIA[type_]} {start} {end}\t{name}"
            for n, (start, end, name, type_) in enumerate(mentions, 1)
        ]
        lines += [
            f"R{n}\tHas_qualifier Arg1:T{n} Arg2:T{n + 1}" for n in range(1, len(mentions), 4)
        ]
        stem = place / f"NCT{number:08d}_inc"
        size += stem.with_suffix(".txt").write_text(f"{title} {abstract}", encoding="utf-8")
        size += stem.with_suffix(".ann").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if size >= SIZE:
            break
    with zipfile.ZipFile(folder / "chia_with_scope.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(place.iterdir()):
            archive.write(file, f"chia_with_scope/{file.name}")


def _geokhoj(folder: Path, rng: random.Random) -> None:
    for split, size in (("train", SIZE), ("test", 1)):
        path = folder / "geokhoj_v1" / "data" / split / f"geo_samples_{split}.csv"
        path.parent.mkdir(parents=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for number in itertools.count(1):
                writer.writerow([f"GSM{number}", rng.randrange(2), passage(rng, 2)])
                if file.tell() >= size:
                    break


def _med_qa(folder: Path, rng: random.Random) -> None:
    def questions() -> Iterator[str]:
        while True:
            options = dict(zip("ABCDE", terms(rng, 5), strict=True))
            right = rng.choice("ABCDE")
            row = {
                "question": f"{passage(rng, 3)} Which is it?", "answer": options[right],
                "options": options, "meta_info": "step1", "answer_idx": right,
            }  # fmt: skip
            yield json.dumps(row) + "\n"

    place = folder / "data_clean" / "questions" / "US"
    _fill(place / "train.jsonl", questions())
    for split in ("dev", "test"):
        _fill(place / f"{split}.jsonl", itertools.islice(questions(), 1))


WRITERS: dict[str, Callable[[Path, random.Random], None]] = {
    "medmentions": _medmentions, "bc5cdr": _bc5cdr, "chia": _chia, "geokhoj_v1": _geokhoj, "med_qa": _med_qa,
}  # fmt: skip
