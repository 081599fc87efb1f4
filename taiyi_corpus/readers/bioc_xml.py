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
from typing import Any, Literal

from lxml import etree

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.bioc_text import Layout, Texts, words
from taiyi_corpus.readers.faults import one, shown
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

_ROOT = "collection"


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
        for number, document in enumerate(_documents(member), 1):
            where = f"{member.path}#{number}"
            faults: list[BadRow] = []
            data = _document(document, where, layout, joiner, faults)
            if renumber:
                _renumber(data, where, faults)
            yield one(faults, data["id"] or None) if faults else Row(where, data["id"], data)


def _documents(member: Member) -> Iterator[etree._Element]:
    """Yield document elements; each is emptied once the next is asked for."""
    with member.open() as stream:
        events: tuple[Literal["start"], Literal["end"]] = ("start", "end")
        parser = etree.iterparse(
            stream,
            events=events,
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
        )
        started = False
        try:
            for event, element in parser:
                if not started:
                    _check_start(element, member)
                    started = True
                if event == "end" and element.tag == "document":
                    yield element
                    parent = element.getparent()
                    element.clear()
                    if parent is not None:
                        parent.remove(element)
        except etree.XMLSyntaxError as error:
            at = f"{member.path}:{error.lineno}"
            raise SourceError(Fault(at, "well-formed XML", error.msg or "none")) from error


def _check_start(root: etree._Element, member: Member) -> None:
    if root.tag != _ROOT:
        raise SourceError(Fault(member.path, f"BioC, a {_ROOT} element", str(root.tag)))
    definition = root.getroottree().docinfo.internalDTD
    # The stubs of lxml do not know the entities of a document type definition.
    if definition is not None and definition.entities():  # type: ignore[attr-defined]
        raise SourceError(
            Fault(member.path, "XML without entity declarations", "a declared entity")
        )


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
        if child.tag == "infon":
            _add_infon(child, infons, where, faults)
        elif child.tag == "location":
            start, length = child.get("offset", ""), child.get("length", "")
            if start.isdecimal() and length.isdecimal():
                spans.append([int(start) + shift, int(start) + shift + int(length)])
            else:
                got = shown(f"offset={start!r} length={length!r}")
                faults.append(BadRow(where, "a location with offset and length", got))
        elif child.tag == "text" and text is None:
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
