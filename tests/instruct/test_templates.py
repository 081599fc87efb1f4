"""The shipped templates have no faults, and the linter finds each fault there can be."""

import itertools
import re
from pathlib import Path

import pytest

from taiyi_corpus.errors import Fault
from taiyi_corpus.instruct.answers import KINDS
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.lint import lint
from taiyi_corpus.instruct.similarity import alikeness
from taiyi_corpus.instruct.slots import slots_of
from taiyi_corpus.instruct.template_file import TemplateFile
from taiyi_corpus.spec.strict import read_model

TEMPLATES = Path(__file__).parents[2] / "templates"
FILES = sorted(TEMPLATES.glob("*/*.yaml"))

NUMBERS = [f"number {i}" for i in range(1, 21)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_shipped_template_has_no_fault(file: Path) -> None:
    other = "zh" if file.parent.name == "en" else "en"
    twin = TEMPLATES / other / file.name
    assert "\n".join(map(str, lint(file, twin))) == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_task_has_a_template(language: str) -> None:
    assert {file.stem for file in FILES if file.parent.name == language} == set(FORMS)


BY_LANGUAGE = list(itertools.product(("en", "zh"), FORMS))


@pytest.mark.parametrize(("language", "task"), BY_LANGUAGE)
def test_a_task_has_twenty_wordings_that_differ(language: str, task: str) -> None:
    template = read_model(TEMPLATES / language / f"{task}.yaml", TemplateFile)
    lists = [*template.wordings.values()] or [template.systems]
    assert len(lists[0]) >= 20
    for texts in lists:
        bare = [re.sub(r"\{\{.*?\}\}", "", text) for text in texts]
        # A word changed, or two swapped, leaves a likeness of 0.9 and more.
        assert max(alikeness(a, b) for a, b in itertools.combinations(bare, 2)) < 0.7


@pytest.mark.parametrize(("language", "task"), BY_LANGUAGE)
def test_a_task_has_three_answer_styles_unless_its_answer_is_free_text(
    language: str, task: str
) -> None:
    template = read_model(TEMPLATES / language / f"{task}.yaml", TemplateFile)
    for form, spec in FORMS[task].items():
        styles = {name for name, style in template.styles.items() if form in style.forms}
        if spec.like is None:
            assert styles == {"bare"} if KINDS[task] == "text" else len(styles) >= 3


@pytest.mark.parametrize(("language", "task"), BY_LANGUAGE)
def test_each_text_style_has_a_sentence_for_nothing_found(language: str, task: str) -> None:
    template = read_model(TEMPLATES / language / f"{task}.yaml", TemplateFile)
    if KINDS[task] not in ("label", "text"):
        for name, style in template.styles.items():
            assert name == "json" or style.words["empty"]


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
    "slot missing": ("\n      {{ text }}\nX", "X", "{{ text }} once", "none", 120),
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
    "word": ('item: "; ", ', "", "the words of the style", "the word 'item' is missing", 130),
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
    "task": ("task: coref", "task: corf", "a task", "'corf'", 1),
    "folder": ("language: en", "language: zh", "the language of the folder 'en'", "'zh'", 2),
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
    assert [(f.wanted, f.found, f.where.rsplit(":", 1)[1]) for f in result] == [
        (wanted, found, str(line))
    ]


# A file that names something else than it is has further faults for that.
CONSEQUENT = {
    "form of a style": ("[clusters]", "[groups]", "forms of the task", "'groups'", 127),
    "file name": ("task: coref", "task: tc", "the task that the file is named after", "'tc'", 1),
    "form": ("  clusters:", "  cluster:", "a form of the task", "'cluster'", 4),
}


@pytest.mark.parametrize(
    ("before", "after", "wanted", "found", "line"), CONSEQUENT.values(), ids=CONSEQUENT
)
def test_a_wrong_name_is_found_beside_what_it_entails(
    tmp_path: Path, before: str, after: str, wanted: str, found: str, line: int
) -> None:
    result = faults(tmp_path, good().replace(before, after))
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


CHINESE = good().replace("language: en", "language: zh")


@pytest.mark.parametrize("mark", ",;:?!()")
def test_half_width_marks_between_chinese_are_faults(tmp_path: Path, mark: str) -> None:
    text = CHINESE.replace(LAST, f"分组{mark}第二十种")
    [fault] = faults(tmp_path, text, language="zh")
    assert fault.wanted == "full-width punctuation between Chinese characters"
    assert fault.found == repr(mark)


def test_full_width_marks_between_chinese_are_none(tmp_path: Path) -> None:
    text = CHINESE.replace(LAST, "（分组）：第二十种，逐一；可否？请！")
    assert faults(tmp_path, text, language="zh") == []


def test_answers_that_do_not_read_back_are_faults(tmp_path: Path) -> None:
    text = good().replace('"a; b"', '"a - b"').replace('item: "; "', 'item: " - "')
    [fault] = faults(tmp_path, text)
    assert fault.wanted == "an answer that reads back"
    assert fault.found == "'IL-2, the gene' holds the delimiter '-'"


def test_an_answer_for_nothing_found_that_does_not_read_back_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taiyi_corpus.instruct.answers.clusters.is_empty", lambda *_: False)
    [fault] = faults(tmp_path, good())
    assert fault.wanted == "the answer for nothing found that reads back"
    assert fault.found == "'Nothing.', read as [['Nothing.']]"


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
