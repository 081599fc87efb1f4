"""Rendering: what an instance depends on and what it does not, and that its text is taken literally."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.ask import Candidate, Setting
from taiyi_corpus.instruct.candidates import candidates_of, columns_needed, find
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.render import Instance, parse_back, render
from taiyi_corpus.instruct.wording import compile_template, task_templates
from taiyi_corpus.schema.arrow import columns_of, from_table, to_table
from taiyi_corpus.schema.record import Answer, Choice, Record
from taiyi_corpus.spec.dataset import TaskId
from tests.instruct.asking import entity, marked, question_record, record, relation, setting

SOURCE = "[Aspirin|Drug|MESH:D1] causes [ulcers|Disease|MESH:D2]."
FULL = marked(
    SOURCE,
    relations=[relation("R1", "causes", "T1", "T2")],
    labels=["cure"],
    question="Why?",
    answers=[Answer(text="x")],
)
TASKS: list[TaskId] = ["ner", "nen", "re", "tc", "qa_sqa"]


def rendered(
    records: list[Record], at: Setting, tasks: list[TaskId] = TASKS
) -> dict[str, Instance]:
    found = find(records, list(range(len(records))), at, tasks)
    rows, asked = found.array["row"].tolist(), candidates_of(found.array)
    made = [render(records[row], candidate, at) for row, candidate in zip(rows, asked, strict=True)]
    return {instance.id: instance for instance in made}


# --- text is data -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["{{ types }}", "{% for x in y %}", "{{ 7 * 7 }}", "{# note #}", "{{", "100 %}"]
)
def test_a_text_that_looks_like_a_template_stays_as_it_is(text: str) -> None:
    found = record(text=f"Before {text} after.", entities=[], labels=["cure"])
    for instance in rendered([found], setting(), ["ner", "tc"]).values():
        assert f"Before {text} after." in instance.messages[-2].content
        assert parse_back(instance)


def test_a_template_only_places_slots_or_runs_in_a_sandbox() -> None:
    assert compile_template("a {{ x }} b\n")({"x": "{{ y }}"}) == "a {{ y }} b"
    assert compile_template("{% if x %}{{ x|upper }}{% endif %}")({"x": "u"}) == "U"
    with pytest.raises(Exception, match=r"unsafe|undefined"):
        compile_template("{% if x %}{{ x.__class__.__mro__ }}{% endif %}")({"x": "u"})
    with pytest.raises(Exception, match="undefined"):
        compile_template("{% if y %}{% endif %}")({"x": "u"})
    with pytest.raises(KeyError):
        compile_template("{{ y }}")({"x": "u"})


# --- what an instance depends on --------------------------------------------------------------


def test_an_instance_is_the_same_whatever_else_is_asked() -> None:
    others = [record(str(n), text=f"Text {n}.", entities=[], labels=["cause"]) for n in range(5)]
    alone = rendered([FULL], setting())
    among = rendered([*others, FULL], setting(), TASKS[::-1])

    assert {id_: among[id_] for id_ in alone} == alone


def test_an_instance_is_the_same_from_the_columns_its_task_reads() -> None:
    alone = rendered([FULL], setting())
    for task in TASKS:
        (narrow,) = from_table(to_table([FULL]).select(columns_of(columns_needed([task]))))
        for id_, instance in rendered([narrow], setting(), [task]).items():
            assert instance == alone[id_]


def test_another_seed_asks_otherwise() -> None:
    seeds = [rendered([FULL], setting(seed=seed)) for seed in range(10)]

    assert len({tuple(found) for found in seeds}) == 1
    assert len({found["toy/train/1#ner.all_types.0"].template for found in seeds}) > 3


def test_a_repeat_is_worded_anew_and_says_so() -> None:
    candidate = Candidate("ner", "all_types", 0)
    repeats = [render(FULL, candidate, setting(), repeat) for repeat in range(12)]

    assert [r.id for r in repeats[:3]] == [
        "toy/train/1#ner.all_types.0",
        "toy/train/1#ner.all_types.0~2",
        "toy/train/1#ner.all_types.0~3",
    ]
    assert len({r.template for r in repeats}) > 3
    assert all(r.gold == repeats[0].gold and r.options == repeats[0].options for r in repeats)


def test_every_wording_and_style_is_drawn() -> None:
    candidate = Candidate("tc", "single", 0)
    made = [
        render(record(str(n), text="x", labels=["cure"]), candidate, setting()) for n in range(400)
    ]
    templates = task_templates("tc", "en")

    assert len({m.template for m in made}) == len(templates.wordings["single"])
    assert {m.style for m in made} == {s.name for s in templates.styles_of("single")}


def test_wordings_are_drawn_evenly() -> None:
    candidate = Candidate("tc", "single", 0)
    drawn = Counter(
        render(record(str(n), text="x", labels=["cure"]), candidate, setting()).template
        for n in range(2_100)
    )

    # Chi-square of 21 wordings: 20 degrees of freedom, above 45.3 once in a thousand fair draws.
    assert len(drawn) == 21
    assert sum((count - 100) ** 2 / 100 for count in drawn.values()) < 45.3


def test_system_texts_come_at_the_stated_rate_and_first() -> None:
    candidate = Candidate("tc", "single", 0)
    roles = Counter(
        render(record(str(n), text="x", labels=["cure"]), candidate, setting(systems=0.25))
        .messages[0]
        .role
        for n in range(400)
    )

    assert 70 < roles["system"] < 130


def test_the_instruction_may_be_in_the_other_language() -> None:
    chinese = rendered([FULL], setting(instruction_language="zh"), ["ner"])
    (instance,) = chinese.values()

    assert instance.template.startswith("zh/ner.")
    assert set(instance.options or []) == {"药物", "疾病", "基因"}
    assert parse_back(instance)


def test_an_order_of_preference_depends_on_the_instance_alone() -> None:
    def orders(records: list[Record], tasks: list[TaskId]) -> dict[str, int]:
        found = find(records, list(range(len(records))), setting(), tasks).array
        rows = found["row"].tolist()
        ids = [c.id(records[n].id) for c, n in zip(candidates_of(found), rows, strict=True)]
        return dict(zip(ids, found["order"].tolist(), strict=True))

    alone = orders([FULL], ["ner"])
    assert alone.items() <= orders([record("0", text="x", entities=[]), FULL], TASKS).items()
    assert len(np.unique(list(orders([FULL], TASKS).values()))) == len(TASKS)


# --- answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "task"), [*itertools.product(("en", "zh"), FORMS)])
def test_every_form_has_a_style_that_any_gold_survives(language: str, task: str) -> None:
    templates, kind = task_templates(task, language), answers.KINDS[task]
    for form in FORMS[task]:
        names = {style.name for style in templates.styles_of(form)}
        assert names & {"json", "bare"}, (form, names)
        assert names <= set(answers.STYLES[kind])


HOSTILE = ["a; b", "x: y", '"quoted"', "[in] {braces}", "多，个；词", "line\nbreak", "none", "无"]


def test_hostile_mentions_are_answered_in_a_style_that_holds_them() -> None:
    for n, words in enumerate(HOSTILE * 5):
        hard = record(str(n), text=words, entities=[entity("T1", "Drug", words, None)])
        for instance in rendered([hard], setting(), ["ner"]).values():
            assert instance.gold == [["drug", words.strip()]]
            assert parse_back(instance)


def test_hostile_options_are_answered_too() -> None:
    for n, right in enumerate(HOSTILE):
        choices = [Choice(str(i), text) for i, text in enumerate(HOSTILE)]
        found = question_record(str(n), choices, right)
        for instance in rendered([found], setting(), ["qa_choice"]).values():
            assert instance.gold in (instance.options or [])
            assert parse_back(instance)
