"""What an annotation carries besides what the mapping names is kept, once."""

from __future__ import annotations

from taiyi_corpus.normalise.annotations import rest_reader
from tests.toys import DRUG_AND_DISEASE, dataset, normalise


def test_what_a_path_into_a_nested_object_names_is_not_kept_twice() -> None:
    rest_of = rest_reader("entities", ["id", "infons.MESH"], "type")

    rest = rest_of(
        {"id": "T1", "type": "Drug", "infons": {"type": "Drug", "MESH": "D1", "note": "x"}}
    )

    assert rest == {"infons": {"note": "x"}}


def test_nothing_is_kept_where_all_is_named() -> None:
    rest_of = rest_reader("relations", ["id", "infons.drug"], "type")

    assert rest_of({"id": "R1", "type": "CID", "infons": {"relation": "CID", "drug": "D1"}}) == {}


def test_what_no_path_names_is_kept() -> None:
    rest_of = rest_reader("relations", ["id", "args"], "type")

    rest = rest_of({"id": "R1", "type": "Binds", "args": [], "cols": ["Novel"], "empty": ""})

    assert rest == {"cols": ["Novel"]}


def test_a_row_that_is_itself_the_annotation_has_nothing_besides() -> None:
    assert rest_reader(".", ["head"], "relation")({"head": "a", "tail": "b"}) == {}


def test_a_field_of_the_annotations_may_be_dropped_by_its_path() -> None:
    spec = dataset(
        tasks=["ner"],
        labels={"entities": DRUG_AND_DISEASE},
        map={
            "text": "text",
            "entities": {"id": "id", "spans": "spans", "text": None},
            "drop": ["entities.text"],
        },
    )
    mention = {"id": "T1", "type": "Drug", "spans": [[0, 7]], "text": "ASPIRIN", "note": "x"}

    record = normalise(spec, {"text": "Aspirin works.", "entities": [mention]}).only

    assert record.extra == '{"entities_extra":{"T1":{"note":"x"}}}'
