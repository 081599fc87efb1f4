"""What other records of a dataset lend to an instance: names of concepts, worked examples, answers to other questions.

Parts are surveyed one by one and the surveys put together, so the result depends on the records alone. Everything is
taken from train records that curating kept, and is bounded: what is over the bound is left out by hash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Refused
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.lexicon import concept_key
from taiyi_corpus.instruct.setting import Around, Concept, Setting
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.schema.record import Entity, Record

COLUMNS = ("document_ns", "document_id", "group")  # what tells documents apart
_CONCEPTS = 20_000
_NAMES = 8  # of a concept
_POOL = 5_000
_LONGEST_ANSWER = 2_000  # characters; a longer one leaves no room beside a question
_NO_EXAMPLES = frozenset({"mrd", "chat"})  # a dialogue is its own context


class Named(Struct):
    """How the mentions of one concept are spelt and typed, and how often."""

    names: Counter[str]
    types: Counter[str]
    preferred: Counter[str]


class Survey(Struct):
    """What one part of a dataset lends."""

    named: dict[str, Named]
    shots: dict[str, list[tuple[int, str, Record]]]  # "task.form" -> order, document, record
    pool: list[tuple[int, str, str]]  # order, question, answer


def wanted(setting: Setting, tasks: Sequence[str]) -> bool:
    """Return whether the instances of these tasks need anything of other records."""
    return (
        _names_wanted(setting, tasks)
        or _pool_wanted(setting, tasks)
        or setting.recipe.few_shot is not None
    )


def _names_wanted(setting: Setting, tasks: Sequence[str]) -> bool:
    return "nen" in tasks and setting.rate("nen", "candidates") > 0


def _pool_wanted(setting: Setting, tasks: Sequence[str]) -> bool:
    return "tp_ss" in tasks and setting.spec.negatives is not None


def document(record: Record) -> str:
    """Return the key of the document a record is from."""
    if record.document_id is not None:
        return f"{record.document_ns}:{record.document_id}"
    return record.group or record.id


def survey(records: Sequence[Record], setting: Setting, tasks: Sequence[str]) -> Survey:
    """Return what the records of one part lend; those of other splits than train lend nothing."""
    train = [record for record in records if record.split == "train"]
    made = Survey({}, {}, [])
    if _names_wanted(setting, tasks):
        for record in train:
            _add_names(made.named, record)
    if _pool_wanted(setting, tasks):
        made.pool = sorted(
            (
                hashing.hash64(setting.seed, "pool", record.id),
                record.question or "",
                answer.text.strip(),
            )
            for record in train
            for answer in (record.answers or [])[:1]
            if 0 < len(answer.text.strip()) <= _LONGEST_ANSWER
        )[:_POOL]
    if setting.recipe.few_shot is not None:
        made.shots = _examples(train, setting, tasks, setting.recipe.few_shot.k)
    return made


def together(surveys: Iterable[Survey], setting: Setting) -> Around:
    """Return what all parts of a dataset lend."""
    named: dict[str, Named] = {}
    pool: list[tuple[int, str, str]] = []
    shots: dict[str, list[tuple[int, str, Record]]] = {}
    for one in surveys:
        for key, found in one.named.items():
            known = named.setdefault(key, Named(Counter(), Counter(), Counter()))
            for name in ("names", "types", "preferred"):
                getattr(known, name).update(getattr(found, name))
        pool = sorted([*pool, *one.pool])[:_POOL]
        for form, examples in one.shots.items():
            shots.setdefault(form, []).extend(examples)
    few = setting.recipe.few_shot
    return Around(
        concepts=_concepts(named, setting),
        shots={form: _first(examples, few.k + 1) for form, examples in shots.items()}
        if few
        else {},
        pool=[(question, answer) for _, question, answer in pool],
    )


def around(records: Sequence[Record], setting: Setting, tasks: Sequence[str]) -> Around:
    """Return what records that are all at hand lend."""
    return (
        together([survey(records, setting, tasks)], setting) if wanted(setting, tasks) else Around()
    )


def _add_names(named: dict[str, Named], record: Record) -> None:
    parts = {entity.part_of for entity in record.entities or [] if entity.part_of is not None}
    for entity in record.entities or []:
        if entity.links and entity.id not in parts:
            found = named.setdefault(concept_key(entity), Named(Counter(), Counter(), Counter()))
            found.names[" ".join(entity.text.split())] += 1
            found.types[entity.type] += 1
    for concept in record.concepts or []:
        if concept.name and concept.links:
            key = concept_key(Entity(id="", type="", text="", links=concept.links))
            found = named.setdefault(key, Named(Counter(), Counter(), Counter()))
            found.preferred[concept.name] += 1
            found.types[concept.type] += 1


def _concepts(named: dict[str, Named], setting: Setting) -> list[Concept]:
    keys = sorted(named, key=lambda key: (hashing.hash64(setting.seed, "concept", key), key))[
        :_CONCEPTS
    ]
    made = []
    for key in sorted(keys):
        found = named[key]
        by_case: dict[str, str] = {}
        for name in [*_by_count(found.preferred), *_by_count(found.names)]:
            by_case.setdefault(name.casefold(), name)
        made.append(Concept(key, _by_count(found.types)[0], list(by_case.values())[:_NAMES]))
    return made


def _by_count(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda name: (-counted[name], name))


def _examples(
    train: list[Record], setting: Setting, tasks: Sequence[str], k: int
) -> dict[str, list[tuple[int, str, Record]]]:
    """Return for each form the hash-smallest records of different documents that can be asked and are short enough."""
    most = setting.recipe.max_tokens // (k + 1)
    order = sorted(
        (hashing.hash64(setting.seed, "few_shot", record.id), i) for i, record in enumerate(train)
    )
    found: dict[str, list[tuple[int, str, Record]]] = {}
    for task in tasks:
        if task in _NO_EXAMPLES:
            continue
        open_ = set(FORMS[task])
        for value, i in order:
            if not open_:
                break
            record = train[i]
            for candidate in TASK_MODULES[task].candidates(record, task, setting):
                if candidate.k or candidate.form not in open_:
                    continue
                name = f"{task}.{candidate.form}"
                have = found.setdefault(name, [])
                if any(known == document(record) for _, known, _ in have):
                    continue
                try:
                    ask = TASK_MODULES[task].ask(record, candidate, setting)
                except Refused:
                    continue
                texts = [
                    *ask.slots.values(),
                    *(turn.text for turn in ask.turns or []),
                    str(ask.gold),
                ]
                if sum(map(setting.tokens, texts)) > most:
                    continue
                have.append((value, document(record), record))
                if len(have) > k:
                    open_.discard(candidate.form)
    return found


def _first(examples: list[tuple[int, str, Record]], count: int) -> list[Record]:
    kept: dict[str, Record] = {}
    for _, key, record in sorted(examples, key=lambda example: (example[0], example[2].id)):
        if len(kept) < count:
            kept.setdefault(key, record)
    return list(kept.values())
