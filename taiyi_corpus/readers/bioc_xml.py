"""BioC XML: a collection of documents made of passages (and sentences), with annotations and relations.

    collection > document+ > id, infon*, passage+, annotation*, relation*
    passage    > infon*, offset, (text | sentence+), annotation*, relation*
    sentence   > infon*, offset, text, annotation*, relation*
    annotation   [id] > infon*, location [offset, length]*, text
    relation     [id] > infon*, node [refid, role]*

Offsets count code points over the whole document, so a passage that starts at 60 stands at 60 of the text; what lies
between two passages is filled with blanks. The document type definition is never fetched, no entity is expanded, and
a file that declares entities is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from lxml import etree

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.bioc_text import Layout, Texts, words
from taiyi_corpus.readers.faults import one, shown
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

_ROOT = "collection"
_SAFE: dict[str, Any] = {
    "load_dtd": False, "no_network": True, "resolve_entities": False, "remove_comments": True,
    "remove_pis": True, "huge_tree": False,
}  # fmt: skip


def read(
    members: Sequence[Member],
    *,
    layout: Layout = "offsets",
    joiner: str = " ",
    renumber: bool = False,
) -> Iterator[Row | BadRow]:
    """Read one row a document; its key is the document's id.

    Options:
        layout: "offsets" puts each passage where its offset says. "joined" puts passages one after another with
            `joiner` between, and moves their annotations with them: for files whose passage offsets do not fit
            the passages' lengths while mentions fit their passage.
        joiner: what stands between joined passages.
        renumber: give annotations and relations new ids (T0 ..., R0 ...), for files whose ids repeat in a document.

    Raises:
        SourceError: a file is no well-formed BioC XML, or declares entities.
    """
    for member in sorted(members, key=lambda member: member.path):
        with member.open() as stream:
            check_start(stream, member.path)
        with member.open() as stream:
            yield from documents(
                stream, member.path, 0, layout=layout, joiner=joiner, renumber=renumber
            )


def documents(
    stream: BinaryIO,
    path: str,
    before: int,
    *,
    layout: Layout = "offsets",
    joiner: str = " ",
    renumber: bool = False,
) -> Iterator[Row | BadRow]:
    """Read the documents of a collection that is a whole file, or is cut out of one after `before` others."""
    for number, document in enumerate(_documents(stream, path), before + 1):
        where = f"{path}#{number}"
        faults: list[BadRow] = []
        data = _document(document, where, layout, joiner, faults)
        if renumber:
            _renumber(data, where, faults)
        yield one(faults, data["id"] or None) if faults else Row(where, data["id"], data)


def _documents(stream: BinaryIO, path: str) -> Iterator[etree._Element]:
    """Yield document elements; each is emptied once the next is asked for."""
    # Elements of other names would cost as much as all the rest, were they handed over, too.
    parser = etree.iterparse(stream, events=("end",), tag="document", **_SAFE)
    with _syntax(path):
        for _, element in parser:
            yield element
            parent = element.getparent()
            element.clear()
            if parent is not None:
                parent.remove(element)


def check_start(stream: BinaryIO, path: str) -> None:
    """Check that a file is BioC and declares no entity.

    Raises:
        SourceError: it is not, or does.
    """
    with _syntax(path):
        _, root = next(etree.iterparse(stream, events=("start",), **_SAFE))
    if root.tag != _ROOT:
        raise SourceError(Fault(path, f"BioC, a {_ROOT} element", str(root.tag)))
    definition = root.getroottree().docinfo.internalDTD
    if definition is not None and definition.entities():
        raise SourceError(Fault(path, "XML without entity declarations", "a declared entity"))


@contextmanager
def _syntax(path: str) -> Iterator[None]:
    """Turn an error of the XML parser into one that names the line."""
    try:
        yield
    except etree.XMLSyntaxError as error:
        at = f"{path}:{error.lineno}"
        raise SourceError(Fault(at, "well-formed XML", error.msg or "none")) from error


def _document(
    document: etree._Element, where: str, layout: Layout, joiner: str, faults: list[BadRow]
) -> dict[str, Any]:
    name = _content(document, "id") or ""
    if not name:
        faults.append(BadRow(where, "a document with an id", "none"))
    if any(True for _ in document.iter(etree.Entity)):
        faults.append(BadRow(where, "text without entity references", f"one, in document {name}"))
    texts = Texts(where, layout, joiner, faults)
    passages, entities = [], []
    for passage in document.iterfind("passage"):
        found = {"infons": _infons(passage, where, faults)}
        if (bounds := texts.place(passage)) is not None:
            more = {} if set(found["infons"]) <= {"type"} else found
            kind = found["infons"].get("type", "passage")
            passages.append({"type": kind, "start": bounds[0], "end": bounds[1], **more})
        entities += [
            _entity(item, where, faults, texts.shift) for item in passage.iter("annotation")
        ]
    outside = [_entity(item, where, faults, 0) for item in document.iterfind("annotation")]
    entities += outside
    if layout == "offsets":
        texts.check_unit(entities)
    elif any("spans" in item for item in outside):
        faults.append(BadRow(where, "located annotations inside passages", "one outside"))
    data = {
        "id": name,
        "text": texts.joined(),
        "passages": passages,
        "entities": entities,
        "relations": [_relation(item, where, faults) for item in document.iter("relation")],
    }
    infons = _infons(document, where, faults)
    return {**data, "infons": infons} if infons else data


def _entity(
    element: etree._Element, where: str, faults: list[BadRow], shift: int
) -> dict[str, Any]:
    infons: dict[str, str] = {}
    spans: list[list[int]] = []
    text = None
    # There are many of them, so they are walked through once and not asked for each of their parts.
    for child in element:
        tag = child.tag
        if tag == "infon":
            _add_infon(child, infons, where, faults)
        elif tag == "location":
            start, length = child.get("offset", ""), child.get("length", "")
            if start.isdecimal() and length.isdecimal():
                first = int(start) + shift
                spans.append([first, first + int(length)])
            else:
                got = shown(f"offset={start!r} length={length!r}")
                faults.append(BadRow(where, "a location with offset and length", got))
        elif tag == "text" and text is None:
            text = words(child)
    found = _named(element, infons, "type")
    if spans:
        found["spans"] = spans
    if text:
        found["text"] = text
    return found


def _relation(element: etree._Element, where: str, faults: list[BadRow]) -> dict[str, Any]:
    found = _named(element, _infons(element, where, faults), "relation", "type")
    nodes = element.findall("node")
    found["args"] = [{"role": node.get("role", ""), "ref": node.get("refid", "")} for node in nodes]
    if not all(arg["ref"] for arg in found["args"]):
        faults.append(BadRow(where, "a relation's node with a refid", "none"))
    return found


def _named(element: etree._Element, infons: dict[str, str], *keys: str) -> dict[str, Any]:
    """Return id, type (the first infon of `keys` that is there) and infons; absent parts are left out."""
    found: dict[str, Any] = {}
    if (id_ := element.get("id")) is not None:
        found["id"] = id_
    for key in keys:
        if key in infons:
            found["type"] = infons[key]
            break
    if infons:
        found["infons"] = infons
    return found


def _infons(element: etree._Element, where: str, faults: list[BadRow]) -> dict[str, str]:
    found: dict[str, str] = {}
    for infon in element.iterfind("infon"):
        _add_infon(infon, found, where, faults)
    return found


def _add_infon(
    infon: etree._Element, found: dict[str, str], where: str, faults: list[BadRow]
) -> None:
    key = infon.get("key", "")
    if key in found:
        faults.append(BadRow(where, "infon keys that do not repeat", shown(key)))
    found[key] = words(infon)


def _content(element: etree._Element, tag: str) -> str | None:
    child = element.find(tag)
    return None if child is None else words(child)


def _renumber(data: dict[str, Any], where: str, faults: list[BadRow]) -> None:
    """Give new ids, in the order of the file; a ref to an id that stood twice has no answer."""
    new: dict[str, list[str]] = {}
    for key, letter in (("entities", "T"), ("relations", "R")):
        for number, item in enumerate(data[key]):
            new.setdefault(item.get("id", ""), []).append(f"{letter}{number}")
            item["id"] = f"{letter}{number}"
    for relation in data["relations"]:
        for arg in relation["args"]:
            names = new.get(arg["ref"], [])
            if len(names) == 1:
                arg["ref"] = names[0]
            else:
                wanted = f"one annotation with id {arg['ref']}"
                faults.append(BadRow(where, wanted, f"{len(names)} of them"))
