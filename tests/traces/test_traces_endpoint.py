"""An endpoint that is busy, slow, broken, out of money or not there, and keys that must not be seen."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.traces.endpoint import CallError, Endpoint, Message, Model
from tests.traces.server import Answer, Asked, good, serving
from tests.traces.world import questions, run


class Patient(threading.Event):
    """Writes down how long it is to wait, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        return False


def asked_of(url: str, stop: threading.Event) -> str:
    endpoint = Endpoint(Model(url, "analyst-1"), "", pause=1.0, stop=stop)
    try:
        return endpoint.chat([Message("user", "case 1")], "key").content
    finally:
        endpoint.close()


def busy(seconds: str, times: int) -> object:
    """A script that is busy some times, and says at first how long."""

    def script(asked: Asked) -> Answer:
        headers = {"Retry-After": seconds} if asked.number == 1 else {}
        return Answer(status=429, headers=headers) if asked.number <= times else Answer("done")

    return script


@pytest.mark.parametrize("seconds", [7.0, 300.0])
def test_retry_after_is_honoured_and_pauses_grow(seconds: float) -> None:
    stop = Patient()
    with serving(busy(f"{seconds:.0f}", 3)) as server:  # type: ignore[arg-type]
        assert asked_of(server.url, stop) == "done"
    assert stop.waits[0] == seconds
    assert 1.0 <= stop.waits[1] <= 3.0
    assert 2.0 <= stop.waits[2] <= 6.0


def test_who_asks_for_an_hour_is_left_to_the_next_run() -> None:
    stop = Patient()
    with serving(busy("3600", 1)) as server:  # type: ignore[arg-type]
        with pytest.raises(CallError, match="status_429") as error:
            asked_of(server.url, stop)
        assert (error.value.final, stop.waits, server.calls.total()) == (False, [], 1)


def test_a_slow_endpoint_is_given_up_on_and_asked_again(tmp_path: Path) -> None:
    def slow(asked: Asked) -> Answer:
        return Answer(**{**vars(good(asked)), "delay": 0.5}) if asked.number == 1 else good(asked)

    with serving(slow) as server:
        made = run(server, tmp_path / "out", questions(1), timeout=0.1)
    assert made.report.accepted == 1


@pytest.mark.parametrize(
    "broken",
    [
        Answer("x", cut=True),
        Answer(body=b"<html>"),
        Answer(body=b'{"choices": []}'),
        Answer(body=b"[" * 100_000),
        Answer(body=b"\xff\xfe"),
        Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
        Answer(status=408),
        Answer(status=409),
    ],
    ids=["cut", "html", "no choice", "deep", "no UTF-8", "no gzip", "408", "409"],
)
def test_a_broken_answer_is_asked_for_again(broken: Answer, tmp_path: Path) -> None:
    with serving(lambda asked: broken if asked.number == 1 else good(asked)) as server:
        made = run(server, tmp_path / "out", questions(1))
        assert made.report.attempts == {"1": 1}
        assert server.calls[0, "analyst"] == server.calls[0, "reviewer"] == 2


@pytest.mark.parametrize(
    "usage, tokens",
    [
        ({"prompt_tokens": None, "completion_tokens": 3.0}, 3),
        ({}, 0),
        (None, 0),
        ("unknown", 0),
    ],
)
def test_an_answer_counts_whatever_it_says_of_its_price(
    usage: object, tokens: int, tmp_path: Path
) -> None:
    def script(asked: Asked) -> Answer:
        choice = {"message": {"content": good(asked).content}, "finish_reason": "stop"}
        return Answer(body=json.dumps({"choices": [choice], "usage": usage}).encode())

    with serving(script) as server:
        made = run(server, tmp_path / "out", questions(1))
        assert (made.report.accepted, server.calls.total()) == (1, 2)
    assert made.tokens == 2 * tokens


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_is_about_no_row_ends_the_run_and_fails_none(status: int, tmp_path: Path) -> None:
    with serving(lambda asked: Answer(status=status) if asked.case > 2 else good(asked)) as server:
        made = run(server, tmp_path / "out", questions(20), workers=1)
        assert f"status_{status}" in made.report.ended
        assert (made.report.accepted, made.report.failed) == (3, {})
        assert len(server.calls) <= 8
        server.script = good
        assert run(server, tmp_path / "out", questions(20)).report.accepted == 20


def test_requests_hold_what_they_are_told_to(tmp_path: Path) -> None:
    model = Model(
        "http://a/v1", "m", more={"max_tokens": None, "max_completion_tokens": 9000, "seed": 1}
    )
    body = model.body([Message("user", "x")])
    assert (body["max_completion_tokens"], body["seed"], "max_tokens" in body) == (9000, 1, False)


# --- what fails before the first row -----------------------------------------------------------


def test_an_endpoint_that_is_not_there_fails_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an endpoint at") as error:
        run("http://127.0.0.1:9/v1", tmp_path / "out", questions(1))
    assert len(error.value.faults) == 1
    assert not (tmp_path / "out").exists()


def test_a_wrong_key_fails_before_anything_is_written(tmp_path: Path) -> None:
    with serving(key="right") as server:
        with pytest.raises(InputError, match="a key that"):
            run(server, tmp_path / "out", questions(1), key="wrong")
        assert not (tmp_path / "out").exists()
        assert run(server, tmp_path / "out", questions(1), key="right").report.accepted == 1
    assert b"right" not in (tmp_path / "out" / "settings.json").read_bytes()


@pytest.mark.parametrize("key", ["sk-s\ncret", "sk-s\u00e9cret"])
def test_a_key_that_cannot_be_sent_is_not_shown(key: str, tmp_path: Path) -> None:
    with serving() as server, pytest.raises(InputError, match="a key for") as error:
        run(server, tmp_path / "out", questions(1), key=key)
    assert "cret" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_line_break_after_a_key_is_no_part_of_it(tmp_path: Path) -> None:
    with serving(key="right") as server:
        assert run(server, tmp_path / "out", questions(1), key="right\n").report.accepted == 1


def test_a_password_in_a_url_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without a name and a password") as error:
        run("http://me:secret@localhost/v1", tmp_path / "out", questions(1))
    assert "secret" not in str(error.value)
    assert not (tmp_path / "out").exists()
