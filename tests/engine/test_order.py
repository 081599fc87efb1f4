"""Jobs are handed out by size, and their results come in the order in which the jobs were given."""

from __future__ import annotations

from pathlib import Path

from taiyi_corpus.engine.local import Pool
from taiyi_corpus.engine.order import largest_first


def test_the_largest_is_first_and_results_are_in_order(tmp_path: Path) -> None:
    files = [tmp_path / str(number) for number in range(5)]
    for file, size in zip(files, [1, 7, 3, 7], strict=False):  # the last is not there
        file.write_bytes(b"x" * size)
    begun: list[str] = []
    counts: list[int] = []

    def job(name: str) -> str:
        begun.append(name)
        return name.upper()

    made = largest_first(
        Pool(1).run, job, ["a", "b", "c", "d", "e"], list(map(str, files)), counts.append
    )

    assert begun == ["b", "d", "c", "a", "e"]
    assert made == ["A", "B", "C", "D", "E"]
    assert counts == [1, 2, 3, 4, 5]
