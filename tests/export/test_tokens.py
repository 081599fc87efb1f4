"""Tokens: the decoded trained tokens are the answers, whatever the shape of the row; nothing is cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

pytest.importorskip("tokenizers")
from tokenizers import Tokenizer

from taiyi_corpus.errors import InputError
from taiyi_corpus.export.tokenizer import IGNORED, Encoder
from taiyi_corpus.export.tokens import PACKED, ROWS, TokenExport, export_tokens
from tests.export.toy_build import (
    CHATML,
    DIALOGUE,
    MARKED,
    SINGLE,
    TALKS,
    USER,
    row,
    rows,
    write_build,
    write_tokenizer,
)

THINKING = (  # leaves earlier thoughts out, so a conversation does not begin as it was asked
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if loop.last and m.role == 'assistant' %}"
    "{{ '<think></think>' }}{% endif %}{{ m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n<think></think>' }}{% endif %}"
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_build(tmp_path_factory.mktemp("toy") / "build", rows())


def answers(talk: list[tuple[str, str]]) -> list[str]:
    return [text for role, text in talk if role == "assistant"]


def trained(tokenizer: Tokenizer, labels: list[int]) -> list[str]:
    """The decoded stretches of labels that are not masked, without the marks of the template."""
    stretches: list[list[int]] = [[]]
    for label in labels:
        if label != IGNORED:
            stretches[-1].append(label)
        elif stretches[-1]:
            stretches.append([])
    return [tokenizer.decode(ids, skip_special_tokens=True) for ids in stretches if ids]


def read(out: Path, made: TokenExport) -> list[dict[str, Any]]:
    return [one for file in made.files for one in pq.read_table(out / file.path).to_pylist()]


@pytest.mark.parametrize("template", [CHATML, MARKED], ids=["found", "marked"])
def test_the_trained_tokens_are_the_answers(build: Path, tmp_path: Path, template: str) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer", template)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made = export_tokens(build, str(folder), tmp_path / "out", max_length=400)
    read_rows = {one["id"]: one for one in read(tmp_path / "out", made)}

    assert {id_: trained(tokenizer, one["labels"]) for id_, one in read_rows.items()} == {
        id_: answers(talk) for id_, talk in TALKS.items()
    }
    for one in read_rows.values():
        kept = [
            (a, b) for a, b in zip(one["input_ids"], one["labels"], strict=True) if b != IGNORED
        ]
        assert kept
        assert all(a == b for a, b in kept)


@pytest.mark.parametrize("template", [CHATML, MARKED], ids=["found", "marked"])
def test_the_end_of_an_answer_is_trained_and_what_follows_is_not(
    tmp_path: Path, template: str
) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer", template)
    end = Tokenizer.from_file(str(folder / "tokenizer.json")).token_to_id("<|im_end|>")
    ((_, labels),) = Encoder(folder).encode([[{"role": r, "content": t} for r, t in SINGLE]])

    assert labels[-1] == IGNORED  # the line break after the last mark
    assert labels[-2] == end


def test_the_text_is_that_of_the_template(tmp_path: Path) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    ((ids, _),) = Encoder(folder).encode([[{"role": r, "content": t} for r, t in DIALOGUE]])
    said = "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in DIALOGUE)

    assert tokenizer.decode(ids.tolist(), skip_special_tokens=False) == said


def test_a_tokenizer_that_marks_the_start_of_a_text_is_not_given_pieces(tmp_path: Path) -> None:
    from tokenizers import pre_tokenizers

    folder = write_tokenizer(tmp_path / "tokenizer")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    ((ids, labels),) = Encoder(folder).encode([[{"role": r, "content": t} for r, t in DIALOGUE]])

    assert len(ids) == len(labels)
    assert [text.strip() for text in trained(tokenizer, labels.tolist())] == answers(DIALOGUE)


def test_packed_sequences_hold_whole_rows_with_their_bounds(build: Path, tmp_path: Path) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer")
    plain = export_tokens(build, str(folder), tmp_path / "plain", max_length=400)
    whole = {one["id"]: one for one in read(tmp_path / "plain", plain)}
    made = export_tokens(build, str(folder), tmp_path / "out", max_length=400, pack=True)
    seen: list[str] = []
    for sequence in read(tmp_path / "out", made):
        start = 0
        assert sum(sequence["seq_lengths"]) == len(sequence["input_ids"]) <= 400
        for id_, size in zip(sequence["ids"], sequence["seq_lengths"], strict=True):
            end = start + size
            assert sequence["input_ids"][start:end] == whole[id_]["input_ids"]
            assert sequence["labels"][start:end] == whole[id_]["labels"]
            assert sequence["position_ids"][start:end] == list(range(size))
            seen.append(id_)
            start = end
    assert sorted(seen) == sorted(TALKS)


def test_many_rows_are_packed_98_percent_full(tmp_path: Path) -> None:
    given = [row(str(i), [(USER, "x" * (20 + 37 * i % 400)), SINGLE[1]]) for i in range(800)]
    folder = write_tokenizer(tmp_path / "tokenizer")
    build = write_build(tmp_path / "build", given)
    made = export_tokens(build, str(folder), tmp_path / "out", max_length=2048, pack=True)

    assert made.fill is not None
    assert made.fill >= 0.98
    assert made.rows == 800


def test_a_row_that_is_too_long_is_left_out_whole_and_in_the_ledger(
    build: Path, tmp_path: Path
) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer")
    made = export_tokens(build, str(folder), tmp_path / "out", max_length=80)
    ledger = pq.read_table(tmp_path / "out" / "ledger.parquet").to_pylist()
    long = {line["id"] for line in ledger}

    assert 0 < made.over_length == len(ledger) < 4
    assert long | {one["id"] for one in read(tmp_path / "out", made)} == set(TALKS)
    assert {(line["stage"], line["unit"], line["reason"]) for line in ledger} == {
        ("export", "instance", "over_length")
    }
    assert ledger[0]["detail"].endswith("tokens, 80 at most")


def test_lengths_are_counted_in_any_case(build: Path, tmp_path: Path) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer")
    made = export_tokens(build, str(folder), tmp_path / "out", max_length=80)

    assert sum(one.rows for one in made.lengths) == 4
    assert {one.task for one in made.lengths} == {"ner", "mrd", "qa_yesno", "mt"}


@pytest.mark.parametrize("pack", [False, True])
def test_the_bytes_are_those_of_any_number_of_workers(
    build: Path, tmp_path: Path, pack: bool
) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer")
    made = [
        export_tokens(build, str(folder), tmp_path / str(n), max_length=400, pack=pack, workers=n)
        for n in (1, 2)
    ]

    assert made[0] == made[1]
    schema = PACKED if pack else ROWS
    assert all(pq.read_schema(tmp_path / "1" / file.path) == schema for file in made[0].files)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (None, "a chat template"),
        ("{% for m in messages %", "line 1"),
        (THINKING, "mark answers by"),
        ("{{ raise_exception('no roles here') }}", "no roles here"),
        ("{{ messages.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_a_template_that_cannot_say_where_answers_are_is_refused(
    build: Path, tmp_path: Path, template: str | None, said: str
) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer", template)

    with pytest.raises(InputError, match=said):
        export_tokens(build, str(folder), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_tokenizer_that_is_not_there_is_named_with_what_to_do(
    build: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="hf download nobody/nothing"):
        export_tokens(build, "nobody/nothing", tmp_path / "out")
    with pytest.raises(InputError, match=r"no tokenizer\.json"):
        export_tokens(build, str(tmp_path), tmp_path / "out")


def test_no_length_makes_no_tokens(build: Path, tmp_path: Path) -> None:
    folder = write_tokenizer(tmp_path / "tokenizer")

    with pytest.raises(InputError, match="a number above 0"):
        export_tokens(build, str(folder), tmp_path / "out", max_length=0)
