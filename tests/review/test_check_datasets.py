"""check: what fails, what is counted, what is told."""

from __future__ import annotations

import pytest

from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.review.check import Checked, check
from tests.tiny import Tiny

HASHED = """\
  files:
    - url: https://example.org/train.tsv
      path: train.tsv
      sha256: {}
"""


def checked(tiny: Tiny, id_: str = "effects") -> Checked:
    return check(tiny.registry(), id_, tiny.data)


def make_complete(tiny: Tiny) -> None:
    digest = file_sha256(tiny.data / "effects" / "train.tsv")
    tiny.edit("registry/en/effects.yaml", "  manual: Ask Jane Doe.\n", HASHED.format(digest))


def test_a_good_dataset_reads_back_every_answer(tiny: Tiny) -> None:
    result = checked(tiny, "drugs")
    assert result.ok
    assert result.records == {"train": 2}
    assert result.instances == {"ner": 4, "re": 2}  # of one relation, all are one


def test_counts_of_a_complete_source_are_exact(tiny: Tiny) -> None:
    make_complete(tiny)
    assert checked(tiny).complete
    tiny.edit("registry/en/effects.yaml", "train: 3, test: 1", "train: 4, test: 1")
    (fault,) = checked(tiny).faults
    assert (fault.where, fault.wanted, fault.found) == ("effects/train", "4 records", "3")


def test_a_source_of_another_hash_is_not_complete(tiny: Tiny) -> None:
    make_complete(tiny)
    tiny.edit("data/effects/train.tsv", "s3\tA headache came.\tmild\n", "")
    result = checked(tiny)
    assert not result.complete
    assert result.ok


def test_a_declared_fault_that_a_complete_source_does_not_have_is_a_fault(tiny: Tiny) -> None:
    make_complete(tiny)
    tiny.edit(
        "registry/en/effects.yaml", "expect:\n",
        "known_faults:\n  - fault: label_unknown\n    count: {train: 2}\n    note: typed by hand\nexpect:\n",
    )  # fmt: skip
    (fault,) = checked(tiny).faults
    assert (fault.wanted, fault.found) == ("2 x label_unknown", "0")


def test_the_first_example_of_a_fault_is_one_of_its_split(tiny: Tiny) -> None:
    for split, old in (
        ("train", "s1\tThe rash went away.\tmild"),
        ("test", "s4\tIt itched.\tmild"),
    ):
        tiny.edit(f"data/effects/{split}.tsv", old, old.replace("mild", "awful"))
    hints = {fault.where: fault.hint for fault in checked(tiny).faults}
    assert "effects/train/s1: label_unknown: train.tsv:2" in hints["effects/train"]
    assert "effects/test/s4: label_unknown: test.tsv:2" in hints["effects/test"]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("format: csv", "format: cvs", "reader"),
        ('delimiter: "\\t"', 'delimitr: "\\t"', "delimit"),
    ],
)
def test_a_file_that_names_what_is_not_there_fails_before_anything_is_read(
    tiny: Tiny, old: str, new: str, wanted: str
) -> None:
    tiny.edit("registry/en/effects.yaml", old, new)
    result = checked(tiny)
    assert not result.ok
    assert result.records == {}
    assert wanted in str(result.faults[0])


def test_a_file_that_cannot_be_read_is_a_fault_of_the_check(tiny: Tiny) -> None:
    (tiny.data / "effects" / "train.tsv").write_bytes("id\tsentence\tlabel\nä".encode("latin-1"))
    result = checked(tiny)
    assert not result.ok
    assert "train.tsv" in result.faults[0].where


def test_an_absent_dataset_is_no_fault(tiny: Tiny) -> None:
    tiny.remove("effects")
    result = checked(tiny)
    assert (result.state, result.ok) == ("absent", True)


def test_a_sample_must_give_what_its_expected_file_says(tiny: Tiny) -> None:
    assert not check(tiny.registry(), "effects", tiny.data, samples=True).ok
    check(tiny.registry(), "effects", tiny.data, samples=True, accept=True)
    assert check(tiny.registry(), "effects", tiny.data, samples=True).ok
    tiny.edit("registry/samples/effects/test.tsv", "mild", "none")
    (fault,) = check(tiny.registry(), "effects", tiny.data, samples=True).faults
    assert "expected.yaml: last" in fault.where


# --- train and test -----------------------------------------------------------------------------

UNPROTECTED = "    benchmark: [effects]\n    unprotected: folds of a cross-validation\n"
SENTENCE = "A rash came on both of the arms and went away again."


def test_a_test_split_that_repeats_train_must_say_why(tiny: Tiny) -> None:
    tiny.edit("data/effects/test.tsv", "It itched.", SENTENCE)
    tiny.edit("data/effects/train.tsv", "The rash went away.", SENTENCE)
    make_complete(tiny)
    (fault,) = checked(tiny).faults
    assert fault.wanted == "a test split apart from `train`"
    assert fault.found == "1 of 3 records of `train` whose document or text is in it"
    tiny.edit("registry/en/effects.yaml", "    benchmark: [effects]\n", UNPROTECTED)
    assert checked(tiny).ok


def test_a_test_split_that_repeats_nothing_need_not_say_why(tiny: Tiny) -> None:
    make_complete(tiny)
    tiny.edit("registry/en/effects.yaml", "    benchmark: [effects]\n", UNPROTECTED)
    (fault,) = checked(tiny).faults
    assert fault.wanted == "no `unprotected` of a test split apart from `train`"
