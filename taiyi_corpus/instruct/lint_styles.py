"""Finds what is wrong with the styles of a template file: their words, their formats, and the answers they write."""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.errors import Fault, nearest
from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.answers import KINDS, ONE_TYPE, STYLES, faults_of_words
from taiyi_corpus.instruct.forms import Form
from taiyi_corpus.instruct.linted import Linted
from taiyi_corpus.instruct.slots import slots_of
from taiyi_corpus.instruct.template_file import StyleSpec
from taiyi_corpus.spec.yamltree import Loc

# What a prompt is about; a sentence on the format must not repeat it.
_LONG = frozenset(
    [
        "text",
        "context",
        "source",
        "question",
        "text_a",
        "text_b",
        "choices",
        "mentions",
        "candidates",
    ]
)
_NAMES_ONE = ("type", "relation", "event")  # slots that `{type}` in a word stands for
# For each kind an answer with marks that biomedical text is full of, and the labels shown.
_GOLD: dict[str, tuple[answers.Gold, list[str] | None]] = {
    "mentions": ([["gene", "IL-2"], ["gene", "(def) 2, a"]], ["gene"]),
    "links": ([["IL-2", "D12"], ["def 2", None]], None),
    "tuples": ([{"type": "binds", "args": [["head", "IL-2, x"], ["tail", "def"]]}], ["binds"]),
    "events": (
        [{"type": "binding", "trigger": "binds", "args": [["Theme", "IL-2 (x)"]]}],
        ["binding"],
    ),
    "clusters": ([["IL-2, the gene", "it"], ["def 2", "this gene"]], None),
    "labels": (["co-cause", "cure"], ["cure", "co-cause"]),
    "label": ("cure", ["cause", "cure"]),
    "text": ("A text.", None),
}


def style_faults(at: Linted) -> Iterator[Fault]:
    """Yield every fault of the styles of a file."""
    kind = KINDS[at.template.task]
    for name, style in at.template.styles.items():
        loc: Loc = ("styles", name)
        if name not in STYLES[kind]:
            yield at.fault(loc, f"a style of {kind}", repr(name), nearest(name, STYLES[kind]))
            continue
        problems = faults_of_words(kind, name, style.words)
        for problem in problems:
            yield at.fault((*loc, "words"), "the words of the style", problem)
        if not problems:
            yield from _read_back(at, (*loc, "words"), kind, name, style)
        yield from _forms(at, loc, kind, name, style)
    styled = {form for style in at.template.styles.values() for form in style.forms}
    for form in (name for name, spec in at.forms.items() if not spec.like):
        if form not in styled:
            yield at.fault(("styles",), f"a style for the form {form}", "none")


def _read_back(at: Linted, loc: Loc, kind: str, name: str, style: StyleSpec) -> Iterator[Fault]:
    """Write an answer, and one with nothing found, and read both."""
    full, options = _GOLD[kind]
    for gold in (full, []) if isinstance(full, list) else (full,):
        what = "an answer" if gold else "the answer for nothing found"
        try:
            text = answers.render(kind, name, gold, style.words, options)
            got = answers.parse(kind, name, text, style.words, options)
        except (answers.Confusable, answers.Unparsable) as error:
            yield at.fault(loc, f"{what} that reads back", error.reason)
            continue
        if not answers.equal(kind, got, gold):
            yield at.fault(loc, f"{what} that reads back", f"{text!r}, read as {got!r}")


def _forms(at: Linted, loc: Loc, kind: str, name: str, style: StyleSpec) -> Iterator[Fault]:
    """Check the forms of a style, and its format for each."""
    forms = [at.forms[form] for form in style.forms if form in at.forms]
    for form in style.forms:
        if form not in at.forms:
            hint = nearest(form, tuple(at.forms))
            yield at.fault((*loc, "forms"), "forms of the task", repr(form), hint)
    if not forms:
        yield at.fault((*loc, "forms"), "a form", "none")
    elif (kind, name) in ONE_TYPE and not all(_one(form) for form in forms):
        yield at.fault((*loc, "forms"), "forms that ask for one type", "one that asks for more")
    elif isinstance(style.format, str):
        yield from _format(at, (*loc, "format"), style, style.format, forms)
    else:
        for form in style.forms:
            if form not in style.format:
                yield at.fault((*loc, "format"), f"a format for the form {form}", "none")
        for form, text in style.format.items():
            here = (*loc, "format", form)
            if form in style.forms:
                yield from _format(at, here, style, text, [at.forms[form]])
            else:
                hint = nearest(form, tuple(style.forms))
                yield at.fault(here, "a form of the style", repr(form), hint)


def _format(
    at: Linted, loc: Loc, style: StyleSpec, text: str, forms: list[Form]
) -> Iterator[Fault]:
    """Check that a format places short slots only and quotes the words that answers are written with."""
    if not any("format" in form.slots for form in forms):
        if text:
            yield at.fault(loc, '"": no form of the style shows a format', "a text")
        return
    yield from at.prose(loc, text)
    try:
        slots = set(slots_of(text))
    except ValueError as error:
        yield at.fault(loc, "a text that places slots only", str(error))
        return
    known = set.intersection(*(set(form.slots) for form in forms)) - _LONG - {"format"}
    for slot in sorted(slots - known):
        hint = nearest(slot, sorted(known)) or "The forms of the style share no short slot."
        yield at.fault(loc, "a short slot of all forms of the style", f"{{{{ {slot} }}}}", hint)
    one = next((slot for slot in map(_one, forms) if slot), "type")
    unsaid = set.intersection(*(set(form.unsaid) for form in forms))
    for name, word in style.words.items():
        if name in unsaid:
            continue
        shown = word.replace("{type}", f"{{{{ {one} }}}}")
        if name == "empty":
            if not any(quoted in text for quoted in (f'"{shown}"', f"“{shown}”")):
                yield at.fault(loc, f"the sentence for nothing found, quoted: {shown!r}", "none")
        elif shown not in text:
            yield at.fault(loc, f"the word {name!r} as the answer has it, {shown!r}", "none")


def _one(form: Form) -> str | None:
    """Return the slot that names the one type a form asks for, if it asks for one."""
    return next((slot for slot in _NAMES_ONE if slot in form.slots), None)
