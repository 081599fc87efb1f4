"""What each measure and rule gives, on answers one can check by eye."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from taiyi_corpus.score import generated, graded, lenient
from taiyi_corpus.score.answered import without_trace
from taiyi_corpus.score.measure import Measure, f1, mean, pearson, rated
from taiyi_corpus.score.published import published
from taiyi_corpus.score.report import Report, Scored, as_markdown
from taiyi_corpus.score.score import score
from tests.score.built import gold_texts, sample_rows


def row(
    id_: str, task: str, gold: Any, style: str = "json", language: str = "en", **more: Any
) -> dict[str, Any]:
    messages = [{"role": "user", "content": "?"}, {"role": "assistant", "content": "gold"}]
    said = {
        "id": id_,
        "task": task,
        "style": style,
        "instruction_language": language,
        "dataset": "toy",
    }
    return {**said, "messages": messages, "gold": json.dumps(gold), "options": None, **more}


def only(report: Report) -> Scored:
    (one,) = report.scores
    return one


def values(one: Scored) -> dict[str, float | None]:
    return {metric.name: metric.value for metric in one.metrics}


NER = [
    row("1", "ner", [["drug", "a"], ["gene", "b"]], options=["drug", "gene"]),
    row("2", "ner", [], options=["drug", "gene"]),
]


def test_mentions_are_compared_letter_by_letter() -> None:
    said = {"1": '{"drug": ["a", "A"], "gene": []}', "2": '{"drug": ["c"]}'}
    one = only(score(NER, said, {}, samples=0))
    assert values(one) == {"micro_f1": 40.0, "precision": pytest.approx(33.3333), "recall": 50.0}
    assert [(t.type, t.gold, t.found, t.hits) for t in one.types] == [
        ("drug", 1, 3, 1),
        ("gene", 1, 0, 0),
    ]


def test_missing_and_unparsable_are_counted_apart() -> None:
    one = only(score(NER, {"1": "drug: a"}, {}, samples=0))
    assert (one.missing, one.unparsable, one.unparsable_rate) == (1, 1, 0.5)
    assert values(one)["micro_f1"] == 0.0


def test_it_is_told_why_answers_do_not_count() -> None:
    rows = [row(str(n), "re", [related("a", "b")], options=["treats"]) for n in range(5)]
    said = {
        "0": "no JSON",
        "1": '[{"type": "cures", "args": {"head": "a", "tail": "b"}}]',
        "2": '[{"type": "treats", "args": {"head": "a"}}]',
        "3": '[{"type": "treats", "args": {"head": "a", "tail": "b"}}]',
    }
    report = score(rows, said, {}, samples=0)
    assert only(report).faults == {"structure": 1, "too_few": 1, "unknown_label": 1}
    assert (only(report).missing, only(report).unparsable) == (1, 2)
    assert "toy, re: 1 name a label that was not offered" in as_markdown(report, published())


def test_a_set_of_one_is_told() -> None:
    specs, rows = sample_rows("drugcomb", "json")
    rows = [r for r in rows if r["task"] == "re" and json.loads(r["gold"])][:1]
    drug = json.loads(rows[0]["gold"])[0]
    said = json.dumps([{"type": drug["type"], "args": {drug["args"][0][0]: ["a", "a"]}}])
    assert only(score(rows, {rows[0]["id"]: said}, specs, samples=0)).faults == {"too_few": 1}


def test_a_trace_before_the_answer_is_no_fault() -> None:
    assert without_trace("<think>a</think>\n\n<answer>b</answer>").strip() == "b"
    assert without_trace("<think>a</think> b").strip() == "b"
    assert without_trace("b") == "b"


def related(head: str, tail: str) -> dict[str, Any]:
    return {"type": "treats", "args": [["head", head], ["tail", tail]]}


def test_direction_matters_unless_told_otherwise() -> None:
    rows = [row("1", "re", [related("a", "b")], options=["treats"])]
    said = {"1": json.dumps([{"type": "treats", "args": {"head": "b", "tail": "a"}}])}
    assert only(score(rows, said, {}, samples=0)).main.value == 0.0
    assert only(score(rows, said, {}, samples=0, undirected=True)).main.value == 100.0


def test_events_count_whole_and_in_parts() -> None:
    event = {"type": "growth", "trigger": "grew", "args": [["theme", "a"], ["cause", "b"]]}
    rows = [row("1", "ee", [event], options=["growth"])]
    said = {"1": json.dumps([{"type": "growth", "trigger": "grew", "args": {"theme": "a"}}])}
    found = values(only(score(rows, said, {}, samples=0)))
    assert (found["micro_f1"], found["trigger_f1"]) == (0.0, 100.0)
    assert found["argument_f1"] == pytest.approx(66.6667)


def test_combinations_have_the_measures_of_drugcomb() -> None:
    specs, rows = sample_rows("drugcomb", "json")
    rows = [r for r in rows if r["task"] == "re"]
    report = score(rows, gold_texts(rows), specs, samples=0)
    assert set(values(only(report))) >= {
        "nary_any_exact", "nary_any_partial", "nary_positive_exact", "nary_positive_partial",
        "nary_positive_partial_rexdrug",
    }  # fmt: skip


def test_labels_have_f1_and_accuracy() -> None:
    rows = [
        row("1", "tc", ["a", "b"], options=["a", "b"]),
        row("2", "tc", ["a"], options=["a", "b"]),
    ]
    found = values(only(score(rows, {"1": '["a"]', "2": '["a"]'}, {}, samples=0)))
    assert (found["micro_f1"], found["accuracy"]) == (80.0, 50.0)


# --- graded pairs ------------------------------------------------------------------------------


def told(found: list[float | None], gold: list[float]) -> list[float | None]:
    return [rated(measure, 0, 0, "k").value for measure in graded.measures(found, gold)]


def test_correlations_follow_the_scores() -> None:
    assert told([1, 2, 3], [2, 4, 6]) == [100, 100]
    assert told([1, 2, 3], [3, 2, 1]) == [-100, -100]
    assert told([1, 2, 9], [1, 2, 3]) == [pytest.approx(91.7663), 100]


def test_no_number_costs_correlation() -> None:
    pearson_, _ = told([1, None, 3, 4], [1, 2, 3, 4])
    assert pearson_ is not None
    assert 80 < pearson_ < 100


@pytest.mark.parametrize("found", [[2, 2, 2], [None, None, None], [0.1, 0.1, 0.1]])
def test_a_constant_is_not_rated(found: list[float | None]) -> None:
    for measure in graded.measures(found, [1.0, 2.0, 3.0]):
        made = rated(measure, 50, 0, "k")
        assert (made.value, made.low) == (None, None)
        assert "two different scores" in made.note


# --- texts -------------------------------------------------------------------------------------


def test_chinese_is_compared_by_characters() -> None:
    made, note = generated.measures(["患者咳嗽三天"], ["患者咳嗽五天"], "zh")
    found = {m.name: rated(m, 0, 0, "k").value for m in made}
    assert note == ""
    assert found["rouge1"] == pytest.approx(83.3333)
    assert found["bleu"] is not None
    assert 30 < found["bleu"] < 60


def test_without_the_libraries_the_report_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(generated, "installed", lambda: False)
    made, note = generated.measures(["a"], ["a"], "en")
    assert [measure.name for measure in made] == ["exact_match"]
    assert "[score]" in note


# --- the authors' rules ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "task, text, said",
    [
        ("ner", "drug: a; b\ncell line: c\nno colon", {("drug", "a"), ("drug", "b")}),
        ("ner", "药物：甲; 乙", {("药物", "甲"), ("药物", "乙")}),
        ("ner", "Nothing.", set()),
        (
            "re",
            "Treats: [A, b]; [c, D]: more: [e, f]",
            {("treats", ("a", "b")), ("treats", ("c", "d"))},
        ),
        ("re", "treats: [b; a]", {("treats", ("a", "b"))}),
        ("tc", "Result: the label: a; b.", {("a", "a"), ("b", "b")}),
        ("tc", "a", {("a", "a")}),
        ("qa_choice", "Answer: yes: no", {("", "yes: no")}),
    ],
)
def test_the_rules_of_the_authors(task: str, text: str, said: set[Any]) -> None:
    assert lenient.said(task, text, "Nothing.") == said


def test_under_the_rules_of_the_authors_direction_and_case_are_free() -> None:
    gold = [related("a", "b")]
    rows = [row("1", "re", gold, "lines", options=["treats"])]
    rows[0]["messages"][-1]["content"] = "treats: [a; b]"
    said = {"1": "Treats: [B; A]"}
    assert only(score(rows, said, {}, samples=0)).main.value == 0.0
    assert only(score(rows, said, {}, samples=0, rules="taiyi")).main.value == 100.0


def test_their_leniency_holds_in_a_style_they_do_not_know() -> None:
    rows = [row("1", "re", [related("a", "b")], options=["treats"])]
    said = {"1": json.dumps([{"type": "treats", "args": {"head": "B", "tail": "A"}}])}
    assert only(score(rows, said, {}, samples=0)).main.value == 0.0
    assert only(score(rows, said, {}, samples=0, rules="taiyi")).main.value == 100.0


def test_a_style_the_rules_do_not_know_is_read_by_our_parser_and_named() -> None:
    one = only(
        score(NER, {"1": '{"drug": ["a"], "gene": ["b"]}', "2": "{}"}, {}, samples=0, rules="taiyi")
    )
    assert one.main.value == 100.0
    assert "2 rows are in a style" in one.notes[0]


# --- intervals ---------------------------------------------------------------------------------


def test_intervals_depend_on_the_seed_alone() -> None:
    table = [(float(n % 3 > 0), 1.0) for n in range(90)]
    measure = Measure("accuracy", table, mean, "no rows")
    first, again, other = (rated(measure, 500, seed, "k") for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first.low is not None and first.high is not None
    assert first.low < 66.7 < first.high


def test_the_order_of_rows_is_no_matter() -> None:
    said = {"1": '{"drug": ["a"], "gene": []}', "2": "{}"}
    assert score(NER, said, {}) == score(NER[::-1], dict(reversed(said.items())), {})


@pytest.mark.parametrize("task", ["qa_yesno", "tc"])
def test_permuted_gold_lands_at_chance(task: str) -> None:
    draw = random.Random(7)
    options = ["yes", "no", "maybe"]
    shares = [0.5, 0.3, 0.2]
    gold = draw.choices(options, shares, k=600)
    found = list(gold)
    draw.shuffle(found)
    style, dump = (
        ("bare", str) if task == "qa_yesno" else ("json", lambda label: json.dumps([label]))
    )
    rows = [
        row(f"{n:03}", task, label if task == "qa_yesno" else [label], style, options=options)
        for n, label in enumerate(gold)
    ]
    one = only(score(rows, {r["id"]: dump(f) for r, f in zip(rows, found, strict=True)}, {}))
    chance = 100 * sum((gold.count(option) / len(gold)) ** 2 for option in options)
    assert one.main.low is not None and one.main.high is not None
    assert one.main.low <= chance <= one.main.high


@pytest.mark.parametrize("task", ["ner", "tc"])
def test_permuted_gold_of_several_labels_lands_at_chance(task: str) -> None:
    draw = random.Random(11)
    labels = [f"label {n}" for n in range(12)]
    gold = [draw.sample(labels, draw.choice((0, 1, 1, 2, 3))) for _ in range(500)]
    found = draw.sample(gold, len(gold))
    rows, said = [], {}
    for n, (there, here) in enumerate(zip(gold, found, strict=True)):
        if task == "tc":
            rows.append(row(f"{n:03}", task, there, options=labels))
            said[f"{n:03}"] = json.dumps(here)
        else:
            mentions = [["label 0", mention] for mention in there]
            rows.append(row(f"{n:03}", task, mentions, options=["label 0"]))
            said[f"{n:03}"] = json.dumps({"label 0": here})
    one = only(score(rows, said, {}))
    # Of two rows drawn at random, a label stands in both with the square of its share.
    times = [sum(label in there for there in gold) for label in labels]
    chance = 100 * sum(count * count for count in times) / len(gold) / sum(times)
    assert one.main.name == "micro_f1"
    assert one.main.low is not None and one.main.high is not None
    assert one.main.low <= chance <= one.main.high


def test_nothing_to_rate_is_none_and_never_nan() -> None:
    assert np.isnan(f1(np.zeros((1, 3)))[0])
    assert np.isnan(pearson(np.array([[3.0, 3, 3, 3, 3, 3]]))[0])
    made = rated(Measure("micro_f1", [(0.0, 0.0, 0.0)], f1, "nothing there"), 10, 0, "k")
    assert (made.value, made.note) == (None, "nothing there")


# --- beside what was published -----------------------------------------------------------------


def test_the_published_table_has_the_thirteen_benchmarks_and_their_means() -> None:
    table = published()
    assert len(table.benchmarks) == 13
    means = [np.mean([b.scores[n] for b in table.benchmarks.values()]) for n in range(5)]
    assert means == pytest.approx([65.1, 74.5, 49.3, 40.3, 75.3], abs=0.1)


def test_a_benchmark_stands_beside_its_published_scores() -> None:
    rows = [{**NER[0], "dataset": "ncbi_disease", "benchmark": "ncbi_disease"}]
    report = score(rows, {"1": '{"drug": ["a"], "gene": ["b"]}'}, {}, samples=0)
    page = as_markdown(report, published())
    assert "| ncbi_disease | 100.0 | - | 73.1 | 82.6 | 50.5 | 32.8 | 87.8 |" in page


def test_other_splits_and_tasks_of_its_dataset_stand_alone() -> None:
    rows = [{**NER[0], "dataset": "ncbi_disease", "split": "train"}]
    page = as_markdown(score(rows, {}, {}, samples=0), published())
    assert "ncbi_disease" in page
    assert "73.1" not in page


def test_a_split_of_three_benchmarks_is_told_apart() -> None:
    from taiyi_corpus.score.answered import benchmark_of

    specs, rows = sample_rows("bc5cdr")
    found: dict[str, set[str | None]] = {}
    for one in rows:
        if one["split"] == "test" and one["task"] in ("ner", "re"):
            options = one["options"] or []
            asked = options[0] if len(options) == 1 and one["task"] == "ner" else one["task"]
            found.setdefault(asked, set()).add(benchmark_of(one, specs["bc5cdr"]))
    assert found["re"] == {"bc5cdr-re"}
    assert found["ner"] == {None}  # both types at once: no benchmark asks so
    named = {asked: ids for asked, ids in found.items() if asked not in ("re", "ner")}
    assert named
    assert set().union(*named.values()) <= {"bc5cdr-chemical", "bc5cdr-disease"}
