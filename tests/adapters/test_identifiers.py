"""Adapters that find out what an identifier belongs to."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import concept_types, infon_named_by_type, variant_ids
from taiyi_corpus.readers.row import Row


def mention(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": "T0", "type": kind, "spans": [[0, 4]], "text": "text", **more}


def with_links(entity: dict[str, Any]) -> dict[str, Any]:
    [row] = variant_ids.adapt(iter([Row("a:1", "1", {"entities": [entity]})]), {})
    found: dict[str, Any] = row.data["entities"][0]
    return found


def test_a_variants_form_and_number_are_its_links_and_its_gene_is_not() -> None:
    entity = with_links(
        mention("DNAMutation", ids="c|SUB|C|10|T;VariantGroup:3;CorrespondingGene:672;RS#:123")
    )
    assert entity["links"] == ["tmVar:c|SUB|C|10|T", "dbSNP:123"]
    assert (entity["VariantGroup"], entity["CorrespondingGene"]) == ("3", "672")
    assert "ids" not in entity


def test_the_number_may_stand_in_a_column_of_its_own() -> None:
    entity = with_links(mention("ProteinMutation", ids="p|SUB|A|1|B", parts=["RSID:99"]))
    assert entity["links"] == ["tmVar:p|SUB|A|1|B", "dbSNP:99"]
    assert "parts" not in entity


def test_what_is_no_number_is_no_gene() -> None:
    entity = with_links(mention("Gene", ids="672,D007333"))
    assert (entity["links"], entity["other_ids"]) == (["NCBIGene:672"], ["D007333"])
    assert "links" not in with_links(mention("Gene", ids="-"))


def test_a_list_of_data_bases_is_cut_between_them_and_not_inside_a_form() -> None:
    entity = with_links(mention("DNAMutation", ids="NCBI Gene:672,dbSNP:c|SUB|G,A|290|T,dbSNP:123"))
    assert entity["links"] == ["tmVar:c|SUB|G,A|290|T", "dbSNP:123"]
    assert entity["genes"] == ["672"]
    genes = with_links(mention("Gene", ids="NCBI Gene:672,NCBI Gene:675"))["links"]
    assert genes == ["NCBIGene:672", "NCBIGene:675"]


def test_plain_identifiers_belong_to_the_data_base_of_their_type() -> None:
    assert with_links(mention("Gene", ids="672,675"))["links"] == ["NCBIGene:672", "NCBIGene:675"]
    assert with_links(mention("Species", ids="9606"))["links"] == ["NCBITaxon:9606"]
    assert with_links(mention("SNP", ids="rs123"))["links"] == ["dbSNP:123"]
    assert "links" not in with_links(mention("SNP"))


def test_a_form_in_the_place_of_the_type_says_the_type() -> None:
    entity = with_links(mention("p|SUB|V|11|A", ids="RSID:5"))
    assert entity["type"] == "ProteinMutation"
    assert sorted(entity["links"]) == ["dbSNP:5", "tmVar:p|SUB|V|11|A"]


def test_an_argument_gets_the_type_of_the_first_mention_with_its_identifier() -> None:
    relation = {
        "id": "R0",
        "type": "Association",
        "args": [{"role": "Arg1", "concept": "672"}, {"role": "Arg2", "concept": "D9"}],
        "cols": ["Novel"],
    }
    entities = [mention("Gene", ids="7157,672"), mention("Species", ids="672"), mention("Gene")]
    data = {"entities": entities, "relations": [relation]}

    [row] = concept_types.adapt(iter([Row("a:1", "1", data)]), {})

    assert [arg["type"] for arg in row.data["relations"][0]["args"]] == ["Gene", None]
    assert row.data["attributes"] == [{"ref": "R0", "name": "novelty", "value": "Novel"}]
    assert "cols" not in row.data["relations"][0]


def from_bioc(text: str, start: int, said: str, **infons: str) -> dict[str, Any]:
    entity = {"type": "Gene", "infons": infons, "spans": [[start, start + len(said)]], "text": said}
    data = {"text": text, "entities": [entity]}
    [row] = infon_named_by_type.adapt(iter([Row("a:1", "1", data)]), {})
    found: dict[str, Any] = row.data["entities"][0]
    return found


def test_the_infon_called_like_the_type_holds_the_identifiers() -> None:
    assert from_bioc("ABC1", 0, "ABC1", Gene="12(Tax:9606),34")["ids"] == "12,34"
    assert "ids" not in from_bioc("ABC1", 0, "ABC1", FamilyName="12")


def test_a_mention_one_character_off_is_moved_and_no_further() -> None:
    assert from_bioc("The ABC1 gene", 5, "ABC1") | {"infons": {}} == {
        "type": "Gene",
        "infons": {},
        "spans": [[4, 8]],
        "text": "ABC1",
        "moved": [-1, -1],
    }
    assert from_bioc("The ABC1 gene", 3, "ABC1")["moved"] == [1, 1]
    assert from_bioc("The ABC1 gene", 6, "ABC1")["spans"] == [[6, 10]]
    assert "moved" not in from_bioc("The ABC1 gene", 4, "ABC1")


def test_a_mention_that_ends_one_character_too_late_ends_earlier() -> None:
    entity = mention("FamilyName", spans=[[0, 11]], text="K+ channel")
    data = {"text": "K+ channel.", "entities": [entity]}
    [row] = infon_named_by_type.adapt(iter([Row("a:1", "1", data)]), {})
    [found] = row.data["entities"]
    assert (found["spans"], found["moved"]) == ([[0, 10]], [0, -1])
