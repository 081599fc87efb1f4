"""Groups: exact counts, groups in groups, balance, replay, UniMax, shares of tokens, caps and floors of a task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.cli.options import recipe_of
from taiyi_corpus.errors import InputError
from taiyi_corpus.mix.plan import Plan, Stratum, group_of, plan
from taiyi_corpus.spec.recipe import Recipe, find_recipe
from tests.toys import dataset

NAMED = {"task": "ner", "category": "NER", "dataset": "Big", "count": 40}
SPECS = {
    "big": dataset("big", tasks=["ner", "re"], tags=["biomedical"], taiyi=[NAMED]),
    "small": dataset("small", tasks=["ner"], language="zh", tags=["biomedical"], access="dua"),
    "math": dataset(
        "math", tasks=["cot"], tags=["general"],
        license={"name": "NC", "says": "README", "redistributable": "unknown", "commercial": True},
    ),
}  # fmt: skip
AVAILABLE = {
    Stratum("big", "ner"): 900,
    Stratum("big", "re"): 100,
    Stratum("small", "ner"): 100,
    Stratum("math", "cot"): 400,
}


def recipe(**given: Any) -> Recipe:
    return Recipe.model_validate(
        {"name": "toy", "about": "Invented.", "stage": 1, "groups": [{"name": "all"}]} | given
    )


def made(**given: Any) -> Plan:
    return plan(recipe(**given), AVAILABLE, SPECS)


def chosen(planned: Plan) -> dict[str, int]:
    return {f"{p.stratum.dataset}.{p.stratum.task}": p.chosen for p in planned.strata if p.chosen}


def test_counts_are_met_exactly_and_nothing_else_is_taken() -> None:
    counted = made(groups=[{"name": "all", "counts": {"big": {"ner": 17}, "small": {"ner": 100}}}])

    assert chosen(counted) == {"big.ner": 17, "small.ner": 100}
    assert counted.wanted == {"all": 117}


def test_the_counts_of_the_paper_stand_in_the_registry() -> None:
    assert chosen(made(groups=[{"name": "all", "counts": "taiyi"}])) == {"big.ner": 40}


def test_counts_over_what_is_there_repeat_where_the_recipe_says_so() -> None:
    groups = [{"name": "all", "counts": {"small": {"ner": 150}, "math": {"cot": 2000}}}]
    short = made(groups=groups)
    again = made(groups=groups, on_shortage="repeat", max_epochs=2, epochs={"math": 4})

    assert chosen(short) == {"math.cot": 400, "small.ner": 100}
    assert [(p.target, p.short) for p in short.strata] == [(2000, 1600), (150, 50)]
    assert chosen(again) == {"math.cot": 1600, "small.ner": 150}
    assert [p.repeats for p in again.strata] == [1200, 50]


def test_counts_name_datasets_that_are_not_there() -> None:
    there = {Stratum("math", "cot"): 400}
    counted = plan(
        recipe(groups=[{"name": "all", "counts": "taiyi"}, {"name": "rest"}]),
        there,
        SPECS,
        known=SPECS,
    )

    assert counted.wanted == {"all": 40, "rest": 400}
    assert chosen(counted) == {"math.cot": 400}


def test_groups_within_groups_share_what_theirs_has() -> None:
    nested = made(
        rows=200,
        groups=[
            {
                "name": "biomedical",
                "share": 0.75,
                "select": {"tags": ["biomedical"]},
                "groups": [
                    {"name": "zh", "share": 0.4, "select": {"languages": ["zh"]}},
                    {
                        "name": "en",
                        "share": 0.6,
                        "groups": [
                            {"name": "re", "rows": 20, "select": {"tasks": ["re"]}},
                            {"name": "ner"},
                        ],
                    },
                ],
            },
            {"name": "general", "select": {"tags": ["general"]}},
        ],
    )

    assert nested.wanted == {
        "biomedical/zh": 60,
        "biomedical/en/re": 20,
        "biomedical/en/ner": 70,
        "general": 50,
    }
    assert chosen(nested) == {"small.ner": 60, "big.re": 20, "big.ner": 70, "math.cot": 50}


def test_a_group_within_takes_only_what_the_one_around_it_takes() -> None:
    inner = {"name": "outer", "select": {"tags": ["general"]}, "groups": [{"name": "any"}]}

    assert group_of(recipe(groups=[inner]), SPECS["math"], "cot") == "outer/any"
    assert group_of(recipe(groups=[inner]), SPECS["big"], "ner") is None


def test_a_balance_shares_a_group_out_by_language() -> None:
    balanced = made(
        rows=100,
        groups=[{"name": "ner", "select": {"tasks": ["ner"]}, "balance": {"en": 0.5, "zh": 0.5}}],
    )

    assert chosen(balanced) == {"big.ner": 50, "small.ner": 50}
    assert balanced.wanted == {"ner/en": 50, "ner/zh": 50}


def test_what_one_language_lacks_goes_to_the_other() -> None:
    balanced = made(
        rows=300,
        groups=[{"name": "ner", "select": {"tasks": ["ner"]}, "balance": {"en": 0.5, "zh": 0.5}}],
    )

    assert chosen(balanced) == {"big.ner": 200, "small.ner": 100}


def test_a_size_cap_bounds_the_weight_and_not_the_rows() -> None:
    # Examples-proportional with a limit of 100: four strata that weigh the same.
    capped = made(rows=320, groups=[{"name": "all", "size_cap": 100}])
    over = made(rows=800, groups=[{"name": "all", "size_cap": 100}])

    assert chosen(capped) == {"big.ner": 80, "big.re": 80, "math.cot": 80, "small.ner": 80}
    assert chosen(over) == {"big.ner": 300, "big.re": 100, "math.cot": 300, "small.ner": 100}


def test_the_parts_of_a_balance_weigh_as_the_group_does() -> None:
    groups = [{"name": "all", "select": {"languages": ["en"]}, "balance": {"en": 1.0}}]
    hot = made(rows=140, groups=[groups[0] | {"temperature": 2.0}])
    even = made(rows=120, groups=[groups[0] | {"weights": "unimax"}])

    assert chosen(hot) == {"big.ner": 70, "big.re": 23, "math.cot": 47}
    assert chosen(even) == {"big.ner": 40, "big.re": 40, "math.cot": 40}


def test_unimax_is_even_as_far_as_epochs_reach() -> None:
    even = made(
        rows=1000,
        groups=[{"name": "all", "weights": "unimax"}],
        on_shortage="repeat",
        max_epochs=2,
    )

    # 1,000 rows over 4: 250 each; two strata reach 200 only, and the rest is even again.
    assert chosen(even) == {"big.re": 200, "small.ner": 200, "big.ner": 300, "math.cot": 300}


def test_shares_of_tokens_take_fewer_of_long_rows() -> None:
    tokens = {stratum: 300.0 if stratum.dataset == "math" else 100.0 for stratum in AVAILABLE}
    groups = [
        {"name": "tasks", "share": 0.5, "select": {"tags": ["biomedical"]}},
        {"name": "general", "share": 0.5, "select": {"tags": ["general"]}},
    ]
    shared = plan(recipe(rows=400, unit="tokens", groups=groups), AVAILABLE, SPECS, tokens=tokens)

    assert shared.chosen == {"tasks": 300, "general": 100}


def test_a_task_has_a_cap_and_a_floor_over_all_datasets() -> None:
    capped = made(task_caps={"ner": 500})
    floored = made(rows=200, task_floors={"re": 60})

    assert sum(n for name, n in chosen(capped).items() if name.endswith(".ner")) == 500
    assert chosen(capped)["big.re"] == 100
    assert chosen(floored)["big.re"] == 60
    assert floored.rows == 200


@pytest.mark.parametrize(
    ("select", "taken"),
    [
        ({"access": ["dua"]}, {"small.ner"}),
        ({"licenses": ["NC"]}, {"math.cot"}),
        ({"redistributable": True}, {"big.ner", "big.re", "small.ner"}),
        ({"commercial": True}, {"math.cot"}),
    ],
)
def test_a_group_selects_by_access_and_licence(select: dict[str, Any], taken: set[str]) -> None:
    assert set(chosen(made(groups=[{"name": "some", "select": select}]))) == taken


@given(
    st.integers(min_value=0, max_value=3000),
    st.lists(st.floats(min_value=0.05, max_value=0.3), min_size=3, max_size=3),
    st.integers(min_value=0, max_value=400),
)
def test_the_rows_asked_for_are_the_rows_given_under_all_limits(
    rows: int, shares: list[float], cap: int
) -> None:
    groups = [
        {"name": name, "share": share, "select": {"datasets": [name]}, **extra}
        for name, share, extra in zip(
            SPECS, shares, ({"temperature": 2.0}, {"weights": "unimax"}, {}), strict=True
        )
    ]
    planned = made(rows=rows, groups=groups, cap=cap)

    assert planned.rows == min(rows, sum(min(cap, n) for n in AVAILABLE.values()))
    assert all(p.chosen <= p.limit <= cap for p in planned.strata)
    assert sum(planned.chosen.values()) == planned.rows


# --- replay ---------------------------------------------------------------------------------------------------------

FIRST = """\
name: first
about: Tasks.
stage: 1
groups:
  - name: tasks
    share: 0.9
    temperature: 2.0
    select: {tags: [biomedical]}
  - name: general
    share: 0.1
    select: {tags: [general]}
"""
SECOND = """\
name: second
about: Everything.
stage: 2
rows: 100
groups:
  - name: rest
    share: 0.5
    select: {tasks: [cot]}
  - name: again
    share: 0.5
    replay: REPLAYED
"""


def replaying(folder: Path, replayed: str) -> Recipe:
    (folder / "recipes").mkdir(exist_ok=True)
    (folder / "recipes" / "first.yaml").write_text(FIRST, encoding="utf-8")
    (folder / "recipes" / "second.yaml").write_text(
        SECOND.replace("REPLAYED", replayed), encoding="utf-8"
    )
    return find_recipe("second", [folder])


def test_a_replay_has_the_groups_of_the_other_recipe(tmp_path: Path) -> None:
    replay = plan(replaying(tmp_path, "first"), AVAILABLE, SPECS)

    assert replay.wanted == {"rest": 50, "again/tasks": 45, "again/general": 5}
    assert replay.chosen["again/tasks"] == 50  # `general` has nothing left to give


def test_a_replay_may_be_of_one_group(tmp_path: Path) -> None:
    replay = plan(replaying(tmp_path, "first/tasks"), AVAILABLE, SPECS)

    assert replay.wanted == replay.chosen == {"rest": 50, "again/tasks": 50}


def test_a_recipe_file_of_ones_own_may_replay_a_shipped_recipe(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SECOND.replace("REPLAYED", "stage1/tasks"), encoding="utf-8")
    again = recipe_of(None, str(file), None).groups[1]

    assert [part.name for part in again.groups] == ["tasks"]


@pytest.mark.parametrize(
    ("replayed", "said"),
    [
        ("frist", "Did you mean 'first'"),
        ("first/task", "Did you mean 'tasks'"),
        ("second", "groups that replay none"),
    ],
)
def test_a_replay_of_nothing_is_named(tmp_path: Path, replayed: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        replaying(tmp_path, replayed)
