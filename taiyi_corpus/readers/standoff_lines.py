"""The line grammar of standoff annotation, shared by brat and the BioNLP shared tasks. Pure functions.

    text-bound     "T"id TAB type SP start SP end (";" start SP end)* TAB surface
    relation       "R"id TAB type SP role ":" ref SP role ":" ref (SP role ":" ref)*
    event          "E"id TAB type ":" text-bound (SP role ":" ref)*
    attribute      ("A" | "M")id TAB name SP ref [SP value]
    normalisation  "N"id TAB type SP ref SP db ":" accession [TAB text]
                   "N"id TAB db SP "Annotation:" ref SP "Referent:" accession
    note           "#"id TAB type SP ref [TAB text]
    set            "*" TAB kind SP ref SP ref (SP ref)*

An id is its letter, a number and anything without a blank (T2, T57_2, T2_cancer). Offsets count code points from 0,
end exclusive. Blanks and tabs at the end of a line mean nothing, except in a surface. Refs may point forward.
A set of kind Equiv is a coreference; any other kind (OR, NOT) is a group.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Annotation = dict[str, Any]

ID_FORM = r"(?:[TREAMN#][A-Za-z]*[0-9]\S*|\*)\t"
_TEXT_BOUND = re.compile(r"(\S+)\t(\S+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)\t(.*)", re.DOTALL)
_PAIR = re.compile(r"([^\s:]+):(\S+)")
_NORMALISATION = re.compile(r"(\S+)\t(\S+) (\S+) (\S+)(?:\t(.*))?")
_NOTE = re.compile(r"(\S+)\t(\S+) (\S+)(?:\t(.*))?")


class LineError(ValueError):
    """A line does not keep the grammar; `wanted` is the form it should have."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


def text_bound(line: str) -> Annotation:
    """T1 TAB Protein 0 5;9 12 TAB surface."""
    if not (match := _TEXT_BOUND.fullmatch(line)):
        raise LineError("T id, TAB, type start end, TAB, surface")
    spans = [[int(offset) for offset in piece.split(" ")] for piece in match[3].split(";")]
    return {"id": match[1], "type": match[2], "spans": spans, "text": match[4]}


def relation(line: str) -> Annotation:
    """R1 TAB Part-of Arg1:T1 Arg2:T2 [TAB]."""
    name, kind, *arguments = _words(line)
    args = _pairs(arguments)
    if args is None or len(args) < 2 or ":" in kind:
        raise LineError("R id, TAB, type role:ref role:ref")
    return {"id": name, "type": kind, "args": args}


def event(line: str) -> Annotation:
    """E1 TAB Binding:T5 Theme:T1 Theme2:T2; `trigger` is still the id of a text-bound."""
    name, head, *arguments = _words(line)
    args = _pairs(arguments)
    if args is None or not (match := _PAIR.fullmatch(head)):
        raise LineError("E id, TAB, type:trigger role:ref ...")
    return {"id": name, "type": match[1], "trigger": match[2], "args": args}


def attribute(line: str) -> Annotation:
    """A1 TAB Pathological T3, M1 TAB Negation E2, A2 TAB Certainty E1 L2."""
    name, *words = _words(line)
    if len(words) < 2:
        raise LineError("A or M id, TAB, name ref [value]")
    found = {"id": name, "ref": words[1], "name": words[0]}
    return {**found, "value": " ".join(words[2:])} if words[2:] else found


def normalisation(line: str) -> Annotation:
    """N1 TAB Reference T1 db:accession TAB text, or N1 TAB db Annotation:T1 Referent:accession."""
    match = _NORMALISATION.fullmatch(line.rstrip("\t \r"))
    first, second = (
        (_PAIR.fullmatch(match[3]), _PAIR.fullmatch(match[4])) if match else (None, None)
    )
    if match and first and second and (first[1], second[1]) == ("Annotation", "Referent"):
        return {"ref": first[2], "db": match[2], "id": second[2]}
    if match and second and not first:
        found = {"ref": match[3], "type": match[2], "db": second[1], "id": second[2]}
        return {**found, "text": match[5]} if match[5] else found
    raise LineError("N id, TAB, type ref db:accession, TAB, text")


def note(line: str) -> Annotation:
    """#1 TAB AnnotatorNotes T1 TAB text."""
    if not (match := _NOTE.fullmatch(line.rstrip("\t \r"))):
        raise LineError("# id, TAB, type ref, TAB, text")
    found = {"ref": match[3], "type": match[2]}
    return {**found, "text": match[4]} if match[4] else found


def group(line: str) -> Annotation:
    """* TAB Equiv T1 T2 T3."""
    _, *words = _words(line)
    if len(words) < 3:
        raise LineError("*, TAB, kind ref ref ...")
    return {"kind": words[0], "refs": words[1:]}


FORMS: dict[str, tuple[str, Callable[[str], Annotation]]] = {
    "T": ("entities", text_bound),
    "R": ("relations", relation),
    "E": ("events", event),
    "A": ("attributes", attribute),
    "M": ("attributes", attribute),
    "N": ("normalizations", normalisation),
    "#": ("notes", note),
    "*": ("groups", group),
}


# There are many of these two lines; in their plainest form they are split, which takes half of what a pattern takes.


def plain_bound(id_: str, rest: str) -> Annotation | None:
    """Return the mention of a T line of one piece, after its id; None if it is not plainly that."""
    head, tab, text = rest.partition("\t")
    words = head.split(" ")
    if not tab or len(words) != 3 or not head.isascii():
        return None
    type_, start, end = words
    if not (start.isdigit() and end.isdigit() and type_ and type_.isprintable()):
        return None
    return {"id": id_, "type": type_, "spans": [[int(start), int(end)]], "text": text}


def plain_relation(id_: str, rest: str) -> Annotation | None:
    """Return the relation of an R line of two arguments, after its id; None if it is not plainly that."""
    words = rest.split(" ")
    if len(words) != 3 or not rest.isprintable():
        return None
    type_, first, second = words
    role, _, ref = first.partition(":")
    other, _, its = second.partition(":")
    if not (type_ and role and ref and other and its) or ":" in type_:
        return None
    args = [{"role": role, "ref": ref}, {"role": other, "ref": its}]
    return {"id": id_, "type": type_, "args": args}


def _words(line: str) -> list[str]:
    """Return the id and the words of the second column; a third column is no part of the grammar."""
    name, _, rest = line.rstrip("\t \r").partition("\t")
    if not rest.strip() or "\t" in rest:
        raise LineError("an id, TAB and words parted by blanks")
    return [name, *rest.split()]


def _pairs(words: list[str]) -> list[dict[str, str]] | None:
    """Return role:ref words as arguments, or None if one of them is none."""
    matches = [_PAIR.fullmatch(word) for word in words]
    if not all(matches):
        return None
    return [{"role": match[1], "ref": match[2]} for match in matches if match]
