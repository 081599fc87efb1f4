"""The mapping that fits the rows of annotated documents, whatever their format.

A dataset's `map:` says only what differs: its keys replace these, part by part.
"""

from __future__ import annotations

from taiyi_corpus.spec.mapping import (
    AttributesMap,
    CoreferencesMap,
    EntitiesMap,
    EventsMap,
    GroupsMap,
    RelationsMap,
)
from taiyi_corpus.spec.record_map import RecordMap

DOCUMENT_READERS = frozenset(
    {"bioc_xml", "bionlp", "brat", "conll", "ppi_xml", "pubtator", "token_index"}
)

_ENTITIES = EntitiesMap(id="id", spans="spans")
_RELATIONS = RelationsMap(id="id")
_EVENTS = EventsMap(id="id")
_DOCUMENT = RecordMap(
    id="id",
    text="text",
    passages="passages",
    entities=_ENTITIES,
    relations=_RELATIONS,
    events=_EVENTS,
    coreferences=CoreferencesMap(),
    groups=GroupsMap(),
    attributes=AttributesMap(),
)


def full_map(reader: str, given: RecordMap) -> RecordMap:
    """Return the mapping of a dataset: what its YAML gives over what fits its reader."""
    if reader not in DOCUMENT_READERS:
        return given
    over = {name: getattr(given, name) for name in given.model_fields_set}
    for part, default in (("entities", _ENTITIES), ("relations", _RELATIONS), ("events", _EVENTS)):
        if part in over and over[part] is not None:
            changes = {name: getattr(over[part], name) for name in over[part].model_fields_set}
            over[part] = default.model_copy(update=changes)
    return _DOCUMENT.model_copy(update=over)
