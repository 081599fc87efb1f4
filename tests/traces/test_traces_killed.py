"""A run that is killed outright, again and again: nothing lost, nothing asked twice."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.traces.server import Answer, Asked, Server, serving
from tests.traces.test_traces_run import QUESTIONS, faulty
from tests.traces.world import files, run

ROOT = Path(__file__).parents[2]
CHILD = """
import sys
from pathlib import Path
from tests.traces.test_traces_run import QUESTIONS
from tests.traces.world import run
run(sys.argv[1], Path(sys.argv[2]), QUESTIONS, workers=4, pause=0.0005)
"""


class Tap:
    """Lets so many whole answers through; whoever asks after that is told to come back much later."""

    def __init__(self, server: Server) -> None:
        self.server, self.limit = server, 0

    def __call__(self, asked: Asked) -> Answer:
        if self.server.served.total() < self.limit:
            return faulty(asked)
        self.server.calls[asked.case, asked.role] -= 1  # as if it had not come
        return Answer(status=503, headers={"Retry-After": "60"})


def test_a_run_killed_three_times_ends_in_the_same_and_asks_nothing_twice(tmp_path: Path) -> None:
    with serving(faulty) as server:
        run(server, tmp_path / "whole", QUESTIONS, workers=8)
        served = server.served
    out, calls = tmp_path / "out", tmp_path / "out" / "calls.jsonl"
    with serving() as server:
        server.script = tap = Tap(server)
        for tap.limit in (1, 300, 800):
            child = subprocess.Popen(
                [sys.executable, "-c", CHILD, server.url, str(out)],
                cwd=ROOT,
                stderr=subprocess.DEVNULL,
            )
            wait_for(child, calls, tap.limit)
            child.kill()
            child.wait()
            with calls.open("ab") as file:
                file.write(b'{"key":"cut off')  # what a kill in the middle of a write leaves
        server.script = faulty
        assert run(server, out, QUESTIONS, workers=4).torn
        assert server.served == served
    assert files(out) == files(tmp_path / "whole")


def wait_for(child: subprocess.Popen[bytes], calls: Path, lines: int) -> None:
    """Wait until so many replies are kept; calls that failed for good are kept besides."""
    end = time.monotonic() + 60
    while calls.read_bytes().count(b'"reply"') < lines if calls.exists() else True:
        assert child.poll() is None, "the run ended by itself"
        assert time.monotonic() < end, "the run does not get on"
        time.sleep(0.01)
