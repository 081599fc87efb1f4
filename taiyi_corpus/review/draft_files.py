"""What raw files look like: which reader with which options, and which files are which split."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.readers.decode import LIKELY
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.find import inside, members
from taiyi_corpus.sources.member import Member

_PIECE = 1 << 18  # bytes of a file that are looked at
_LINES = 60
_MANY = 6  # files of one folder that become a pattern
_SPLITS: tuple[tuple[Split, str], ...] = (
    ("test", r"test(?:ing|set|data)?"),
    ("validation", r"dev|devel|development|valid|validation|val|eval"),
    ("train", r"train(?:ing|set|data)?|trn"),
)
_PUBTATOR = re.compile(r"\w+\|[ta]\|")
_TAG = re.compile(r"O|[BIES]-\S+")


@dataclass(slots=True)
class Form:
    """How files are read; `unsure` says what is a guess."""

    format: str
    options: dict[str, Any] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)


def raw_files(given: Sequence[Path]) -> list[Member]:
    """Return the files named, folders and archives looked into; paths count from their common folder.

    Raises:
        InputError: a path is not there, or there is no file at all.
    """
    missing = [path for path in given if not path.exists()]
    if missing:
        raise InputError(Fault(str(path), "a file or folder", "nothing") for path in missing)
    if len(given) == 1 and given[0].is_dir():
        found = members(given[0])
    else:
        parents = {path.resolve().parent for path in given}
        root = min(parents, key=lambda parent: len(parent.parts))
        found = []
        for path in given:
            if not path.resolve().is_relative_to(root):
                hint = "Put them into one folder, the one the dataset will have."
                raise InputError(
                    Fault(str(path), f"a path below {root}", str(path.resolve()), hint)
                )
            name = path.resolve().relative_to(root).as_posix()
            if path.is_dir():
                below = members(path)
                found += [Member(f"{name}/{m.path}", m.file, m.inner, m.size) for m in below]
            else:
                found += inside(path, name)
    if not found:
        raise InputError(Fault(str(given[0]), "at least one file", "none"))
    return found


def by_split(found: Sequence[Member]) -> dict[Split, list[Member]]:
    """Return the files of each split, told by the words in their names, else in those of their folders."""
    splits: dict[Split, list[Member]] = {"train": [], "validation": [], "test": []}
    for member in found:
        splits[_split_of(member.path)].append(member)
    return {split: files for split, files in splits.items() if files}


def _split_of(path: str) -> Split:
    for part in reversed(PurePosixPath(path).parts):
        for split, words in _SPLITS:
            if re.search(rf"(?<![a-z])(?:{words})(?![a-z])", part.lower()):
                return split
    return "train"


def patterns(files: Sequence[Member], suffixes: Sequence[str]) -> list[str]:
    """Return the files of a split as patterns: many of one folder and kind are one."""
    groups: dict[tuple[str, str], list[str]] = {}
    for member in files:
        path = PurePosixPath(member.path)
        groups.setdefault((str(path.parent), path.suffix), []).append(member.path)
    found = []
    for (folder, suffix), paths in sorted(groups.items()):
        if len(paths) >= _MANY or suffixes:
            if suffixes and suffix not in suffixes:
                continue
            found.append(f"*{suffix}" if folder == "." else f"{folder}/*{suffix}")
        else:
            found += paths
    return found


def guess_form(found: Sequence[Member]) -> Form:
    """Return how files are most likely read."""
    suffixes = Counter(PurePosixPath(member.path).suffix.lower() for member in found)
    if ".a1" in suffixes:
        return Form("bionlp")
    if ".ann" in suffixes:
        return Form("brat")
    suffix = suffixes.most_common(1)[0][0]
    if suffix in (".xlsx", ".xls", ".ods"):
        return Form("xlsx")
    alike = [m for m in found if PurePosixPath(m.path).suffix.lower() == suffix][:_MANY]
    first, *others = (_guess_one(suffix, member) for member in alike)
    for other in others:  # a quote or a foreign letter may stand in one of the files only
        if other.format == first.format:
            first.options = other.options | first.options
            first.unsure += [text for text in other.unsure if text not in first.unsure]
    return first


def _guess_one(suffix: str, member: Member) -> Form:
    with member.open() as file:
        text, encoding = _decoded(file.read(_PIECE))
    form = _guess_text(suffix, text, member)
    if encoding != "utf-8":
        form.options["encoding"] = encoding
        form.unsure.append(f"the encoding is {encoding} by its bytes")
    return form


def _decoded(raw: bytes) -> tuple[str, str]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "ignore"), "utf-16"
    whole = raw[: raw.rfind(b"\n") + 1] or raw if len(raw) == _PIECE else raw
    for encoding in LIKELY:
        try:
            return whole.decode(encoding).removeprefix("\ufeff"), encoding
        except UnicodeDecodeError:
            continue
    return whole.decode("latin-1"), "latin-1"


def _guess_text(suffix: str, text: str, member: Member) -> Form:
    lines = [line.rstrip("\r") for line in text.split("\n")[:_LINES] if line.strip()]
    first = lines[0].lstrip()[:1] if lines else ""
    if suffix == ".xml" or text.lstrip()[:1] == "<":
        return _guess_xml(text)
    if first in "[{" and first:
        if first == "{" and _is_json(lines[0]) and (len(lines) > 1 or suffix == ".jsonl"):
            return Form("jsonl")
        return _guess_json(member)
    if any(_PUBTATOR.match(line) for line in lines[:3]):
        return Form("pubtator")
    cells = [line.split() for line in lines]
    if all(len(row) > 1 and _TAG.fullmatch(row[-1]) for row in cells if row) and "\n\n" in text:
        separator = "\t" if all("\t" in line for line in lines) else None
        return Form("conll", {} if separator else {"separator": None})
    return _guess_table(suffix, lines)


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _guess_xml(text: str) -> Form:
    if "<collection" in text and "<passage" in text:
        return Form("bioc_xml")
    if "<sentence" in text and "charOffset=" in text:
        return Form("ppi_xml")
    tags = Counter(re.findall(r"<([A-Za-z_][\w.-]*)[\s>]", text))
    record = next((tag for tag, count in tags.items() if count > 1), next(iter(tags), "record"))
    return Form("xml", {"record": record}, [f"one <{record}> is taken to be a record"])


def _guess_json(member: Member) -> Form:
    with member.open() as file:
        try:
            value = json.load(file)
        except ValueError as error:
            raise InputError(Fault(member.path, "JSON", str(error))) from error
    path: list[str] = []
    while isinstance(value, dict):
        inner = [(key, v) for key, v in value.items() if isinstance(v, (list, dict)) and v]
        if len(value) > 1 and all(isinstance(v, dict) for v in value.values()):
            return Form("json", {**({"path": ".".join(path)} if path else {}), "keys": True})
        if len(inner) != 1:
            break
        path.append(inner[0][0])
        value = inner[0][1]
    return Form("json", {"path": ".".join(path)} if path else {})


def _guess_table(suffix: str, lines: list[str]) -> Form:
    best, options = 1, {"delimiter": "\t"}
    for delimiter in ("\t", ",", ";", "|"):
        for quoting in ("minimal", "none"):
            widths = {len(row) for row in _rows(lines, delimiter, quoting)}
            if len(widths) == 1 and (width := widths.pop()) > best:
                best, options = width, {"delimiter": delimiter}
                if quoting == "none":
                    options["quoting"] = quoting
    if best == 1 and suffix not in (".csv", ".tsv"):
        return Form("lines", {"skip_blank": True})
    quoting = options.get("quoting", "minimal")
    head, *rest = _rows(lines, options["delimiter"], quoting)
    form = Form("csv", {key: value for key, value in options.items() if value != ","})
    if not _is_header(head, rest):
        form.options |= {"header": False, "columns": [f"column{n}" for n in range(1, best + 1)]}
        form.unsure.append("the first line does not look like a header: name the columns")
    return form


def _rows(lines: list[str], delimiter: str, quoting: str) -> list[list[str]]:
    if quoting == "none":
        return [line.split(delimiter) for line in lines]
    return list(csv.reader(lines, delimiter=delimiter))


def _is_header(head: list[str], rest: list[list[str]]) -> bool:
    names = [cell.strip() for cell in head]
    if len(set(names)) < len(names) or any(len(name) > 40 for name in names):
        return False
    if any(re.fullmatch(r"[\d.,%-]+", name) for name in names):
        return False
    if any(re.search(r"[.!?。！？，]$|。", name) for name in names):
        return False
    below = [{row[n].strip() for row in rest if n < len(row)} for n in range(len(names))]
    return not any(name and name in column for name, column in zip(names, below, strict=True))
