"""A registry of three invented datasets, their raw data and a bundled sample, written into a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.spec.registry import Registry, load_registry

HEAD = """\
id: {id}
name: {name}
language: en
tasks: [{tasks}]
about: Invented for tests.
homepage: https://example.org/{id}
citation:
  text: "Doe J (2025). Invented."
license:
  name: CC0-1.0
  says: its README
  redistributable: true
access: {access}
"""

EFFECTS = """\
source:
  manual: Ask Jane Doe.
reader:
  format: csv
  options: {delimiter: "\\t"}
splits:
  train:
    sources:
      - files: [train.tsv]
  test:
    sources:
      - files: [test.tsv]
    benchmark: [effects]
map:
  id: id
  text: sentence
  labels: {path: label}
labels:
  classes:
    none: {en: no side effect, zh: 无副作用}
    mild: {en: mild side effect, zh: 轻度副作用}
expect:
  records: {train: 3, test: 1}
"""

DRUGS = """\
source:
  files:
    - url: https://example.org/drugs.zip
      path: drugs.zip
reader:
  format: brat
splits:
  train:
    sources:
      - files: ["corpus/*.txt", "corpus/*.ann"]
labels:
  entities:
    Drug: {en: drug, zh: 药物}
    Disorder: {en: disorder, zh: 疾病}
  relations:
    Causes:
      en: drug causes disorder
      zh: 药物引起疾病
      args: {Arg1: [Drug], Arg2: [Disorder]}
  roles:
    Arg1: {en: drug, zh: 药物}
    Arg2: {en: disorder, zh: 疾病}
expect:
  records: {train: 2}
"""

QUESTIONS = """\
source:
  files:
    - url: https://example.org/questions.jsonl
      path: questions.jsonl
reader:
  format: jsonl
splits:
  train:
    sources:
      - files: [questions.jsonl]
  validation:
    sources:
      - files: [more.jsonl]
map:
  id: qid
  question: ask
  answers: {text: reply}
known_faults:
  - fault: row_malformed
    count: {train: 1}
    note: one line is cut off
"""

RECIPE = """\
name: {name}
about: For tests.
stage: {stage}
rows: 100
groups:
  - name: tasks
    share: 0.6
    select:
      tasks: [ner, re, tc]
  - name: questions
    share: 0.4
    select:
      tasks: [{questions}]
curate:
  filters: [answer_is_question]
"""

FILES = {
    "registry/en/effects.yaml": HEAD.format(id="effects", name="Effects", tasks="tc", access="open")
    + EFFECTS,
    "registry/en/drugs.yaml": HEAD.format(id="drugs", name="Drugs", tasks="ner, re", access="dua")
    + DRUGS,
    "registry/en/questions.yaml": HEAD.format(
        id="questions", name="Questions", tasks="qa_sqa", access="open"
    )
    + QUESTIONS,
    "registry/samples/effects/train.tsv": "id\tsentence\tlabel\nx1\tNothing happened.\tnone\n",
    "registry/samples/effects/test.tsv": "id\tsentence\tlabel\nx2\tA rash came.\tmild\n",
    "registry/recipes/stage1.yaml": RECIPE.format(name="stage1", stage=1, questions="qa_choice"),
    "registry/recipes/stage2.yaml": RECIPE.format(name="stage2", stage=2, questions="qa_sqa"),
    "registry/recipes/small-stage1.yaml": RECIPE.format(
        name="small-stage1", stage=1, questions="qa_sqa"
    ).replace("rows: 100", "rows: 4"),
    "data/effects/train.tsv": (
        "id\tsentence\tlabel\n"
        "s1\tThe rash went away.\tmild\n"
        "s2\tNothing was felt.\tnone\n"
        "s3\tA headache came.\tmild\n"
    ),
    "data/effects/test.tsv": "id\tsentence\tlabel\ns4\tIt itched.\tmild\n",
    "data/drugs/corpus/a.txt": "Aspirin can cause stomach bleeding.",
    "data/drugs/corpus/a.ann": (
        "T1\tDrug 0 7\tAspirin\nT2\tDisorder 18 34\tstomach bleeding\nR1\tCauses Arg1:T1 Arg2:T2\t\n"
    ),
    "data/drugs/corpus/b.txt": "Paracetamol rarely does.",
    "data/drugs/corpus/b.ann": "T1\tDrug 0 11\tParacetamol\n",
    "data/questions/questions.jsonl": (
        '{"qid": "q1", "ask": "May I halve a tablet?", "reply": "If it has a score line."}\n'
        '{"qid": "q2", "ask": "Is it safe?", "reply": "Is it safe?"}\n'
        '{"qid": "q3", "ask": \n'
        '{"qid": "q4", "ask": "Why?", "reply": " "}\n'
    ),
}


@dataclass(frozen=True)
class Tiny:
    """Where the tiny registry and its raw data lie."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def registry_dir(self) -> Path:
        return self.root / "registry"

    def registry(self) -> Registry:
        return load_registry([self.registry_dir])

    def remove(self, dataset: str) -> None:
        """Take the raw data of a dataset away."""
        for path in sorted((self.data / dataset).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    def remove_all(self) -> None:
        """Take all raw data away."""
        for dataset in ("effects", "drugs", "questions"):
            self.remove(dataset)

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file in one place."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is not one place of {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """The tiny registry in the place of the bundled one, its raw data as the default, a clean working folder."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shipped = paths.bundled

    def bundled(kind: str) -> Path:
        return tmp_path / "registry" if kind == "registry" else shipped(kind)  # type: ignore[arg-type]

    monkeypatch.setattr(paths, "bundled", bundled)
    monkeypatch.setenv(paths.DATA, str(tmp_path / "data"))
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return Tiny(tmp_path)
