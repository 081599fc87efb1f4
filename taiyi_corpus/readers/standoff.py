"""Standoff annotation, shared by brat and the BioNLP shared tasks: from lines to the lists of one document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from taiyi_corpus.readers.faults import shown
from taiyi_corpus.readers.row import BadRow
from taiyi_corpus.readers.standoff_lines import (
    FORMS,
    ID_FORM,
    Annotation,
    LineError,
    plain_bound,
    plain_relation,
)

_ID = re.compile(ID_FORM)
# A line that is neither blank nor has an id: a surface goes on with it.
_GOES_ON = re.compile(rf"\n(?!{ID_FORM}|[^\S\n]*(?:\n|\Z))")


def split_lines(content: str, joined: bool = False) -> list[tuple[int, str]]:
    """Return (line number, line) for the lines of an annotation file that are not blank.

    "\\r\\n" is a line end only where every line ends so; else a carriage return belongs to its surface. With
    `joined`, a line without an id continues the surface of the T line before it, after a line feed.
    """
    # A byte order mark is no part of the first id. In a text it stays: offsets may count it.
    content = content.removeprefix("\ufeff")
    lines = content.split("\n")
    if len(lines) > 1 and all(line.endswith("\r") for line in lines[:-1]):
        lines = [line.removesuffix("\r") for line in lines]
    if not joined or not _GOES_ON.search(f"\n{content}"):
        return [(n, line) for n, line in enumerate(lines, 1) if line and not line.isspace()]
    found: list[tuple[int, str]] = []
    number, pieces = 0, list[str]()
    for position, line in enumerate(lines, 1):
        if pieces and pieces[0].startswith("T") and not _ID.match(line):
            pieces.append(line)
            continue
        if pieces:
            found.append((number, _joined(pieces)))
        number, pieces = position, [line] if line.strip() else []
    if pieces:
        found.append((number, _joined(pieces)))
    return found


def parse(
    files: Iterable[tuple[str, Iterable[tuple[int, str]]]], keep_triggers: bool = False
) -> tuple[Annotation, list[BadRow]]:
    """Return the annotation lists of one document, and a fault for each line that is broken.

    `files` are (path, lines), the lines (number, line). Text-bounds that an event names as its trigger stand in the
    event and, unless `keep_triggers`, not among the entities. Notes are left out where there are none. What
    normalises a text-bound stands in its `identifiers` ("db:accession") and `names`.
    """
    found: dict[str, list[Annotation]] = {
        key: [] for key, _ in FORMS.values() if key != "normalizations"
    }
    faults: list[BadRow] = []
    events: list[tuple[str, str, Annotation]] = []
    links: list[tuple[str, str, Annotation]] = []
    bounds, relations = found["entities"], found["relations"]
    for path, number, line in [(path, n, line) for path, lines in files for n, line in lines]:
        id_, _, rest = line.partition("\t")
        if id_[1:].isdigit() and id_.isascii():
            if id_[0] == "T" and (plain := plain_bound(id_, rest)):
                bounds.append(plain)
                continue
            if id_[0] == "R" and (plain := plain_relation(id_, rest)):
                relations.append(plain)
                continue
        where = f"{path}:{number}"
        try:
            if not _ID.match(line):
                raise LineError(
                    "a line that starts with an id (T1, R1, E1, A1, M1, N1, #1, *) and a TAB"
                )
            key, form = FORMS[line[0]]
            annotation = form(line)
        except LineError as error:
            faults.append(BadRow(where, error.wanted, shown(line)))
            continue
        if key == "events":
            events.append((where, line, annotation))
        elif key == "normalizations":
            links.append((where, line, annotation))
        else:
            found[key].append(annotation)
    if links:
        _identify(links, bounds, faults)
    if events:
        triggers = _resolve_triggers(events, bounds, faults)
        found["events"] = [annotation for _, _, annotation in events]
        if not keep_triggers:
            found["entities"] = [bound for bound in bounds if bound["id"] not in triggers]
    return _shaped(found), faults


def _identify(
    links: list[tuple[str, str, Annotation]], bounds: list[Annotation], faults: list[BadRow]
) -> None:
    """Put identifiers into the text-bounds they belong to; one that belongs to none is a fault."""
    by_id = {bound["id"]: bound for bound in bounds}
    for where, line, link in links:
        if (bound := by_id.get(link["ref"])) is None:
            wanted = f"a T line {link['ref']}, which this line normalises"
            faults.append(BadRow(where, wanted, f"none, for {shown(line)}"))
            continue
        bound.setdefault("identifiers", []).append(f"{link['db']}:{link['id']}")
        if "text" in link:
            bound.setdefault("names", []).append(link["text"])


def _resolve_triggers(
    events: list[tuple[str, str, Annotation]], bounds: list[Annotation], faults: list[BadRow]
) -> set[str]:
    """Put the trigger's words into each event; events without one leave the list, with a fault."""
    by_id: dict[str, list[Annotation]] = {}
    for bound in bounds:
        by_id.setdefault(bound["id"], []).append(bound)
    kept = []
    triggers = set()
    for where, line, annotation in events:
        named = by_id.get(annotation["trigger"], [])
        if len(named) != 1:
            wanted = f"one T line {annotation['trigger']}, the trigger of this event"
            faults.append(BadRow(where, wanted, f"{len(named)} of them, for {shown(line)}"))
            continue
        triggers.add(annotation["trigger"])
        trigger = {key: named[0][key] for key in ("id", "spans", "text")}
        kept.append((where, line, {**annotation, "trigger": trigger}))
    events[:] = kept
    return triggers


def _shaped(found: dict[str, list[Annotation]]) -> Annotation:
    sets = found.pop("groups")
    return {
        **{key: items for key, items in found.items() if items or key != "notes"},
        "coreferences": [item["refs"] for item in sets if item["kind"] == "Equiv"],
        "groups": [item for item in sets if item["kind"] != "Equiv"],
    }


def _joined(pieces: list[str]) -> str:
    # Blank lines at the end of a surface are blank lines of the file.
    while len(pieces) > 1 and not pieces[-1].strip():
        pieces.pop()
    return "\n".join(pieces)
