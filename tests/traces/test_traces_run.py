"""Runs over a real server: 500 rows with every fault there is, restarts, workers, budgets, replays."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.traces.budget import Limits
from tests.traces.server import Answer, Asked, good, serving, trace_of, verdict
from tests.traces.world import files, questions, run

ROWS = 500
QUESTIONS = questions(ROWS)


def faulty(asked: Asked) -> Answer:
    """One fault for each last digit, on the first call or attempt; some cases are never right."""
    first, analyst = asked.number == 1, asked.role == "analyst"
    if asked.case == 77:
        return Answer(status=400, body=b"{}")
    if asked.case % 50 == 0 and analyst:
        return Answer("<think>too short</think><answer>[]</answer>")
    if asked.case % 50 == 25 and not analyst:
        return Answer(verdict(3, "Cite the words."))
    if not first or (analyst and asked.retried):
        return good(asked)
    return {
        1: Answer(status=429, headers={"Retry-After": "0"}),
        2: Answer(status=500, body=b"oops"),
        3: Answer(body=b'{"choices": [{"mess'),
        4: Answer("cut", cut=True),
        5: Answer(**{**vars(good(asked)), "delay": 0.005}),
        6: Answer(trace_of(asked, "[]")) if analyst and asked.gold != "[]" else good(asked),
        7: Answer(None, refusal="I can't help with that.") if analyst else good(asked),
        8: good(asked) if analyst else Answer(verdict(2, "Name the effect.")),
        9: good(asked) if analyst else Answer("Looks fine to me."),
    }.get(asked.case % 10, good(asked))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], Counter[str]]:
    """What 500 rows come to on 8 workers, and how often each prompt was answered."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    with serving(faulty) as server:
        run(server, folder, QUESTIONS, workers=8)
        assert 2 <= server.busiest <= 8
    return files(folder), server.served


@pytest.fixture
def whole(done: tuple[dict[str, bytes], Counter[str]]) -> dict[str, bytes]:
    return done[0]


def test_no_row_is_lost_and_the_order_is_that_of_the_input(whole: dict[str, bytes]) -> None:
    ids = [row.id for row in QUESTIONS.rows]
    accepted, failed = (
        [json.loads(line)["id"] for line in whole[name].splitlines()]
        for name in ("accepted.jsonl", "failed.jsonl")
    )
    assert len(ids) == ROWS
    assert sorted(accepted + failed) == sorted(ids)
    assert accepted == [id_ for id_ in ids if id_ in set(accepted)]
    assert [json.loads(line)["id"] for line in whole["sft.jsonl"].splitlines()] == accepted


def test_the_report_says_what_became_of_them(whole: dict[str, bytes]) -> None:
    made = json.loads(whole["report.json"])
    assert made["failed"] == {"sections": 10, "status_400": 1, "turned_down": 10}
    assert made["accepted"] == ROWS - 21
    assert made["unfinished"] == {}
    assert {"differs", "refused", "sections", "turned_down"} <= set(made["faults"])
    assert set(made["attempts"]) == {"1", "2"}
    assert made["labels"]["effective drug combination"]["rows"] == 250
    assert sum(part["share_before"] for part in made["labels"].values()) == pytest.approx(
        1.0, abs=1e-5
    )
    assert set(made["arity"]) == {"0", "2", "3"}


def test_one_worker_writes_the_same_files(whole: dict[str, bytes], tmp_path: Path) -> None:
    with serving(faulty) as server:
        run(server, tmp_path / "out", QUESTIONS, workers=1)
        assert server.busiest == 1
    assert files(tmp_path / "out") == whole


def test_a_run_that_was_cut_goes_on_and_asks_nothing_twice(
    done: tuple[dict[str, bytes], Counter[str]], tmp_path: Path
) -> None:
    out, (whole, served) = tmp_path / "out", done
    seen: list[int] = []

    def interrupt(done: int, of: int, accepted: int) -> None:
        seen.append(done)
        if done == 120:
            raise KeyboardInterrupt

    with serving(faulty) as server:
        with pytest.raises(KeyboardInterrupt):
            run(server, out, QUESTIONS, workers=4, progress=interrupt)
        assert sum(server.served.values()) < served.total()
        second = run(server, out, QUESTIONS, workers=4, limits=Limits(calls=300))
        assert (second.report.ended, second.calls) == ("budget", 300)
        assert second.report.unfinished
        with (out / "calls.jsonl").open("ab") as file:
            file.write(b'{"key":"torn')
        third = run(server, out, QUESTIONS, workers=4)
        assert third.torn
        assert server.served == served
        last = run(server, out, QUESTIONS, workers=4)
        assert (last.calls, last.torn) == (0, False)
        assert server.served == served
    assert files(out) == whole


def test_an_interrupt_does_not_wait_for_a_silent_endpoint(tmp_path: Path) -> None:
    def silent(asked: Asked) -> Answer:
        delay = 20.0 if asked.case and asked.role == "analyst" and asked.number == 1 else 0.0
        return Answer(**{**vars(good(asked)), "delay": delay})

    def interrupt(done: int, of: int, accepted: int) -> None:
        if done:
            raise KeyboardInterrupt

    with serving(silent) as server:
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            run(server, tmp_path / "out", questions(5), progress=interrupt, grace=0.1, timeout=60)
        assert time.monotonic() - start < 10
        assert run(server, tmp_path / "out", questions(5)).report.accepted == 5


def test_an_offline_run_replays_what_is_there(tmp_path: Path) -> None:
    with serving() as server:
        run(server, tmp_path / "out", questions(6), limits=Limits(calls=7), workers=1)
    made = run(server, tmp_path / "out", questions(6), offline=True)
    assert (made.calls, made.report.accepted) == (0, 3)
    assert made.report.unfinished == {"not_in_cache": 3}


@pytest.mark.parametrize(
    "limits, calls",
    [
        (Limits(calls=5), 5),
        (Limits(tokens=450), 3),
        (Limits(cost=0.0004, price_in=1, price_out=2), 2),
    ],
)
def test_a_run_stops_at_its_budget(limits: Limits, calls: int, tmp_path: Path) -> None:
    with serving() as server:
        made = run(server, tmp_path / "out", questions(20), limits=limits, workers=1)
    assert (made.calls, made.report.ended) == (calls, "budget")
    assert made.report.accepted + sum(made.report.unfinished.values()) == 20


def test_an_endpoint_that_stays_broken_leaves_rows_for_the_next_run(tmp_path: Path) -> None:
    with serving(lambda asked: Answer(status=503) if asked.case == 1 else good(asked)) as server:
        made = run(server, tmp_path / "out", questions(3), workers=2)
        assert made.report.unfinished == {"status_503": 1}
        assert server.calls[1, "analyst"] == 6
        server.script = good
        assert run(server, tmp_path / "out", questions(3)).report.accepted == 3


def test_a_verdict_that_cannot_be_read_is_asked_for_again_and_no_zero(tmp_path: Path) -> None:
    def vague(asked: Asked) -> Answer:
        return good(asked) if asked.role == "analyst" else Answer("Looks fine to me.")

    with serving(vague) as server:
        made = run(server, tmp_path / "out", questions(1))
        assert (server.calls[0, "analyst"], server.calls[0, "reviewer"]) == (3, 9)
    assert made.report.failed == {"review": 1}
    (failed,) = lines(tmp_path / "out" / "failed.jsonl")
    assert failed["best_scores"] == {}


CHINESE = "患者先后使用两种药物，原文以介词连接二者，故构成一个方案。" * 3
BAD = {
    "empty": Answer(""),
    "refused": Answer("I'm sorry, but I cannot help with that."),
    "loops": Answer("so the pair is recorded here. " * 200),
    "cut": Answer("<think>\n[1] Setting", finish="length"),
    "tags": Answer("<think>a</think><think>b</think><answer>[]</answer>"),
    "language": Answer(f"<think>\n{CHINESE}\n</think>\n<answer>[]</answer>"),
}


@pytest.mark.parametrize("code", BAD)
def test_a_bad_reply_is_one_failed_attempt_with_its_code(code: str, tmp_path: Path) -> None:
    def script(asked: Asked) -> Answer:
        return good(asked) if asked.role == "reviewer" or asked.retried else BAD[code]

    with serving(script) as server:
        made = run(server, tmp_path / "out", questions(1))
    first, second = lines(tmp_path / "out" / "attempts.jsonl")
    assert first["faults"][0] == code
    assert "accepted" not in first
    assert second["accepted"]
    assert made.report.attempts == {"2": 1}


def test_what_was_said_of_an_attempt_is_told_in_the_next(tmp_path: Path) -> None:
    prompts: list[str] = []

    def strict(asked: Asked) -> Answer:
        if asked.role == "analyst":
            prompts.append(asked.prompt)
        return good(asked) if asked.role == "analyst" else Answer(verdict(3, "Name the effect."))

    with serving(strict) as server:
        run(server, tmp_path / "out", questions(1))
    assert len(prompts) == 3
    assert "Name the effect." not in prompts[0]
    assert "Attempt 1: Name the effect. Scores: format 3, medical 3" in prompts[1]
    assert "Attempt 2: Name the effect." in prompts[2]


# --- what fails before the first row -----------------------------------------------------------


def test_the_same_folder_with_other_settings_is_refused_unless_anew(tmp_path: Path) -> None:
    with serving() as server:
        run(server, tmp_path / "out", questions(2))
        with pytest.raises(InputError, match="attempts"):
            run(server, tmp_path / "out", questions(2), attempts=2)
        made = run(server, tmp_path / "out", questions(2), attempts=2, anew=True)
        assert (made.replayed, made.calls) == (0, 4)


def test_a_folder_of_something_else_is_refused_even_anew(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with serving() as server, pytest.raises(InputError, match=re.escape("thesis.txt")):
        run(server, tmp_path / "out", questions(1), anew=True)
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("anew", [False, True])
def test_two_runs_in_one_folder_are_refused(anew: bool, tmp_path: Path) -> None:
    from taiyi_corpus.traces.store import locked

    with serving() as server:
        run(server, tmp_path / "out", questions(2))
        before = (tmp_path / "out" / "calls.jsonl").read_bytes()
        with locked(tmp_path / "out"), pytest.raises(InputError, match="another run"):
            run(server, tmp_path / "out", questions(2), anew=anew)
    assert (tmp_path / "out" / "calls.jsonl").read_bytes() == before


# --- what is exported --------------------------------------------------------------------------


def test_failed_rows_are_kept_without_a_trace_on_request(tmp_path: Path) -> None:
    script = lambda asked: Answer("no") if asked.case == 1 else good(asked)  # noqa: E731
    with serving(script) as server:
        run(server, tmp_path / "out", questions(3))
        assert len(lines(tmp_path / "out" / "sft.jsonl")) == 2
        run(server, tmp_path / "out", questions(3), keep_failed=True)
    sft = lines(tmp_path / "out" / "sft.jsonl")
    assert [one["trace"] for one in sft] == [True, False, True]
    assert Counter("<think>" in one["messages"][-1]["content"] for one in sft) == {
        True: 2,
        False: 1,
    }
    assert "<think>" not in sft[1]["messages"][0]["content"]
    assert len(lines(tmp_path / "out" / "rl_trl.jsonl")) == 3


def test_the_rl_records_reward_their_own_solution(tmp_path: Path) -> None:
    from taiyi_corpus.rewards import reward_funcs

    with serving() as server:
        run(server, tmp_path / "out", questions(8))
    trl, swift = (lines(tmp_path / "out" / f"rl_{name}.jsonl") for name in ("trl", "swift"))
    assert [one["prompt"] for one in trl] == [one["messages"] for one in swift]
    columns = {name: [one[name] for one in trl] for name in ("solution", "question")}
    for mode in ("strict", "rexdrug"):
        found = [reward(None, columns["solution"], **columns) for reward in reward_funcs(mode)]
        assert found == [[pytest.approx(1.0)] * 8] * 4, mode
