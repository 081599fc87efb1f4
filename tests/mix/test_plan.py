"""Plans: which group a stratum belongs to, how rows are shared out, what happens on shortage."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.mix.plan import Plan, Stratum, group_of, plan
from taiyi_corpus.spec.recipe import Recipe
from tests.toys import dataset

SPECS = {
    "big": dataset("big", tasks=["ner", "re"], tags=["biomedical"]),
    "small": dataset("small", tasks=["ner"], tags=["biomedical"], language="zh"),
    "math": dataset("math", tasks=["cot"], tags=["general"]),
}
AVAILABLE = {
    Stratum("big", "ner"): 900,
    Stratum("big", "re"): 100,
    Stratum("small", "ner"): 100,
    Stratum("math", "cot"): 400,
}
TASKS = {"name": "tasks", "select": {"tags": ["biomedical"]}}
GENERAL = {"name": "general", "select": {"tags": ["general"]}}


def recipe(**given: Any) -> Recipe:
    return Recipe.model_validate(
        {"name": "toy", "about": "Invented.", "stage": 1, "groups": [{"name": "all"}]} | given
    )


def chosen(made: Plan) -> dict[str, int]:
    return {f"{p.stratum.dataset}.{p.stratum.task}": p.chosen for p in made.strata}


def planned(**given: Any) -> dict[str, int]:
    return chosen(plan(recipe(**given), AVAILABLE, SPECS))


def test_without_a_number_of_rows_all_there_is_is_taken() -> None:
    made = plan(recipe(), AVAILABLE, SPECS)

    assert chosen(made) == {"big.ner": 900, "big.re": 100, "math.cot": 400, "small.ner": 100}
    assert (made.rows, made.wanted, made.chosen) == (1500, {"all": 1500}, {"all": 1500})


def test_rows_are_shared_out_by_size() -> None:
    assert planned(rows=150) == {"big.ner": 90, "big.re": 10, "math.cot": 40, "small.ner": 10}


def test_a_temperature_lifts_what_is_small() -> None:
    hot = planned(rows=140, groups=[{"name": "all", "temperature": 2.0}])

    # Square roots of 900, 100, 400, 100 are 30, 10, 20, 10: half of 140 for the first two.
    assert hot == {"big.ner": 60, "big.re": 20, "math.cot": 40, "small.ner": 20}


def test_groups_share_by_their_shares_and_the_unstated_take_the_rest() -> None:
    made = plan(recipe(rows=1000, groups=[TASKS | {"share": 0.8}, GENERAL]), AVAILABLE, SPECS)

    assert (made.wanted, made.chosen) == ({"tasks": 800, "general": 200},) * 2


def test_a_short_group_gives_what_it_has_and_the_others_fill_up() -> None:
    made = plan(
        recipe(rows=1000, groups=[TASKS | {"share": 0.2}, GENERAL | {"share": 0.8}]),
        AVAILABLE,
        SPECS,
    )

    assert made.wanted == {"tasks": 200, "general": 800}
    assert made.chosen == {"tasks": 600, "general": 400}


def test_shares_are_taken_over_what_is_present() -> None:
    there = {s: n for s, n in AVAILABLE.items() if s.dataset != "math"}
    made = plan(
        recipe(rows=100, groups=[TASKS | {"share": 0.5}, GENERAL | {"share": 0.5}]), there, SPECS
    )

    assert made.chosen == {"tasks": 100, "general": 0}


def test_a_group_may_ask_for_an_exact_number() -> None:
    made = plan(recipe(rows=500, groups=[TASKS, GENERAL | {"rows": 7}]), AVAILABLE, SPECS)

    assert (made.wanted, made.chosen) == (
        {"tasks": 493, "general": 7},
        {"tasks": 493, "general": 7},
    )


def test_a_share_is_one_of_the_whole_mix_beside_exact_numbers_too() -> None:
    groups = [
        {"name": "ner", "share": 0.5, "select": {"tasks": ["ner"]}},
        {"name": "re", "select": {"tasks": ["re"]}},
        GENERAL | {"rows": 20},
    ]
    made = plan(recipe(rows=200, groups=groups), AVAILABLE, SPECS)

    assert made.wanted == made.chosen == {"ner": 100, "re": 80, "general": 20}


def test_shares_that_leave_something_over_divide_it_in_their_proportion() -> None:
    groups = [TASKS | {"share": 0.3}, GENERAL | {"share": 0.1}]
    made = plan(recipe(rows=200, groups=groups), AVAILABLE, SPECS)

    assert made.wanted == made.chosen == {"tasks": 150, "general": 50}


def test_the_first_group_that_takes_a_stratum_has_it() -> None:
    both = recipe(groups=[{"name": "ner", "select": {"tasks": ["ner"]}}, {"name": "rest"}])

    assert group_of(both, SPECS["big"], "ner") == "ner"
    assert group_of(both, SPECS["big"], "re") == "rest"
    assert group_of(recipe(groups=[GENERAL]), SPECS["big"], "re") is None


@pytest.mark.parametrize(
    ("select", "taken"),
    [
        ({"languages": ["zh"]}, {"small.ner"}),
        ({"tasks": ["re", "cot"]}, {"big.re", "math.cot"}),
        ({"without_tags": ["biomedical"]}, {"math.cot"}),
        ({"datasets": ["big", "math"], "tasks": ["re"]}, {"big.re"}),
        ({"without_datasets": ["big"]}, {"small.ner", "math.cot"}),
    ],
)
def test_a_group_selects_by_language_task_tag_and_dataset(
    select: dict[str, Any], taken: set[str]
) -> None:
    assert set(planned(groups=[{"name": "some", "select": select}])) == taken


def test_caps_bound_each_stratum() -> None:
    assert planned(cap=150) == {"big.ner": 150, "big.re": 100, "math.cot": 150, "small.ner": 100}
    assert planned(caps={"big": 50}, cap=300) == {
        "big.ner": 50,
        "big.re": 50,
        "math.cot": 300,
        "small.ner": 100,
    }


def test_a_floor_is_what_a_dataset_gives_at_least_with_all_its_tasks() -> None:
    floored = planned(rows=200, floors={"small": 50, "big": 130})

    assert floored["big.ner"] + floored["big.re"] == 130
    assert floored["small.ner"] == 50
    assert sum(floored.values()) == 200
    assert planned(rows=300, floors={"small": 50})["small.ner"] == 50
    assert planned(rows=300, floors={"small": 500})["small.ner"] == 100  # all there is


def test_on_shortage_instances_repeat_up_to_their_epochs() -> None:
    given = {"rows": 4000, "on_shortage": "repeat", "max_epochs": 2}

    assert sum(planned(**given).values()) == 3000
    assert planned(**given)["small.ner"] == 200
    assert sum(planned(**given | {"on_shortage": "take_all"}).values()) == 1500
    assert sum(planned(**given | {"rows": 1000}).values()) == 1000


def test_on_shortage_a_build_may_fail_and_says_which_groups_are_short() -> None:
    groups = [TASKS | {"rows": 2000}, GENERAL | {"rows": 400}]
    with pytest.raises(InputError) as error:
        planned(groups=groups, on_shortage="fail")

    (fault,) = error.value.faults
    assert (fault.where, fault.wanted, fault.found) == (
        "recipe toy, group tasks",
        "2,000 rows",
        "1,100",
    )


def test_nothing_to_choose_from_is_an_empty_plan() -> None:
    made = plan(recipe(rows=100), {}, SPECS)

    assert (made.rows, made.wanted, made.chosen) == (0, {"all": 100}, {"all": 0})
