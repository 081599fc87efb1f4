"""Registry files drafted from raw files: they load as they are, and pass `check` once the blanks are filled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.review.check import check
from taiyi_corpus.review.draft import FILL, draft
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.registry import load_registry
from taiyi_corpus.spec.strict import read_text

TSV = {
    "train.tsv": 'id\tsentence\tlabel\n1\tThe rash went away.\tmild\n2\t"Anaphylaxis was seen.\tsevere\n'
    "3\tNothing happened.\tnone\n4\tA headache followed.\tmild\n",
    "test.tsv": "id\tsentence\tlabel\n5\tShe fainted twice.\tsevere\n",
}
QA = [
    {
        "编号": 1,
        "问题": "高血压患者可以喝咖啡吗？",
        "答案": "血压控制稳定时可少量饮用，避免空腹和过浓。",
    },
    {
        "编号": 2,
        "问题": "孩子发烧38度要吃退烧药吗？",
        "答案": "精神状态好时可先物理降温，多喝水，密切观察。",
    },
]
MULTI = (
    "title,abstract,topics\nMasks,Masks lower transmission.,Prevention\n"
    "Fever,Fever was the first sign.,Diagnosis;Treatment\nDrugs,Two drugs were tried.,Treatment\n"
    "Tests,Antigen tests are fast.,Diagnosis;Prevention\n"
)
BRAT = {
    "train/a.txt": "Aspirin causes bleeding.\n",
    "train/a.ann": "T1\tDrug 0 7\tAspirin\nT2\tDisorder 15 23\tbleeding\nR1\tCauses Arg1:T1 Arg2:T2\n",
    "train/b.txt": "Nothing.\n",
    "train/b.ann": "",
    "dev/c.txt": "Zincol eases pain.\n",
    "dev/c.ann": "T1\tDrug 0 6\tZincol\nT2\tDisorder 13 17\tpain\nT3\tRelief 7 12\teases\nE1\tRelief:T3 Theme:T2\n",
}


def write(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
    return folder


def loaded(text: str) -> DatasetSpec:
    return read_text(text, "draft.yaml", DatasetSpec)


def passes(folder: Path, tmp_path: Path) -> DatasetSpec:
    """Draft, fill in the blanks with anything, and check."""
    made = draft([folder])
    loaded(made.text)
    registry_dir = tmp_path / "registry"
    registry_dir.mkdir()
    (registry_dir / f"{made.id}.yaml").write_text(
        made.text.replace(FILL, "filled"), encoding="utf-8"
    )
    registry = load_registry([registry_dir])
    result = check(registry, made.id, folder.parent)
    assert [str(fault) for fault in result.faults] == []
    assert result.records == registry[made.id].expect.records
    assert result.instances
    return registry[made.id]


def test_a_tsv_of_labelled_sentences(tmp_path: Path) -> None:
    spec = passes(write(tmp_path / "effects", TSV), tmp_path)
    assert (spec.id, spec.language, spec.tasks) == ("effects", "en", ["tc"])
    assert (spec.reader.format, spec.reader.options) == (
        "csv",
        {"delimiter": "\t", "quoting": "none"},
    )
    assert (spec.map.id, spec.map.text) == ("id", "sentence")
    assert sorted(spec.labels.classes) == ["mild", "none", "severe"]
    assert spec.splits["test"].benchmark == ["effects"]
    assert spec.expect.records == {"train": 4, "test": 1}


def test_chinese_questions_in_jsonl(tmp_path: Path) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in QA)
    spec = passes(write(tmp_path / "yiliao_qa", {"data.jsonl": lines}), tmp_path)
    assert (spec.language, spec.tasks, spec.reader.format) == ("zh", ["qa_sqa"], "jsonl")
    assert (spec.map.id, spec.map.question) == ("编号", "问题")
    assert spec.map.answers is not None
    assert spec.map.answers.text == "答案"


def test_a_csv_with_several_labels_a_row(tmp_path: Path) -> None:
    spec = passes(write(tmp_path / "topics", {"all.csv": MULTI}), tmp_path)
    assert (spec.tasks, spec.labels.multi) == (["tc"], True)
    assert spec.map.labels is not None
    assert (spec.map.text, spec.map.labels.path, spec.map.labels.split) == (
        "abstract",
        "topics",
        ";",
    )
    assert sorted(spec.labels.classes) == ["Diagnosis", "Prevention", "Treatment"]


def test_a_csv_with_one_column_a_label(tmp_path: Path) -> None:
    text = "text,fever,cough\nHot and coughing.,1,1\nWell.,0,0\nHot.,1,0\n"
    spec = passes(write(tmp_path / "ticks", {"all.csv": text}), tmp_path)
    assert (spec.tasks, spec.labels.multi) == (["tc"], True)
    assert spec.map.labels is not None
    assert spec.map.labels.columns == ["fever", "cough"]


def test_a_folder_of_brat_files(tmp_path: Path) -> None:
    spec = passes(write(tmp_path / "tiny", BRAT), tmp_path)
    assert (spec.tasks, spec.reader.format) == (["ner", "re", "ee"], "brat")
    assert spec.splits["train"].sources[0].files == ["train/*.ann", "train/*.txt"]
    assert set(spec.splits) == {"train", "validation"}
    assert spec.labels.relations["Causes"].args == {"Arg1": ["Drug"], "Arg2": ["Disorder"]}
    assert spec.labels.events["Relief"].roles == ["Theme"]


def test_options_to_choose_from(tmp_path: Path) -> None:
    rows = [
        {"question": "Which vitamin is water-soluble?", "A": "A", "B": "C", "answer": "B"},
        {"question": "Which organ makes insulin?", "A": "Pancreas", "B": "Liver", "answer": "A"},
    ]
    spec = passes(write(tmp_path / "exam", {"train.json": json.dumps({"data": rows})}), tmp_path)
    assert (spec.tasks, spec.reader.options) == (["qa_choice"], {"path": "data"})


def test_a_dialogue(tmp_path: Path) -> None:
    turns = [
        {"speaker": "患者", "text": "头晕三天了。"},
        {"speaker": "医生", "text": "测过血压吗？"},
    ]
    rows = json.dumps([{"id": 7, "dialog": turns}], ensure_ascii=False)
    spec = passes(write(tmp_path / "talks", {"train.json": rows}), tmp_path)
    assert spec.tasks == ["mrd"]
    assert spec.map.turns is not None
    assert spec.map.turns.roles == {"医生": "assistant", "患者": "user"}


def test_pairs_with_a_label(tmp_path: Path) -> None:
    text = "text1,text2,label\n感冒怎么办,感冒了吃什么药,1\n肚子疼,头疼,0\n咳嗽有痰,咳痰怎么治,1\n"
    spec = passes(write(tmp_path / "pairs", {"train.csv": text}, encoding="gb18030"), tmp_path)
    assert (spec.tasks, spec.reader.options) == (["tp_ss"], {"encoding": "gb18030"})
    assert spec.language == "zh"


def test_tokens_with_tags(tmp_path: Path) -> None:
    text = "Loss\tO\nof\tO\nBRCA1\tB-Gene\n\nNo\tO\ngene\tO\n\n"
    spec = passes(write(tmp_path / "genes", {"train.conll": text}), tmp_path)
    assert (spec.reader.format, spec.tasks) == ("conll", ["ner"])


def test_what_it_cannot_tell_is_said_and_the_draft_still_loads(tmp_path: Path) -> None:
    folder = write(tmp_path / "odd", {"x.csv": "1,2\n3,4\n"})
    made = draft([folder])
    assert loaded(made.text).tasks == []
    assert any("header" in text for text in made.unsure)
    assert any("columns" in text for text in made.unsure)
    assert all(f"# Not sure: {text}" in made.text for text in made.unsure)


def test_id_and_language_may_be_stated(tmp_path: Path) -> None:
    folder = write(tmp_path / "effects", TSV)
    made = draft([folder / "train.tsv", folder / "test.tsv"], id_="mine", language="zh")
    spec = loaded(made.text)
    assert (made.id, spec.id, spec.language) == ("mine", "mine", "zh")
    assert spec.splits["test"].sources[0].files == ["test.tsv"]


def test_labels_that_yaml_would_read_otherwise_are_quoted(tmp_path: Path) -> None:
    text = "text,label\nIt hurts.,yes\nIt does not.,no\nPerhaps.,01\nIt hurts again.,yes\n"
    spec = loaded(draft([write(tmp_path / "quoted", {"a.csv": text})]).text)
    assert sorted(spec.labels.classes) == ["01", "no", "yes"]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv"):
        draft([tmp_path / "gone.csv"])


def test_check_names_the_blanks_that_are_left(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "mine", {"a.csv": "id,sentence,label\n1,A rash came.,mild\n2,None.,none\n"}
    )
    registry_dir = tmp_path / "registry"
    registry_dir.mkdir()
    (registry_dir / "mine.yaml").write_text(draft([folder]).text, encoding="utf-8")
    faults = check(load_registry([registry_dir]), "mine", tmp_path).faults
    assert {fault.wanted for fault in faults} >= {"a value of 'name'", "a value of 'manual'"}
    assert {fault.found for fault in faults} == {FILL}


def test_ids_that_restart_in_each_split_are_ids(tmp_path: Path) -> None:
    rows = '{"qid": "q1", "question": "Can I drive?", "answer": "No."}\n'
    folder = write(tmp_path / "mine", {"train.jsonl": rows, "test.jsonl": rows})
    assert loaded(draft([folder]).text).map.id == "qid"
