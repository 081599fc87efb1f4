"""What is wrong with a recipe is said before any work: which constraint, by how much, and the nearest word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus import paths
from taiyi_corpus.errors import InputError
from taiyi_corpus.mix.check import check_recipe
from taiyi_corpus.spec.recipe import Recipe, find_recipe
from taiyi_corpus.spec.registry import load_registry
from taiyi_corpus.spec.strict import read_text
from tests.toys import dataset

SPECS = {
    "bc5cdr": dataset("bc5cdr", tasks=["ner", "re"], tags=["biomedical"]),
    "gsm8k": dataset("gsm8k", tasks=["cot"], tags=["general"]),
}
YAML = """\
name: toy
about: Invented.
stage: 1
rows: 100
groups:
  - name: tasks
    share: 0.5
"""


def faults(**given: Any) -> list[tuple[str, str, str]]:
    about = {"name": "toy", "about": "Invented.", "stage": 1, "groups": [{"name": "all"}]}
    with pytest.raises(InputError) as error:
        check_recipe(Recipe.model_validate(about | given), SPECS)
    return [(fault.wanted, fault.found, fault.hint) for fault in error.value.faults]


def one(**given: Any) -> tuple[str, str, str]:
    (fault,) = faults(**given)
    return fault


@pytest.mark.parametrize(
    "given",
    [
        {"groups": [{"name": "a", "select": {"datasets": ["bc5cd"]}}]},
        {
            "groups": [
                {"name": "a", "groups": [{"name": "b", "select": {"without_datasets": ["bc5cd"]}}]}
            ]
        },
        {"groups": [{"name": "a", "counts": {"bc5cd": {"ner": 1}}}]},
        {"caps": {"bc5cd": 5}},
        {"floors": {"bc5cd": 5}},
        {"expand_of": {"bc5cd": {"ner": {"one_type": 1.0}}}},
        {"epochs": {"bc5cd": 2}, "on_shortage": "repeat"},
    ],
)
def test_an_unknown_dataset_gets_the_nearest_one_wherever_it_stands(given: dict[str, Any]) -> None:
    assert one(**given) == ("datasets of the registry", "'bc5cd'", "Did you mean 'bc5cdr'?")


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"groups": [{"name": "a", "select": {"tags": ["biomedcal"]}}]},
         ("tags of datasets", "'biomedcal'", "Did you mean 'biomedical'?")),
        ({"groups": [{"name": "a", "select": {"licenses": ["MTI"]}}]},
         ("licences of datasets", "'MTI'", "Did you mean 'MIT'?")),
        ({"styles": {"ner": ["line"]}}, ("answer styles of ner", "'line'", "Did you mean 'lines'?")),
        ({"expand": {"ner": {"one_typ": 1.0}}}, ("forms of ner", "'one_typ'", "Did you mean 'one_type'?")),
        ({"groups": [{"name": "a", "counts": {"bc5cdr": {"tc": 3}}}]},
         ("tasks of bc5cdr", "'tc'", "Known: ner, re.")),
    ],
)  # fmt: skip
def test_other_names_get_their_nearest_too(
    given: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    assert one(**given) == fault


@pytest.mark.parametrize(
    ("given", "wanted", "found"),
    [
        ({"rows": 100, "groups": [{"name": "a", "rows": 80}, {"name": "b", "rows": 50}]},
         "exact numbers (a 80 + b 50) of at most the 100 rows of the mix", "130, 30 too many"),
        ({"rows": 100, "groups": [{"name": "a", "rows": 80}, {"name": "b", "share": 0.5}]},
         "exact numbers (a 80) and shares (0.5 of 100) that fit into the mix", "130, 30 too many"),
        ({"rows": 100, "groups": [{"name": "a", "share": 0.5, "groups": [{"name": "b", "rows": 60}]}]},
         "exact numbers (a/b 60) of at most the 50 rows of group a", "60, 10 too many"),
        ({"rows": 100, "groups": [{"name": "a", "counts": {"gsm8k": {"cot": 101}}}]},
         "exact numbers (a 101) of at most the 100 rows of the mix", "101, 1 too many"),
        ({"rows": 100, "floors": {"bc5cdr": 90, "gsm8k": 20}},
         "floors (bc5cdr 90 + gsm8k 20) within the 100 rows of the mix", "110, 10 too many"),
        ({"rows": 100, "task_floors": {"ner": 101}},
         "floors (task ner 101) within the 100 rows of the mix", "101, 1 too many"),
        ({"caps": {"bc5cdr": 10}, "groups": [{"name": "a", "counts": {"bc5cdr": {"ner": 25}}}]},
         "a count of bc5cdr ner within its cap of 10", "25, 15 too many"),
        ({"cap": 10, "floors": {"bc5cdr": 25}},
         "a floor of bc5cdr within the 20 that the caps leave it", "25, 5 too many"),
        ({"task_caps": {"ner": 10, "re": 5}, "floors": {"bc5cdr": 25}},
         "a floor of bc5cdr within the 15 that the caps leave it", "25, 10 too many"),
        ({"caps": {"gsm8k": 10}, "task_floors": {"cot": 11}},
         "a floor of task cot within the 10 that the caps leave it", "11, 1 too many"),
        ({"task_caps": {"ner": 10}, "groups": [{"name": "a", "counts": {"bc5cdr": {"ner": 25}}}]},
         "counts of ner within its cap of 10", "25, 15 too many"),
        ({"caps": {"bc5cdr": 10}, "groups": [{"name": "a", "rows": 25, "select": {"datasets": ["bc5cdr"]}}]},
         "rows of group a within the 20 that the caps leave it", "25, 5 too many"),
        ({"rows": 100, "floors": {"bc5cdr": 60}, "task_floors": {"cot": 60}},
         "floors (bc5cdr 60 + task cot 60) within the 100 rows of the mix", "120, 20 too many"),
        ({"rows": 100, "task_floors": {"ner": 30}, "groups": [
            {"name": "a", "share": 0.5, "groups": [{"name": "b", "rows": 20, "select": {"tasks": ["ner"]}}]},
            {"name": "c"}]},
         "floors (task ner 30) within the 20 rows of group a/b", "30, 10 too many"),
        ({"rows": 100, "floors": {"gsm8k": 30}, "groups": [
            {"name": "a", "share": 0.2, "select": {"tags": ["general"]}}, {"name": "b", "share": 0.8}]},
         "floors (gsm8k 30) within the 20 rows of group a", "30, 10 too many"),
    ],
)  # fmt: skip
def test_a_contradiction_names_the_constraint_and_by_how_much(
    given: dict[str, Any], wanted: str, found: str
) -> None:
    assert one(**given)[:2] == (wanted, found)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"groups": [{"name": "a"}, {"name": "a"}]}, "groups with names of their own"),
        ({"max_epochs": 2}, "`on_shortage: repeat` where an instance may be used more than once"),
        (
            {"floors": {"bc5cdr": 5}, "groups": [{"name": "a", "select": {"tasks": ["cot"]}}]},
            "a group that takes bc5cdr, which has a floor",
        ),
        (
            {"groups": [{"name": "b"}, {"name": "a", "counts": {"bc5cdr": {"ner": 5}}}]},
            "bc5cdr ner, which it counts",
        ),
        (
            {
                "groups": [
                    {"name": "a", "select": {"tasks": ["cot"]}, "counts": {"bc5cdr": {"ner": 5}}}
                ]
            },
            "bc5cdr ner, which it counts",
        ),
        ({"groups": [{"name": "a"}, {"name": "b", "share": 0.5}]}, "something left for group b"),
        (
            {
                "groups": [
                    {
                        "name": "a",
                        "select": {"languages": ["en"]},
                        "balance": {"zh": 0.5, "en": 0.5},
                    }
                ]
            },
            "languages that group a/zh and those around it have in common",
        ),
        (
            {
                "groups": [
                    {
                        "name": "a",
                        "select": {"tasks": ["ner"]},
                        "groups": [{"name": "b", "select": {"tasks": ["cot"]}}],
                    }
                ]
            },
            "tasks that group a/b and those around it have in common",
        ),
        (
            {"splits": ["train", "validation"], "holdout": {"share": 0.1}},
            "a holdout or the split validation",
        ),
    ],
)
def test_settings_that_exclude_each_other_are_refused(given: dict[str, Any], wanted: str) -> None:
    assert one(**given)[0] == wanted


def test_all_faults_are_said_at_once() -> None:
    assert len(faults(caps={"bc5cd": 1, "gsm8": 1}, expand={"ner": {"x": 1.0}})) == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share: 0.5", "share: 1.5", "1.5"),
        ("share: 0.5", "shar: 0.5", "Did you mean 'share'"),
        ("share: 0.5", "weights: unimx", "Did you mean 'unimax'"),
        ("share: 0.5", "share: 0.6\n  - name: rest\n    share: 0.6", "shares that sum to 1 at most, found 1.2"),
        ("share: 0.5", "share: 0.5\n    rows: 3", "one number for the group tasks, found share and rows"),
        ("share: 0.5", "balance: {en: 0.7, zh: 0.7}", "a balance of tasks that sums to 1 at most, found 1.4"),
        ("share: 0.5", "weights: unimax\n    temperature: 3.0",
         "no temperature of tasks beside weights: unimax, which leaves nothing to weigh, found both"),
        ("share: 0.5", "counts: taiyi\n    size_cap: 3",
         "no size_cap of tasks beside counts, which leaves nothing to weigh, found both"),
        ("share: 0.5", "balance: {en: 1.0}\n    groups: [{name: x}]", "found balance and groups"),
        ("rows: 100", "rows: 100\ncaps: {a: 1}\nfloors: {a: 2}", "a floor of a not above its cap 1, found 2"),
        ("rows: 100", "task_caps: {ner: 1}\ntask_floors: {ner: 2}", "a floor of task ner not above its cap 1, found 2"),
    ],
)  # fmt: skip
def test_a_recipe_that_is_wrong_in_itself_is_one_message(old: str, new: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_text(YAML.replace(old, new), "toy.yaml", Recipe)

    (fault,) = error.value.faults
    assert said in str(fault)


SHIPPED = ("stage1", "stage2", "taiyi-stage1", "taiyi-stage2", "taiyi2", "tiny")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_recipes_hold(name: str) -> None:
    shipped = paths.bundled("registry")
    check_recipe(find_recipe(name, [shipped]), load_registry([shipped]))


def test_every_shipped_recipe_is_checked() -> None:
    folder = Path(paths.bundled("registry")) / "recipes"

    assert sorted(path.stem for path in folder.glob("*.yaml")) == sorted(SHIPPED)


def test_the_recipes_of_the_docs_hold(tmp_path: Path) -> None:
    shipped = paths.bundled("registry")
    page = Path(__file__).parents[2] / "docs" / "recipes-intro.md"
    blocks = re.findall(r"```yaml\n(name: .*?)```", page.read_text(encoding="utf-8"), re.DOTALL)

    assert len(blocks) == 2
    for block in blocks:
        file = tmp_path / "recipe.yaml"
        file.write_text(block, encoding="utf-8")
        check_recipe(find_recipe(str(file), [shipped]), load_registry([shipped]))


def test_the_recipes_of_the_paper_want_its_numbers() -> None:
    from taiyi_corpus.mix.groups import listed_counts, nodes

    shipped = paths.bundled("registry")
    registry = load_registry([shipped])
    wanted = listed_counts(nodes(find_recipe("taiyi-stage2", [shipped])), registry)
    released = {
        "other": 9_370, "NER": 73_270 - 1_017, "EE": 5_014, "TC": 77_963 - 193, "text pairs": 56_785, "MT": 74_113,
        "questions": 187_524, "dialogue": 26_391, "worked answers": 57_473,
    }  # fmt: skip

    assert {name: wanted[name] for name in released} == released
    assert wanted["RE"] == 43_885
    assert sum(wanted.values()) == 610_578
