"""A validation mix carved out of the training data: whole documents at a time, by the hash of their group.

What must not be torn apart goes the same way: the records of a group; where there is none, those of one document in all
datasets that share it; else equal texts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from taiyi_corpus import hashing
from taiyi_corpus.curate.groups import group_keys_of
from taiyi_corpus.mix.apportion import apportion
from taiyi_corpus.mix.plan import Plan, Planned, Stratum
from taiyi_corpus.normalise.store import Part
from taiyi_corpus.spec.recipe import Recipe


def held_rows(part: Part, recipe: Recipe) -> npt.NDArray[np.bool_]:
    """Return which rows of a part are carved out."""
    share = recipe.holdout.share if recipe.holdout is not None else 0.0
    drawn = (hashing.unit(recipe.seed, "holdout", key) for key in group_keys_of(part))
    return np.fromiter((one < share for one in drawn), np.bool_, part.rows)


def carve(recipe: Recipe, train: Plan, held: Mapping[Stratum, int]) -> dict[Stratum, int]:
    """Return the rows each stratum gives to the validation mix: in the proportions of the training mix, each once."""
    if recipe.holdout is None:
        return {}
    rows = recipe.holdout.rows
    if rows is None:
        rows = round(train.rows * recipe.holdout.share)
    weights = {one.stratum.key: float(one.chosen) for one in train.strata if one.stratum in held}
    limits = {stratum.key: count for stratum, count in held.items()}
    quotas = apportion(rows, weights, limits)
    return {stratum: quotas.get(stratum.key, 0) for stratum in held}


def with_carved(train: Plan, held: Mapping[Stratum, int], carved: Mapping[Stratum, int]) -> Plan:
    """Return both mixes as one plan: what is available and what is chosen of each stratum in all."""
    strata = [
        replace(
            one,
            available=one.available + held.get(one.stratum, 0),
            chosen=one.chosen + carved.get(one.stratum, 0),
            validation=carved.get(one.stratum, 0),
        )
        for one in train.strata
    ]
    there = {one.stratum for one in train.strata}
    # All of its documents were carved out: it has no place in the training mix, but is counted.
    strata += [
        Planned(stratum, "", count, 0, 0) for stratum, count in held.items() if stratum not in there
    ]
    return Plan(sorted(strata, key=lambda one: one.stratum), train.wanted, train.chosen)
