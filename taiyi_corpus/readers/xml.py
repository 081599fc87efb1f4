"""XML: every element of one name is a row, whatever lies around it.

With `record: sentence`, `single: [note]` and `parents: [document]`

    <corpus>
      <document id="d1">
        <sentence id="s1" text="Aspirin works.">
          <entity id="e1" type="drug">Aspirin</entity>
          <note>checked</note>
        </sentence>
      </document>
    </corpus>

gives the row

    {"@id": "s1", "@text": "Aspirin works.",
     "entity": [{"@id": "e1", "type": "drug", "#text": "Aspirin"}],
     "note": "checked",
     "_parents": {"document": {"@id": "d1"}}}

- An attribute is "@name".
- A child is in the list under its tag, or is the one value there if `single` names the tag.
- An element without attributes and children is its text, any other is a dict.
- "#text" is the text of a dict's element; where text and children are mixed it is all of the text, that of the
  children included, in the order of the file.
- An element that `mixed` names is text with elements in it: its "#text" and "#marks", the elements inside with their
  place, `{"#tag": "entity", "@id": "e1", "start": 0, "end": 7}`, in the order in which they open.
- Name spaces are left out unless `namespaces` says otherwise; then a name is "{uri}name".

Comments and processing instructions are left out. No DTD and no entity is loaded or expanded: a file that declares
entities is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from lxml import etree

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.archive import iter_open
from taiyi_corpus.sources.member import Member


class _BrokenRecordError(ValueError):
    """An element that the options do not fit: (wanted, found)."""


def read(
    members: Sequence[Member],
    *,
    record: str,
    namespaces: bool = False,
    single: Sequence[str] = (),
    mixed: Sequence[str] = (),
    parents: Sequence[str] = (),
    stem: str | None = None,
) -> Iterator[Row | BadRow]:
    """Read a row from each element called `record`; one inside another belongs to the outer one.

    `where` is "path:line#n" with n counted from 0, since a whole file may be one line.

    Args:
        members: the files, in order.
        record: tag of the element that is a row, or the end of its path ("document/sentence").
        namespaces: keep name spaces in tags and attributes.
        single: tags that occur once in their element at most; a second one makes a broken row.
        mixed: tags of elements that hold text with elements in it, whose places count.
        parents: tags of elements around the record whose attributes are put under "_parents".
        stem: put the stem of the file under this name; it is the row's key, where a file is a record.
    """
    path = record.strip("/").split("/")
    names = _Names(namespaces, frozenset(single), frozenset(mixed))
    for member, file in iter_open(members):
        for position, element in enumerate(_elements(member, file, path, names)):
            where = f"{member.path}:{element.sourceline}#{position}"
            try:
                value = names.value(element)
            except _BrokenRecordError as error:
                yield BadRow(where, *error.args)
                continue
            data: dict[str, Any] = {"#text": value} if isinstance(value, str) else value
            if parents:
                data["_parents"] = names.around(element, parents)
            key = PurePosixPath(member.path).stem if stem is not None else None
            yield Row(where, key, {stem: key, **data} if stem is not None else data)


def _elements(
    member: Member, file: BinaryIO, path: list[str], names: _Names
) -> Iterator[etree._Element]:
    """Give each record while it stands in the tree with all that is around it; then free it."""
    inside: etree._Element | None = None
    checked = False
    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in events:
            if event == "start":
                if not checked:
                    _refuse_entities(element, member.path)
                    checked = True
                if inside is None and names.ends_with(element, path):
                    inside = element
            elif inside is None:
                _free(element)
            elif element is inside:
                yield element
                inside = None
                _free(element)
    except etree.XMLSyntaxError as error:
        nothing = Fault(member.path, "XML", "no element at all")
        raise SourceError(_faults(events.error_log, member.path) or nothing) from error
    # An unknown entity in an attribute is only a warning if the file names a DTD, and its text is lost.
    if lost := [e for e in events.error_log if e.type_name == "WAR_UNDECLARED_ENTITY"]:
        raise SourceError(_faults(lost, member.path))


def _faults(log: Iterable[Any], path: str) -> list[Fault]:
    return [Fault(f"{path}:{e.line}:{e.column}", "well-formed XML", e.message) for e in log]


def _refuse_entities(root: etree._Element, path: str) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    # The stubs of lxml do not know the entities of a DTD.
    declared = [] if dtd is None else [str(e.name) for e in dtd.entities()]  # type: ignore[attr-defined]
    if declared:
        hint = "Entities can blow a file up or draw in others; replace them in the file."
        found = f"{len(declared)}: {', '.join(declared[:5])}"
        raise SourceError(Fault(path, "XML that declares no entities", found, hint))


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while (previous := element.getprevious()) is not None:
            parent.remove(previous)


class _Names:
    """How elements become values: which name spaces stay, which tags are single."""

    def __init__(
        self, namespaces: bool, single: frozenset[str], mixed: frozenset[str] = frozenset()
    ) -> None:
        self._namespaces = namespaces
        self._single = single
        self._mixed = mixed

    def name(self, name: str) -> str:
        return name if self._namespaces else name.rpartition("}")[2]

    def ends_with(self, element: etree._Element, path: list[str]) -> bool:
        node: etree._Element | None = element
        for tag in reversed(path):
            if node is None or self.name(str(node.tag)) != tag:
                return False
            node = node.getparent()
        return True

    def attributes(self, element: etree._Element) -> dict[str, Any]:
        return {f"@{self.name(str(name))}": str(value) for name, value in element.attrib.items()}

    def around(self, element: etree._Element, tags: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for node in element.iterancestors():
            tag = self.name(str(node.tag))
            if tag in tags and tag not in found:
                found[tag] = self.attributes(node)
        return found

    def value(self, element: etree._Element) -> str | dict[str, Any]:
        if self.name(str(element.tag)) in self._mixed:
            return self.marked(element)
        children = list(element)
        if not children and not element.attrib:
            return element.text or ""
        data: dict[str, Any] = self.attributes(element)
        for child in children:
            if not isinstance(child.tag, str):
                raise _BrokenRecordError("text", f"the unknown entity {child.text}")
            tag, value = self.name(child.tag), self.value(child)
            if tag not in self._single:
                data.setdefault(tag, []).append(value)
            elif tag in data:
                raise _BrokenRecordError(f"one <{tag}>", "a second one")
            else:
                data[tag] = value
        own = [element.text, *(child.tail for child in children)]
        if any(text and (text.strip() or not children) for text in own):
            data["#text"] = "".join(str(text) for text in element.itertext())
        return data

    def marked(self, element: etree._Element) -> dict[str, Any]:
        """Return an element as text with marks."""
        marks: list[dict[str, Any]] = []
        pieces: list[str] = []
        length = 0

        def add(text: str | None) -> None:
            nonlocal length
            pieces.append(str(text or ""))
            length += len(pieces[-1])

        def walk(node: etree._Element) -> None:
            add(node.text)
            for child in node:
                if not isinstance(child.tag, str):
                    raise _BrokenRecordError("text", f"the unknown entity {child.text}")
                mark = {"#tag": self.name(child.tag), **self.attributes(child), "start": length}
                marks.append(mark)
                walk(child)
                mark["end"] = length
                add(child.tail)

        walk(element)
        return {**self.attributes(element), "#text": "".join(pieces), "#marks": marks}
