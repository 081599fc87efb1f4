"""The shipped templates have no faults, and the linter finds each fault there can be."""

from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.errors import Fault
from taiyi_corpus.instruct.answers import KINDS, equal, parse, render
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.lint import lint
from taiyi_corpus.instruct.slots import slots_of
from taiyi_corpus.instruct.template_file import TemplateFile
from taiyi_corpus.spec.strict import read_model

TEMPLATES = Path(__file__).parents[2] / "templates"
FILES = sorted(TEMPLATES.glob("*/*.yaml"))

NUMBERS = [f"number {i}" for i in range(1, 21)]

GOLD: dict[str, tuple[Any, list[str] | None]] = {
    "mentions": ([["gene", "abc1"], ["gene", "(def) 2, a"]], ["gene"]),
    "links": ([["abc1", "D12"], ["def2", None]], None),
    "tuples": ([{"type": "binds", "args": [["head", "abc1, x"], ["tail", "def2"]]}], ["binds"]),
    "events": (
        [{"type": "binding", "trigger": "binds", "args": [["Theme", "abc1 (x)"]]}],
        ["binding"],
    ),
    "clusters": ([["abc1, the gene", "it"], ["def2", "this gene"]], None),
    "labels": (["cause", "cure"], ["cure", "cause"]),
    "label": ("cure", ["cause", "cure"]),
    "text": ("A text.", None),
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_shipped_template_has_no_fault(file: Path) -> None:
    other = "zh" if file.parent.name == "en" else "en"
    twin = TEMPLATES / other / file.name
    assert "\n".join(map(str, lint(file, twin))) == ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_answer_in_the_words_of_a_template_reads_back(file: Path) -> None:
    template = read_model(file, TemplateFile)
    kind = KINDS[template.task]
    gold, options = GOLD[kind]
    for name, style in template.styles.items():
        answer = render(kind, name, gold, style.words, options)
        assert equal(kind, parse(kind, name, answer, style.words, options), gold)
        if kind not in ("label", "text"):
            nothing = render(kind, name, [], style.words, options)
            assert parse(kind, name, nothing, style.words, options) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_task_has_a_template(language: str) -> None:
    assert {file.stem for file in FILES if file.parent.name == language} == set(FORMS)


def good() -> str:
    """Return a file of the task coref, which has one form, without a fault."""
    wordings = "".join(
        f"    - |\n      Way {number}: group the mentions.\n\n      {{{{ text }}}}\n\n      {{{{ format }}}}\n"
        for number in NUMBERS
    )
    systems = "".join(f"  - |\n    You are annotator {number}.\n" for number in NUMBERS[:4])
    return (
        f"task: coref\nlanguage: en\nwordings:\n  clusters:\n{wordings}styles:\n  lines:\n    forms: [clusters]\n"
        '    format: |\n      One line a group, "a; b". If there is none, write "Nothing."\n'
        f'    words: {{item: "; ", empty: "Nothing."}}\nsystems:\n{systems}'
    )


def faults(folder: Path, text: str, language: str = "en", twin: str | None = None) -> list[Fault]:
    path = folder / language / "coref.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    if twin is None:
        return lint(path, None)
    other = folder / "zh" / "coref.yaml"
    other.parent.mkdir()
    other.write_text(twin, encoding="utf-8")
    return lint(path, other)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert faults(tmp_path, good()) == []


FORMAT = "\n      {{ format }}\n"  # X in the cases
LAST = "Way number 20: group the mentions."


ASK = "a text that places slots only"
CASES = {
    "unknown slot": (LAST, "Group {{ txt }}, 20.", "a slot of the form", "{{ txt }}", 120),
    "slot twice": (LAST, "Group {{ text }}, 20.", "{{ text }} once", "2 times", 120),
    "slot missing": ("\n      {{ text }}\nX", "\n      X", "{{ text }} once", "none", 120),
    "filter": (LAST, "Group {{ text | upper }}, 20.", ASK, "a filter expression", 120),
    "cue": (
        "X",
        "X      Go:\n",
        "a wording that ends with a sentence or a slot",
        "a cue to answer",
        120,
    ),
    "blanks": ("Way number 20", "Way  number 20", "one blank between words", "several", 120),
    "equal": ("Way number 20", "way NUMBER 19", "a text of its own", "that of line 114 again", 120),
    "escape": (LAST, LAST + "\\nGo.", "a line break", r"the two characters \n", 120),
    "full width": (LAST, "Group， 20.", "half-width punctuation in English", "'，'", 120),
    "trailing": (LAST, LAST + " ", "no blank at the end of a line", "one", 120),
    "style": ("  lines:\n", "  line:\n", "a style of clusters", "'line'", 126),
    "word": ("item:", "itm:", "the words of the style", "the word 'item' is missing", 130),
    "delimiter": ('"a; b"', '"a, b"', "the word 'item' as the answer has it, '; '", "none", 129),
    "empty": (
        'write "Nothing."',
        "write nothing.",
        "the sentence for nothing found, quoted: 'Nothing.'",
        "none",
        129,
    ),
    "long slot": (
        "One",
        "{{ text }} one",
        "a short slot of all forms of the style",
        "{{ text }}",
        129,
    ),
    "form of a style": ("[clusters]", "[groups]", "forms of the task", "'groups'", 127),
    "file name": ("task: coref", "task: tc", "the task that the file is named after", "'tc'", 1),
    "task": ("task: coref", "task: corf", "a task", "'corf'", 1),
    "folder": ("language: en", "language: zh", "the language of the folder 'en'", "'zh'", 2),
    "form": ("  clusters:", "  cluster:", "a form of the task", "'cluster'", 4),
    "equal systems": (
        "tor number 2",
        "tor number 1",
        "a text of its own",
        "that of line 133 again",
        135,
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted", "found", "line"), CASES.values(), ids=CASES)
def test_a_fault_is_found_where_it_is(
    tmp_path: Path, before: str, after: str, wanted: str, found: str, line: int
) -> None:
    before, after = before.replace("X", FORMAT), after.replace("X", FORMAT)
    head, found_it, tail = good().rpartition(before)
    assert found_it
    text = head + after + tail
    result = faults(tmp_path, text)
    assert (wanted, found, str(line)) in [
        (f.wanted, f.found, f.where.rsplit(":", 1)[1]) for f in result
    ]


def test_too_few_wordings_and_systems_are_faults(tmp_path: Path) -> None:
    head, sep, tail = good().partition("    - |\n      Way number 20")
    text = head + tail[tail.index("styles:") :]
    text = text[: text.index("  - |\n    You are annotator number 4.")]
    assert sep
    found = {(fault.wanted, fault.found) for fault in faults(tmp_path, text)}
    assert found == {("20 wordings or more", "19"), ("4 system texts or more", "3")}


@pytest.mark.parametrize("written", ["分组, 第二十种", "文本:{{ text }}", "（分组）?第二十种"])
def test_half_width_marks_between_chinese_are_faults(tmp_path: Path, written: str) -> None:
    text = good().replace("language: en", "language: zh").replace(LAST, written)
    wanted = {fault.wanted for fault in faults(tmp_path, text, language="zh")}
    assert "full-width punctuation between Chinese characters" in wanted


def test_faults_of_reading_are_passed_on(tmp_path: Path) -> None:
    found = "\n".join(map(str, faults(tmp_path, good().replace("systems:", "sytems:"))))
    assert "sytems" in found


def test_a_missing_twin_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "en" / "coref.yaml"
    path.parent.mkdir()
    path.write_text(good(), encoding="utf-8")
    [fault] = lint(path, tmp_path / "zh" / "coref.yaml")
    assert fault.found == "no such file"


def test_a_twin_with_another_style_is_a_fault(tmp_path: Path) -> None:
    more = "  json:\n    forms: [clusters]\n    format: |\n      JSON.\n    words: {}\nsystems:\n"
    [fault] = faults(tmp_path, good(), twin=good().replace("systems:\n", more))
    assert fault.found == "no json for clusters"


def test_slots_are_listed_with_repeats() -> None:
    assert slots_of('{{ a }}, {{b}} {"x": {"y": 1}} {{ a }}') == ["a", "b", "a"]


@pytest.mark.parametrize(
    "text", ["{% if a %}x{% endif %}", "{{ a.b }}", "{{ range }}", "{# a #}", "{{ a", "{{ 'a' }}"]
)
def test_more_than_slots_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        slots_of(text)


def test_a_format_may_differ_by_form(tmp_path: Path) -> None:
    text = (TEMPLATES / "en" / "tc.yaml").read_text(encoding="utf-8")
    (tmp_path / "en").mkdir()
    file = tmp_path / "en" / "tc.yaml"
    file.write_text(text.replace("      single: |\n", "      singel: |\n", 1), encoding="utf-8")
    found = [str(fault) for fault in lint(file, None)]
    assert any("wanted a format for the form single, found none" in fault for fault in found)
    assert any("Did you mean 'single'?" in fault for fault in found)
