"""Texts over the budget: windowed, dropped with a reason, or shortened at sentence bounds; the answer never."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.instruct.ask import Candidate, Refused, Setting
from taiyi_corpus.instruct.candidates import candidates_of, find
from taiyi_corpus.instruct.render import render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import count_tokens, estimate_tokens
from taiyi_corpus.language.words import words
from taiyi_corpus.schema.record import Answer, Record
from taiyi_corpus.spec.dataset import TaskId
from tests.instruct.asking import marked, only, outcome, record, relation, setting

SENTENCES = [f"Sentence number {n} says that nothing was found at all." for n in range(40)]
LONG = " ".join(SENTENCES)


def at_first(found: Record, task: str, at: Setting) -> Candidate:
    (candidate,) = TASK_MODULES[task].candidates(found, task, at)
    assert isinstance(candidate, Candidate)
    return candidate


def long_question(answer: Answer, context: str = LONG) -> object:
    return record(question="What was found?", context=context, answers=[answer])


# --- shortened ---------------------------------------------------------------------------------


def test_a_context_over_the_budget_is_dropped_unless_it_may_be_shortened() -> None:
    found = long_question(Answer(text="Nothing."))
    assert outcome(found, "qa_cqa", setting(max_tokens=200)) == ["over_budget"]  # type: ignore[arg-type]

    ask = only(found, "qa_cqa", setting(max_tokens=200, on_long={"qa_cqa": "shorten"}))  # type: ignore[arg-type]
    assert ask.gold == "Nothing."
    assert LONG.startswith(ask.slots["context"])
    assert ask.slots["context"].endswith("at all.")
    assert 120 < sum(map(estimate_tokens, [*ask.slots.values(), ask.gold])) <= 200


def test_what_is_left_of_a_context_holds_the_answer() -> None:
    at = setting(max_tokens=128, on_long={"qa_cqa": "shorten"})
    start = LONG.index("Sentence number 30")
    for given in (
        Answer(text="Sentence number 30", start=start, end=start + 18),
        Answer(text="number 30 says"),
    ):
        ask = only(long_question(given), "qa_cqa", at)  # type: ignore[arg-type]
        assert given.text in ask.slots["context"]
        assert all(
            text in SENTENCES for text in ask.slots["context"].replace(". ", ".\n").split("\n")
        )


def test_an_answer_that_does_not_fit_is_never_cut() -> None:
    at = setting(max_tokens=128, on_long={"qa_cqa": "shorten", "tt_ds": "shorten"})
    assert outcome(long_question(Answer(text=LONG)), "qa_cqa", at) == ["over_budget"]  # type: ignore[arg-type]
    assert outcome(record(source=LONG, target=LONG), "tt_ds", at) == ["over_budget"]
    assert only(record(source=LONG, target="Nothing."), "tt_ds", at).gold == "Nothing."


def test_a_text_without_a_bound_to_cut_at_is_dropped() -> None:
    at = setting(max_tokens=128, on_long={"qa_cqa": "shorten"})
    endless = long_question(Answer(text="No."), "word " * 400)
    assert outcome(endless, "qa_cqa", at) == ["over_budget"]  # type: ignore[arg-type]


# --- dropped instead of windowed ---------------------------------------------------------------


def test_annotated_texts_are_cut_into_windows_unless_they_are_to_be_dropped() -> None:
    made = marked(f"{LONG} [Aspirin|Drug] helped.")
    assert len(outcome(made, "ner", setting(max_tokens=300))) > 1
    assert outcome(made, "ner", setting(max_tokens=300, on_long={"ner": "drop"})) == ["over_budget"]


# --- counting ----------------------------------------------------------------------------------


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    """A tokenizer of one token a word, with padding and truncation that must not count."""
    made: dict[str, Any] = {
        "version": "1.0",
        "truncation": {
            "direction": "Right",
            "max_length": 3,
            "strategy": "LongestFirst",
            "stride": 0,
        },
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {"?": 0}, "unk_token": "?"},
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(made), encoding="utf-8")
    return tmp_path


def test_a_tokenizer_counts_where_one_is_given(tokenizer: Path) -> None:
    for name in (str(tokenizer), str(tokenizer / "tokenizer.json")):
        assert count_tokens("one two three four five", name) == 5
    assert count_tokens("one two") == estimate_tokens("one two")

    fits = setting(max_tokens=400, tokenizer=str(tokenizer))
    assert len(outcome(marked(LONG), "ner", fits)) == 2  # 360 words: over the share of a text
    assert len(outcome(marked(LONG), "ner", setting(max_tokens=700, tokenizer=str(tokenizer)))) == 1


def test_a_tokenizer_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wanted a tokenizer\.json"):
        count_tokens("x", str(tmp_path))


def test_chinese_is_estimated_by_its_words_on_request() -> None:
    text = "患者二甲双胍治疗后血糖下降至6.1 mmol/L。"
    pieces = words(text)
    assert "".join(pieces) == text
    assert {"患者", "治疗", "血糖", "下降"} <= set(pieces)

    at = setting(estimate="words")
    assert at.tokens(text) == int(1.4 * sum(not p.isascii() for p in pieces) + 11 / 2) + 1
    assert at.tokens("no Chinese") == estimate_tokens("no Chinese")


# --- the whole conversation --------------------------------------------------------------------

SHORT = marked(
    " ".join(SENTENCES[:8]) + " [Aspirin|Drug|MESH:D1] causes [ulcers|Disease|MESH:D2].",
    relations=[relation("R1", "causes", "T1", "T2")],
    labels=["cure"],
    question="What did they find?",
    answers=[Answer(text="Nothing at all.")],
)
TASKS: list[TaskId] = ["ner", "nen", "re", "tc", "qa_sqa"]


@pytest.mark.parametrize("recipe", [{}, {"tokenizer": "given"}, {"estimate": "words"}])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_conversation_is_over_the_budget_whatever_is_drawn(
    recipe: dict[str, Any], language: str, tokenizer: Path
) -> None:
    counter = recipe | ({"tokenizer": str(tokenizer)} if recipe.get("tokenizer") else {})
    kept = refused = 0
    for most in range(90, 400, 25):
        at = setting(
            max_tokens=most, systems=0.5, seed=most, instruction_language=language, **counter
        )
        found = find([SHORT], [0], at, TASKS)
        refused += sum(of.get("over_budget", 0) for of in found.refused.values())
        tokens = found.array["tokens"].tolist()
        for candidate, counted in zip(candidates_of(found.array), tokens, strict=True):
            first, *again = (render(SHORT, candidate, at, n) for n in range(3))
            kept += 1
            assert counted == first.tokens
            for made in (first, *again):
                said = sum(at.tokens(message.content) + 4 for message in made.messages)
                assert said == made.tokens <= most
    assert kept > 30
    assert refused


def test_what_is_just_within_the_budget_is_asked() -> None:
    candidate = Candidate("tc", "single", 0)
    tokens = render(SHORT, candidate, setting()).tokens

    assert render(SHORT, candidate, setting(max_tokens=tokens)).tokens == tokens
    with pytest.raises(Refused, match=f"{tokens} tokens with its answer, {tokens - 1} at most"):
        render(SHORT, candidate, setting(max_tokens=tokens - 1))


@pytest.mark.parametrize("task", ["qa_cqa", "tt_ds"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_shortened_text_leaves_room_for_every_wording(language: str, task: str) -> None:
    for most in range(200, 400, 25):
        at = setting(
            max_tokens=most,
            on_long={task: "shorten"},
            instruction_language=language,
            systems=1.0,
            sentences="punctuation",
        )
        for key in map(str, range(4)):
            parts = {"question": "Which?", "context": LONG, "answers": [Answer(text="None.")]}
            asked_ = record(key, source=LONG, target="Nothing.", **parts)
            assert 0.5 * most < render(asked_, at_first(asked_, task, at), at).tokens <= most


# --- sentence bounds ---------------------------------------------------------------------------


def test_english_sentences_may_be_cut_by_punctuation_alone() -> None:
    text = 'Was it 0.5 mg? "No." We gave 2 mg (i.e. more).\nNext line'
    ends = sentence_bounds(text, "en", "punctuation")
    assert [text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False)] == [
        "Was it 0.5 mg?",
        '"No."',
        "We gave 2 mg (i.e. more).",
        "Next line",
    ]


def test_scispacy_cuts_sentences_on_request_or_says_what_is_missing() -> None:
    text = "TNF was high. IL-2 was not."
    try:
        ends = sentence_bounds(text, "en", "scispacy")
    except InputError as error:
        assert "taiyi-corpus[scispacy]" in str(error)
    else:
        assert text[: ends[0]].strip() == "TNF was high."


def test_without_scispacy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    from taiyi_corpus.language.scispacy import tokenizer_rules

    with pytest.raises(InputError, match=r"pip install 'taiyi-corpus\[scispacy\]'"):
        tokenizer_rules(None)
