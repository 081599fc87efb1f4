"""One instance, rendered: record + candidate -> messages, with everything needed to parse the answer back."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.ask import Ask, Candidate, Setting
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.instruct.wording import Style, TaskTemplates, task_templates
from taiyi_corpus.schema.record import Record


class Message(Struct, frozen=True, gc=False):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


class Instance(Struct, frozen=True, kw_only=True):
    """A rendered instance."""

    id: str
    messages: list[Message]
    task: str
    form: str
    instruction_language: str
    template: str  # "<language>/<task>.<form>.<n>": the n-th wording of its file
    style: str
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
        Refused: the candidate cannot be asked.
    """
    ask: Ask = TASK_MODULES[candidate.task].ask(record, candidate, setting)
    id_ = candidate.id(record.id, repeat)
    language, seed = setting.language(record), setting.seed
    templates = task_templates(candidate.task, language)
    used, answer = _answer(ask, candidate, templates, id_, seed, style)
    messages: list[Message] = []
    if FORMS[candidate.task][candidate.form].bare:
        drawn = hashing.hash64(seed, "system", id_) % len(templates.systems)
        number = drawn if wording is None else wording
        template = f"{language}/{candidate.task}.system.{number}"
        messages.append(Message("system", templates.systems[number]))
        messages += [Message(turn.role, turn.text) for turn in ask.turns or []]
    else:
        wordings = templates.wordings[candidate.form]
        drawn = hashing.hash64(seed, "wording", id_) % len(wordings)
        number = drawn if wording is None else wording
        template = f"{language}/{candidate.task}.{candidate.form}.{number}"
        if templates.systems and hashing.unit(seed, "system?", id_) < setting.recipe.systems:
            messages.append(Message("system", hashing.pick(templates.systems, seed, "system", id_)))
        slots = {
            **ask.slots,
            "format": used.format[candidate.form]({**ask.slots, **ask.plain}).strip(),
        }
        messages.append(Message("user", wordings[number](slots)))
    messages.append(Message("assistant", answer))
    return Instance(
        id=id_,
        messages=messages,
        task=candidate.task,
        form=candidate.form,
        instruction_language=language,
        template=template,
        style=used.name,
        options=ask.options,
        gold=ask.gold,
        ask=ask,
    )


def _answer(
    ask: Ask,
    candidate: Candidate,
    templates: TaskTemplates,
    id_: str,
    seed: int,
    first: str | None = None,
) -> tuple[Style, str]:
    """Return the style drawn and the answer in it; a style that the gold confuses gives way to the next."""
    kind = answers.KINDS[candidate.task]
    styles = templates.styles_of(candidate.form)
    if kind == "label" and candidate.task != "qa_choice":
        styles = [style for style in styles if not style.name.startswith("letter")]
    order = hashing.shuffled(styles, seed, "style", id_)
    if first is not None:
        order.sort(key=lambda style: style.name != first)
    # After the one drawn, those that any gold survives come last.
    order = order[:1] + sorted(order[1:], key=lambda style: style.name in ("json", "bare"))
    confused: answers.Confusable | None = None
    for style in order:
        try:
            text = answers.render(
                kind, style.name, ask.gold, style.words, ask.options, roles=ask.roles
            )
        except answers.Confusable as error:
            confused = error
            continue
        return style, text
    raise confused or ValueError(f"{candidate.task}.{candidate.form} has no style")


def parse_back(instance: Instance) -> bool:
    """Return whether the rendered answer parses back to the gold that was asked for."""
    kind = answers.KINDS[instance.task]
    style = task_templates(instance.task, instance.instruction_language).styles[instance.style]
    got = answers.parse(
        kind, style.name, instance.answer, style.words, instance.options, roles=instance.ask.roles
    )
    return answers.equal(kind, got, instance.gold)
