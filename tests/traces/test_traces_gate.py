"""What the check by code turns down, one fault a text; what a verdict may look like; what a prompt holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.traces.endpoint import Reply
from taiyi_corpus.traces.gate import faults, heads
from taiyi_corpus.traces.prompts import CRITERIA, fill, lint, prompts
from taiyi_corpus.traces.review import read_review
from taiyi_corpus.traces.rows import Policy, Row, read
from taiyi_corpus.traces.work import _analyst
from tests.traces.world import questions, record, setting

EN, ZH = prompts("en"), prompts("zh")
ROW = questions(1).rows[0]
HEADS = heads(EN.analyst.sections)
BODY = (
    '- the sentence says that "ketamol with midazol" was given in one case and mentions a third drug too',
    "- ketamol and midazol stand beside each other, and fluoxol is joined to them by a plain conjunction",
    "- because the preposition binds the first two drugs, they are taken as one regimen with a good effect",
    "- so the pair of the first two drugs should be recorded as an effective combination and nothing else",
)


def trace(*, think: str | None = None, answer: str | None = None) -> str:
    said = (
        "\n".join(f"{head}\n{line}" for head, line in zip(HEADS, BODY, strict=True))
        if think is None
        else think
    )
    return f"<think>\n{said}\n</think>\n\n<answer>\n{ROW.answer if answer is None else answer}\n</answer>"


def changed(old: str, new: str) -> str:
    text = trace()
    assert old in text
    return text.replace(old, new, 1)


def found(text: str, row: Row = ROW) -> list[str]:
    return faults(Reply(text), row, EN.gate, EN.analyst.sections)


def test_a_trace_as_it_should_be_passes() -> None:
    assert found(trace()) == []


@pytest.mark.parametrize(
    "text, code",
    [
        ("  ", "empty"),
        ("I'm sorry, but I cannot help with that.", "refused"),
        (trace() + trace(), "tags"),
        (trace() * 3, "loops"),
        (changed(BODY[3], BODY[3] + " and so on" * 30), "loops"),
        (ROW.answer, "tags"),
        (changed("</think>\n\n<answer>", "</think>Then:<answer>"), "tags"),
        (changed("<answer>", "<answer>[]</answer><answer>"), "tags"),
        (changed(HEADS[1], "[2] Other heads"), "sections"),
        (changed(HEADS[2] + "\n", ""), "sections"),
        (changed("- so the pair", "so the pair"), "bullets"),
        (
            changed(BODY[0], "\n".join(f"- {n} {word}" for n, word in enumerate("abcdefgh"))),
            "bullets",
        ),
        (trace(think="\n".join(f"{head}\n- short" for head in HEADS)), "length"),
        (changed(BODY[0], "- " + " ".join(f"w{n}" for n in range(300))), "length"),
        (changed("should be recorded", "agrees with the gold answer"), "leak"),
        (changed("should be recorded", "matches the Ground Truth"), "leak"),
        (changed('"ketamol with midazol"', '"ketamol plus midazol"'), "quote"),
        (trace(answer="POS"), "unparsable"),
        (trace(answer="[]"), "differs"),
        (trace(answer=ROW.answer.replace("midazol", "fluoxol")), "differs"),
        (trace(answer=f"[{ROW.answer[1:-1]}, {ROW.answer[1:-1]}]"), "differs"),
    ],
)
def test_one_fault_is_one_code(text: str, code: str) -> None:
    assert found(text) == [code]


def test_another_language_is_a_fault() -> None:
    line = "患者先后使用两种药物，原文以介词连接二者，另一种药物仅以连词并列，故前两者构成一个方案，疗效良好，第{}条。"
    chinese = "\n".join(f"{head}\n- {line.format(n)}" for n, head in enumerate(HEADS))
    assert "language" in found(trace(think=chinese))


def test_a_reply_that_was_cut_or_refused_by_the_endpoint_is_a_fault() -> None:
    assert faults(Reply(trace(), finish="length"), ROW, EN.gate, EN.analyst.sections) == ["cut"]
    assert faults(Reply("", refusal="no"), ROW, EN.gate, EN.analyst.sections) == ["refused"]


def test_a_word_of_the_text_itself_betrays_nothing() -> None:
    text = "In case 1 ketamol with midazol and gold was given ."
    (row,) = read([record(1, ("POS", "0", "1"), text=text)], setting(), "re", Policy()).rows
    said = changed("- so the pair", "- gold is no drug here, so the pair").replace(
        "fluoxol", "gold"
    )
    assert found(said, row) == []


def test_order_and_case_of_arguments_are_no_matter() -> None:
    assert (
        found(trace(answer=ROW.answer.replace('"ketamol", "midazol"', '"Midazol", "ketamol"')))
        == []
    )


# --- verdicts ----------------------------------------------------------------------------------


FIVE = dict.fromkeys(CRITERIA, 5)


@pytest.mark.parametrize(
    "text", [json.dumps({**FIVE, "comment": "Good."}), f"```json\n{json.dumps(FIVE)}\n```"]
)
def test_a_verdict_is_read(text: str) -> None:
    review = read_review(text)
    assert review is not None
    assert review.accepts(5)


@pytest.mark.parametrize(
    "text",
    ["", "fine", "{}", "[5, 5]", json.dumps({**FIVE, "format": 6}), json.dumps({**FIVE, "format": 4.5}),
     json.dumps({**FIVE, "format": True}), json.dumps({**FIVE, "comment": 3}), "{" * 5000 + "}" * 5000],
)  # fmt: skip
def test_what_is_no_verdict_is_never_read_as_zeros(text: str) -> None:
    assert read_review(text) is None


def test_every_score_must_reach_the_threshold() -> None:
    review = read_review(json.dumps({**FIVE, "useful": 3, "comment": ""}))
    assert review is not None
    assert (review.accepts(3), review.accepts(4)) == (True, False)


# --- prompts -----------------------------------------------------------------------------------


def test_the_shipped_prompts_have_no_fault() -> None:
    assert lint(paths.bundled("templates")) == []


def test_the_lint_finds_what_is_wrong(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        (tmp_path / language / "traces").mkdir(parents=True)
        for path in (paths.bundled("templates") / language / "traces").iterdir():
            (tmp_path / language / "traces" / path.name).write_text(
                path.read_text(encoding="utf-8"), encoding="utf-8"
            )
    analyst = tmp_path / "en" / "traces" / "analyst.yaml"
    text = (
        analyst.read_text(encoding="utf-8")
        .replace("{{ gold }}", "{{ golden }}")
        .replace("  leak: It", "  leek: It")
    )
    analyst.write_text(text.replace("in plain words", "in  plain words"), encoding="utf-8")
    (tmp_path / "zh" / "traces" / "gate.yaml").unlink()
    said = "\n".join(str(fault) for fault in lint(tmp_path))
    assert "the slots context, feedback, gold" in said
    assert "leak, leek" in said
    assert "gate.yaml" in said


def test_text_that_looks_like_a_slot_stays_as_it_is() -> None:
    text = 'In case 1 ketamol {{ gold }} with {"midazol"} {% raw %} <b>\\n and fluoxol was given .'
    (row,) = read([record(1, ("POS", "0", "1"), text=text)], setting(), "re", Policy()).rows
    assert text in _analyst(row, EN, [])
    assert fill("{{ a }} {{ b }}", a="{{ b }}", b="x") == "{{ b }} x"


def test_a_chinese_question_is_asked_in_chinese() -> None:
    row = read([record(1, ("POS", "0", "1"))], setting(language="zh"), "re", Policy()).rows[0]
    prompt = _analyst(row, ZH, [])
    assert "有效的药物组合（药物）" in prompt
    assert "[1] 文本背景与目的" in prompt
