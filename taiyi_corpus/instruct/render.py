"""One instance, rendered: record + candidate -> messages, with everything needed to parse the answer back."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.instruct.budget import length
from taiyi_corpus.instruct.examples import examples
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.setting import of_task
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.instruct.wording import Fill, Style, filled, task_templates
from taiyi_corpus.schema.record import Record


class Message(Struct, frozen=True, gc=False):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


class Instance(Struct, frozen=True, kw_only=True, gc=False):
    """A rendered instance."""

    id: str
    messages: list[Message]
    tokens: int  # of the whole conversation
    task: str
    form: str
    instruction_language: str
    template: str  # "<language>/<task>.<form>.<n>": the n-th wording of that form in its file
    style: str
    drawn: str  # the style drawn; another than `style` where the gold confuses it
    options: list[str] | None
    gold: Any
    ask: Ask

    @property
    def answer(self) -> str:
        """Return the text a model is to write."""
        return self.messages[-1].content


def render(record: Record, candidate: Candidate, setting: Setting, repeat: int = 0, *, wording: int | None = None,
           style: str | None = None) -> Instance:  # fmt: skip
    """Return one instance; wording, style and options depend on the instance id and the seed alone.

    Args:
        wording: number of the wording (of a bare form: of the system text), instead of the one drawn.
        style: name of the answer style to try first, instead of the one drawn.

    Raises:
        Refused: the candidate cannot be asked, or is over the budget.
    """
    ask: Ask = TASK_MODULES[candidate.task].ask(record, candidate, setting)
    id_ = candidate.id(record.id, repeat)
    made = _in_words(record, candidate, ask, setting, id_, id_, wording, style)
    if repeat and made.tokens > setting.recipe.max_tokens:
        # The words of the first instance fit, or it would not have been chosen.
        made = _in_words(record, candidate, ask, setting, id_, candidate.id(record.id), None, None)
    if made.tokens > (most := setting.recipe.max_tokens):
        counted = f"{made.tokens} tokens with its answer, {most} at most"
        raise Refused("over_budget", counted)
    return made


def _in_words(record: Record, candidate: Candidate, ask: Ask, setting: Setting, id_: str, draw: str,
              wording: int | None, style: str | None) -> Instance:  # fmt: skip
    """Return a question and its answer in the words that `draw` draws."""
    task, seed, language = candidate.task, setting.seed, setting.language(record)
    ways = ways_of(task, ask.worded or candidate.form, language, setting)
    drawn = _drawn(ways, setting, draw, style)
    used, answer = _answer(ask, task, ways.styles, drawn)
    number = wording
    if number is None:
        number = hashing.hash64(seed, ways.purpose, draw) % ways.count
    system = None
    if ways.wordings is None:
        system, turns = ways.systems[number], ask.turns or []
        messages = [Message("system", system), *[Message(turn.role, turn.text) for turn in turns]]
    else:
        asked = filled(ask, ways.wordings[number], used.format[ways.form])
        messages = [Message("user", asked)]
        if (share := setting.recipe.systems) and hashing.unit(seed, "system?", draw) < share:
            system = hashing.pick(ways.systems, seed, "system", draw)
            messages.insert(0, Message("system", system))
    messages.append(Message("assistant", answer))
    tokens = length(setting, [message.content for message in messages])
    if setting.recipe.few_shot is not None:
        room = setting.recipe.max_tokens - tokens
        shown = examples(record, candidate, setting, draw, number, used, room)
        first = 0 if system is None else 1
        messages[first:first] = [Message(turn.role, turn.text) for turn in shown]
        tokens += length(setting, [turn.text for turn in shown])
    return Instance(
        id=id_,
        messages=messages,
        tokens=tokens,
        task=task,
        form=candidate.form,
        instruction_language=language,
        template=f"{ways.template}.{number}",
        style=used.name,
        drawn=drawn.name,
        options=ask.options,
        gold=ask.gold,
        ask=ask,
    )


class Ways(Struct, frozen=True):
    """In which words a form of a task can be asked in a language, as the recipe has it."""

    form: str
    styles: list[Style]  # all there are
    taken: list[Style]  # those the recipe takes
    wordings: list[Fill] | None  # None: a bare form, whose system texts are drawn
    systems: list[str]
    purpose: str  # of the draw
    count: int  # of what is drawn from
    template: str  # "<language>/<task>.<form>"


def ways_of(task: str, form: str, language: str, setting: Setting) -> Ways:
    """Return the words there are for a form of a task."""
    key = ("ways", task, form, language)
    ways: Ways | None = setting.kept.get(key)
    if ways is None:
        templates, made = task_templates(task, language), FORMS[task][form]
        styles = templates.styles_of(form)
        wordings = None if made.bare else templates.wordings[form]
        purpose, of = ("system", "system") if made.bare else ("wording", made.like or form)
        ways = setting.kept[key] = Ways(
            form, styles, _taken(styles, task, setting), wordings, templates.systems, purpose,
            len(templates.systems if wordings is None else wordings), f"{language}/{task}.{of}",
        )  # fmt: skip
    return ways


def _drawn(ways: Ways, setting: Setting, id_: str, first: str | None) -> Style:
    """Return the style an instance is to be answered in, of those the recipe takes."""
    styles = ways.taken
    if first is not None:
        styles = [style for style in ways.styles if style.name == first] or styles
    return styles[0] if len(styles) == 1 else hashing.pick(styles, setting.seed, "style", id_)


def _taken(styles: list[Style], task: str, setting: Setting) -> list[Style]:
    # Only choices are shown with letters.
    able = [style for style in styles if task == "qa_choice" or not _lettered(style)]
    only = of_task(setting.recipe.styles, task, ())
    return [style for style in able if style.name in only] or able


def _lettered(style: Style) -> bool:
    return style.name.startswith("letter")


def _answer(ask: Ask, task: str, styles: list[Style], drawn: Style) -> tuple[Style, str]:
    """Return the answer in the style drawn; one that the gold confuses gives way, to json or bare at the latest."""
    kind = answers.KINDS[task]
    try:
        return drawn, answers.render(
            kind, drawn.name, ask.gold, drawn.words, ask.options, roles=ask.roles
        )
    except answers.Confusable as error:
        confused = error
    for style in sorted(styles, key=lambda style: style.name in ("json", "bare")):
        if style is not drawn and (task == "qa_choice" or not _lettered(style)):
            try:
                return style, answers.render(
                    kind, style.name, ask.gold, style.words, ask.options, roles=ask.roles
                )
            except answers.Confusable as error:
                confused = error
    raise confused


def parse_back(instance: Instance) -> bool:
    """Return whether the rendered answer parses back to the gold that was asked for."""
    got = parse(instance, instance.answer)
    return answers.equal(answers.KINDS[instance.task], got, instance.gold)


def parse(instance: Instance, text: str) -> Any:
    """Return the structured answer that a text gives to an instance; raises `answers.Unparsable` if it gives none."""
    style = task_templates(instance.task, instance.instruction_language).styles[instance.style]
    kind = answers.KINDS[instance.task]
    return answers.parse(
        kind, style.name, text, style.words, instance.options, roles=instance.ask.roles
    )
