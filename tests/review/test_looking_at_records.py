"""preview, status, wordings: what the library returns; the commands' own tests say how it is shown."""

from __future__ import annotations

import pytest

from taiyi_corpus.errors import InputError, MissingDataError
from taiyi_corpus.review.open import find_either
from taiyi_corpus.review.preview import preview
from taiyi_corpus.review.status import status
from taiyi_corpus.review.wordings import in_both_languages, inventory
from tests.tiny import Tiny


def test_each_record_stands_beside_its_own_row(tiny: Tiny) -> None:
    shown = list(preview(*find_either(tiny.registry(), "effects", tiny.data)))
    assert [(one.where, one.raw["sentence"]) for one in shown] == [
        ("train.tsv:2", "The rash went away."),
        ("train.tsv:3", "Nothing was felt."),
        ("train.tsv:4", "A headache came."),
        ("test.tsv:2", "It itched."),
    ]
    assert [one.record.text for one in shown if one.record] == [
        one.raw["sentence"] for one in shown
    ]


def test_a_row_that_gave_no_record_stands_with_its_reason(tiny: Tiny) -> None:
    located = find_either(tiny.registry(), "questions", tiny.data)
    (dropped,) = [one for one in preview(*located) if one.record is None]
    assert dropped.where == "questions.jsonl:3"
    assert dropped.drop is not None
    assert dropped.drop.reason == "row_malformed"
    assert [one.id for one in preview(*located, task="qa_sqa")] == [
        "questions/train/q1", "questions/train/q2",
    ]  # fmt: skip


def test_a_record_is_found_by_id_and_by_key(tiny: Tiny) -> None:
    located = find_either(tiny.registry(), "drugs", tiny.data)
    for name in ("drugs/train/b", "b"):
        (one,) = preview(*located, record=name)
        assert one.id == "drugs/train/b"


def test_every_form_of_every_task_is_rendered(tiny: Tiny) -> None:
    one = next(preview(*find_either(tiny.registry(), "drugs", tiny.data)))
    assert [instance.id.partition("#")[2] for instance in one.instances] == [
        "ner.all_types.0", "ner.one_type.0", "re.all_relations.0",
    ]  # fmt: skip


def test_the_sample_stands_in_only_where_nothing_is_there(tiny: Tiny) -> None:
    assert find_either(tiny.registry(), "effects", tiny.data)[1] == "raw"
    tiny.remove("effects")
    assert find_either(tiny.registry(), "effects", tiny.data)[1] == "sample"
    tiny.remove("drugs")
    with pytest.raises(MissingDataError, match=r"drugs\.zip"):
        find_either(tiny.registry(), "drugs", tiny.data)


def test_status_of_a_folder_that_is_not_there_is_absent(tiny: Tiny) -> None:
    found = status(tiny.registry(), "drugs", tiny.root / "nowhere")
    assert (found.state, found.variant, found.faults) == ("absent", None, ())


def test_both_languages_are_asked_the_same_with_the_same_style(tiny: Tiny) -> None:
    en, zh = in_both_languages(tiny.registry(), "re", tiny.data, form="all_relations", style="json")
    assert (en.instruction_language, zh.instruction_language) == ("en", "zh")
    assert en.id == zh.id
    assert (en.style, zh.style) == ("json", "json")
    assert "drug causes disorder" in en.messages[-2].content
    assert "药物引起疾病" in zh.messages[-2].content


def test_a_bare_form_takes_the_number_of_its_system_text(tiny: Tiny) -> None:
    first, second = (
        in_both_languages(tiny.registry(), "qa_sqa", tiny.data, wording=number)[0]
        for number in (0, 1)
    )
    assert (first.template, second.template) == ("en/qa_sqa.system.0", "en/qa_sqa.system.1")
    assert first.messages[0].content != second.messages[0].content


def test_a_task_that_no_dataset_has_cannot_be_shown(tiny: Tiny) -> None:
    with pytest.raises(InputError, match="a record to ask mt of"):
        in_both_languages(tiny.registry(), "mt", tiny.data)


def test_every_task_has_templates_in_both_languages() -> None:
    found = list(inventory())
    assert {one.language for one in found} == {"en", "zh"}
    assert len(found) == 2 * len({one.task for one in found})
    assert all(one.wordings or one.systems for one in found)
