"""What a mix chooses from: the candidates of every part. They stay on disk, and are read when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.mix.choose import U64, choose, shuffle_keys
from taiyi_corpus.mix.plan import Stratum
from taiyi_corpus.mix.ranks import at_ranks, shares
from taiyi_corpus.normalise.store import Part
from taiyi_corpus.pipeline.candidates import Candidates
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import TASKS

Items = npt.NDArray[np.void]
Mask = npt.NDArray[np.bool_]


class Chosen(Struct, frozen=True):
    """Candidates of one part that a mix takes."""

    items: Items
    repeat: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]  # of each among all candidates of the part


class Pool(Struct):
    """The candidates of one part that are carved out of the training mix, or those that are not."""

    part: Part
    setting: Setting
    candidates: Candidates
    held: Mask | None = None  # rows of the part that are carved out
    carved: bool = False  # those are meant, and not the others
    counts: dict[Stratum, int] = {}
    tokens: dict[Stratum, int] = {}  # of all its candidates together
    taken: dict[Stratum, int] = {}  # rows the mix takes, repeats counted

    @property
    def split(self) -> Split:
        """Return the split of the corpus."""
        return "validation" if self.carved else self.part.split

    @property
    def rows(self) -> int:
        """Return how many rows the mix takes."""
        return sum(self.taken.values())

    def count(self) -> None:
        """Count the candidates and their tokens."""
        array = self.candidates.read()
        if self.held is not None:
            array = array[self.held[array["row"]] == self.carved]
        counts = np.bincount(array["task"], minlength=len(TASKS))
        tokens = np.bincount(array["task"], array["tokens"], minlength=len(TASKS))
        for code in np.flatnonzero(counts).tolist():
            stratum = Stratum(self.setting.spec.id, TASKS[code])
            self.counts[stratum], self.tokens[stratum] = int(counts[code]), int(tokens[code])

    def orders(self, stratum: Stratum) -> U64:
        """Return the order of preference of its candidates of a stratum."""
        array = self.candidates.read()
        return np.asarray(array["order"][self._of(array, stratum)], dtype=np.uint64)

    def chosen(self) -> Chosen:
        """Return the candidates the mix takes."""
        array = self.candidates.read()
        number, repeat = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for stratum, quota in self.taken.items():
            own = np.flatnonzero(self._of(array, stratum))
            taken = choose(array["order"][own], quota)
            number.append(own[taken.index])
            repeat.append(taken.repeat)
        index = np.concatenate(number)
        return Chosen(array[index], np.concatenate(repeat), index)

    def _of(self, array: Items, stratum: Stratum) -> Mask:
        """Return which candidates of a part are in the pool, and of a stratum."""
        mine: Mask = array["task"] == TASKS.index(stratum.task)
        return mine if self.held is None else mine & (self.held[array["row"]] == self.carved)


def available(pools: Sequence[Pool]) -> tuple[dict[Stratum, int], dict[Stratum, float]]:
    """Return the candidates of each stratum, and their mean tokens."""
    counts: dict[Stratum, int] = {}
    tokens: dict[Stratum, int] = {}
    for pool in pools:
        for stratum, count in pool.counts.items():
            counts[stratum] = counts.get(stratum, 0) + count
            tokens[stratum] = tokens.get(stratum, 0) + pool.tokens[stratum]
    return counts, {stratum: tokens[stratum] / count for stratum, count in counts.items()}


def share_out(pools: Sequence[Pool], quotas: Mapping[Stratum, int]) -> None:
    """Say of each pool what it gives: of a stratum those first in order, over one round whole rounds and then those."""
    by_stratum: dict[Stratum, list[Pool]] = {}
    for pool in pools:
        for stratum in pool.counts:
            by_stratum.setdefault(stratum, []).append(pool)
    for stratum, own in by_stratum.items():
        rounds, rest = divmod(quotas.get(stratum, 0), sum(pool.counts[stratum] for pool in own))
        for pool, share in zip(own, shares(_orders(own, stratum), rest), strict=True):
            if taken := rounds * pool.counts[stratum] + share:
                pool.taken[stratum] = taken


def first_keys(pools: Sequence[Pool], ranks: Sequence[int]) -> list[int]:
    """Return the keys by which the global shuffle puts rows to some places in the corpus of their split."""

    def keys() -> Iterator[U64]:
        for pool in pools:
            chosen = pool.chosen()
            yield shuffle_keys(chosen.items["order"], chosen.repeat)

    return [int(key) for key in at_ranks(keys, ranks)]


def _orders(pools: Sequence[Pool], stratum: Stratum) -> Callable[[], Iterator[U64]]:
    return lambda: (pool.orders(stratum) for pool in pools)
