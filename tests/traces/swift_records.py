"""Write the RL records of eight questions for ms-swift: `python -m tests.traces.swift_records OUT`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.traces.server import serving
from tests.traces.world import questions, run

if __name__ == "__main__":
    with serving() as server:
        run(server, Path(sys.argv[1]), questions(8), anew=True)
