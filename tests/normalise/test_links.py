"""Identifiers of mentions and concepts, and the data base they belong to."""

from __future__ import annotations

from taiyi_corpus.normalise.faults import FaultBook
from taiyi_corpus.normalise.links import links_reader
from taiyi_corpus.normalise.mentions import Draft, entity_maker
from taiyi_corpus.normalise.relations import relation_maker
from taiyi_corpus.schema.record import Link
from taiyi_corpus.spec.dataset import Labels
from taiyi_corpus.spec.mapping import ArgMap, Const, EntitiesMap, LinksMap, Names, RelationsMap

BY_TYPE = Names(path="type", names={"gene": "NCBIGene", "disease": "MESH"})


def test_the_data_base_may_depend_on_the_mention() -> None:
    read = links_reader(LinksMap(path="ids", db=BY_TYPE, split=[","]))

    assert read({"type": "gene", "ids": "7157,672"}) == [
        Link("NCBIGene", "7157"),
        Link("NCBIGene", "672"),
    ]
    assert read({"type": "disease", "ids": "D001943"}) == [Link("MESH", "D001943")]


def test_a_written_prefix_wins_over_the_table() -> None:
    read = links_reader(LinksMap(path="ids", db=BY_TYPE, prefixes={"OMIM:": "OMIM"}))

    assert read({"type": "disease", "ids": "OMIM:114480"}) == [Link("OMIM", "114480")]


def test_a_value_for_no_concept_is_an_empty_list_and_silence_is_none() -> None:
    read = links_reader(LinksMap(path="ids", db="MESH", none=["-1"]))

    assert read({"ids": "-1"}) == []
    assert read({}) is None


def test_the_concept_of_an_argument_gets_the_same_data_base_as_its_mentions() -> None:
    draft = Draft(text="", piece_join=" ", faults=FaultBook([]))
    given = ArgMap(concept="id1", type="type1", db=Names(path="type1", names={"gene": "NCBIGene"}))

    relation_maker(RelationsMap(args={"Arg1": given}), Labels())(
        {"relations": [{"type": "Association", "id1": "672", "type1": "gene"}]}, draft
    )

    [concept] = draft.concepts.values()
    assert (concept.type, concept.links) == ("gene", [Link("NCBIGene", "672")])


def test_an_argument_named_by_a_string_is_the_mention_already_listed() -> None:
    draft = Draft(text="", piece_join=" ", faults=FaultBook([]))
    drug = Const(const="drug")
    row = {
        "entities": [{"entity": "warfarin"}],
        "relations": [{"type": "effect", "pair": ["warfarin", "aspirin"]}],
    }

    entity_maker(EntitiesMap(type=drug, text="entity"), Labels())(row, draft)
    relation_maker(RelationsMap(args={"Drug": ArgMap(text="pair", type=drug)}), Labels())(
        row, draft
    )

    assert [entity.text for entity in (draft.entities or {}).values()] == ["warfarin", "aspirin"]
    assert draft.relations is not None
    assert [arg.ref for arg in draft.relations[0].args] == ["T1", "T2"]
