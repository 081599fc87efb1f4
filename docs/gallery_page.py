"""The gallery: one instance of each task in each language and style, made of the invented samples."""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus import paths
from taiyi_corpus.instruct.ask import Candidate, Refused, Setting
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.render import Instance, render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.instruct.template_file import LANGUAGES
from taiyi_corpus.instruct.wording import task_templates
from taiyi_corpus.normalise.split import read_split
from taiyi_corpus.review.asking import setting_of
from taiyi_corpus.review.check import ALL_FORMS
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import locate
from taiyi_corpus.spec.registry import Registry, load_registry

INTRO = """\
One instance of each task in each language and answer style. The texts are those of the bundled samples: invented, and
medical nonsense. Where a task has data in one language only, the other shows it with the instruction in that language
(`instruction_language` of a recipe). How a template is written: [templates.md](templates.md)."""
NAMES = {"en": "English", "zh": "Chinese"}
LONGEST = (
    1_500  # characters of an instance; one that is longer is passed over while there is another
)


def gallery() -> Iterator[str]:
    """Yield the blocks of the page."""
    registry = load_registry([paths.bundled("registry")])
    yield INTRO
    for task in FORMS:
        yield f"## {task}"
        for language in LANGUAGES:
            yield f"### {task}, {NAMES[language]}"
            for style in sorted(task_templates(task, language).styles):
                if (shown := _first(registry, task, language, style)) is not None:
                    yield from _block(shown)


def _first(registry: Registry, task: str, language: str, style: str) -> Instance | None:
    """Return the first instance of a style that is short enough, data of the language before other data."""
    ids = [
        id_ for id_ in sorted(registry) if task in registry[id_].tasks and registry.sample_dir(id_)
    ]
    ids.sort(key=lambda id_: registry[id_].language not in (language, "en-zh"))
    best: Instance | None = None
    for id_ in ids:
        for made in _of_dataset(registry, id_, task, language, style):
            size = sum(len(message.content) for message in made.messages)
            if size <= LONGEST:
                return made
            best = best or made
    return best


def _of_dataset(
    registry: Registry, id_: str, task: str, language: str, style: str
) -> Iterator[Instance]:
    located = locate(registry[id_], registry.sample_dir(id_))
    recipe = ALL_FORMS.model_copy(update={"instruction_language": language})
    setting: Setting = setting_of(located, "sample", recipe)
    for split in located.splits:
        for record in read_split(located, split, "sample"):
            if not isinstance(record, Record):
                continue
            for candidate in TASK_MODULES[task].candidates(record, task, setting):
                if made := _rendered(record, candidate, setting, style):
                    yield made


def _rendered(
    record: Record, candidate: Candidate, setting: Setting, style: str
) -> Instance | None:
    try:
        made = render(record, candidate, setting, style=style)
    except Refused:
        return None
    # An empty answer shows little, and another style than the one asked for shows nothing.
    return made if made.style == style and made.gold else None


def _block(made: Instance) -> Iterator[str]:
    yield f"**{made.style}** · `{made.template}` · `{made.id}`"
    said = "\n\n".join(f"[{message.role}]\n{message.content}" for message in made.messages)
    fence = "````" if "```" in said else "```"
    yield f"{fence}text\n{said}\n{fence}"
