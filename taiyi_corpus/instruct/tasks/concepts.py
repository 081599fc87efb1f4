"""Normalisation: which concepts the mentions of a text name; by identifier, or among candidates on offer.

A concept is offered under the names that the train records of its dataset have for it, but never under the very
spelling that is asked about where there is another.
"""

from __future__ import annotations

import re

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting, listing
from taiyi_corpus.instruct.lexicon import Lexicon, concept_key, parts_of
from taiyi_corpus.instruct.setting import Concept
from taiyi_corpus.instruct.tasks.abbreviations import long_forms
from taiyi_corpus.instruct.tasks.mentions import mentions_of
from taiyi_corpus.instruct.windows import entity_places, opened, window_candidates
from taiyi_corpus.schema.record import Entity, Record

COLUMNS = ("text", "entities", "concepts", "sentence_bounds")
_NAMES_SHOWN = 3
_NAME = re.compile(r"[\u4e00-\u9fff]|[a-z]{3}.*[a-z]{3}")  # no code has Han characters or words
_DATABASES = {
    "MESH": "MeSH",
    "NCBIGene": "NCBI Gene",
    "NCBITaxon": "NCBI Taxonomy",
    "NCBI_Taxonomy": "NCBI Taxonomy",
    "SNOMED-CT|AMT": "SNOMED CT/AMT",
}


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return an instance a window with all its mentions, and at the stated rate some with one mention."""
    if record.text is None or not any(entity.links for entity in record.entities or []):
        return []
    forms = {"terms" if _by_name(record) else "mentions": 1.0}
    if setting.around.concepts:
        forms["candidates"] = 0.0
    return window_candidates(record, task, setting, entity_places, forms)


def _by_name(record: Record) -> bool:
    """Return whether concepts are told by their names ("膝关节肿物") and not by codes ("D003000")."""
    ids = [link.id for entity in record.entities or [] for link in entity.links or []]
    return all(_NAME.search(id_) for id_ in ids)


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    at = opened(record, candidate, setting, entity_places)
    linked = _linked(at.window.inside(mentions_of(record, setting)))
    language = setting.language(record)
    spelt = long_forms(record, setting)
    if candidate.form == "candidates":
        return _among(linked, at.text, at.key, at.k, setting, language, spelt)
    databases = list(
        dict.fromkeys(link.db for entity in linked.values() for link in entity.links or [])
    )
    gold = [[mention, _shown(concept_key(entity), databases)] for mention, entity in linked.items()]
    slots = {
        "text": at.text,
        "mentions": "\n".join(f"- {_spelt(mention, spelt, language)}" for mention in linked),
        "database": _named(databases, language),
    }
    return Ask(slots=slots, gold=gold)


def _shown(key: str, databases: list[str]) -> str:
    """Return a concept as an answer names it: without its data base where there is only one."""
    several = len(databases) > 1
    return "|".join(f"{db}:{id_}" if several else id_ for db, id_ in parts_of(key))


def _named(databases: list[str], language: str) -> str:
    names = [_DATABASES.get(database, database) for database in databases]
    if len(names) == 1:
        return names[0]
    last = "和" if language == "zh" else " and "
    return f"{listing(names[:-1], language)}{last}{names[-1]}"


def _linked(entities: list[Entity]) -> dict[str, Entity]:
    """Return mention -> the entity that says what it names; one string with two concepts is left out."""
    parts = {entity.part_of for entity in entities if entity.part_of is not None}
    found: dict[str, Entity] = {}
    ambiguous: set[str] = set()
    for entity in entities:
        if entity.links and entity.id not in parts:
            mention = entity.text.strip()
            if concept_key(found.setdefault(mention, entity)) != concept_key(entity):
                # The text alone cannot tell which is meant.
                ambiguous.add(mention)
    if not (told := {mention: e for mention, e in found.items() if mention not in ambiguous}):
        raise Refused("nothing_to_link", "no mention with one concept")
    return told


def _spelt(mention: str, spelt: dict[str, str], language: str) -> str:
    """Return a mention, with what it stands for where it is an abbreviation that the text explains."""
    if mention not in spelt:
        return mention
    return (
        f"{mention}（即{spelt[mention]}）"
        if language == "zh"
        else f"{mention} (short for {spelt[mention]})"
    )


def _among(linked: dict[str, Entity], text: str, key: str, k: int, setting: Setting, language: str,
           spelt: dict[str, str]) -> Ask:  # fmt: skip
    order = hashing.shuffled(list(linked), setting.seed, "nen.mention", key)
    if k >= len(order):
        raise Refused("labels_used_up", "every mention is asked for already")
    mention = order[k]
    lexicon: Lexicon = setting.kept.setdefault("lexicon", None) or Lexicon(setting.around.concepts)
    setting.kept["lexicon"] = lexicon
    right = lexicon.of(concept_key(linked[mention]))
    if right is None:
        raise Refused("concept_unnamed", f"no train record names what {mention!r} is")
    draw = f"{key}.{mention}"
    wrong = lexicon.beside(right, mention, setting.recipe.offered - 1, setting.seed, draw)
    if not wrong:
        raise Refused("concept_unnamed", "no other concept to offer")
    shown = hashing.shuffled([right, *wrong], setting.seed, "nen.order", draw)
    databases = list(dict.fromkeys(db for concept in shown for db, _ in parts_of(concept.key)))
    ids = [_shown(concept.key, databases) for concept in shown]
    lines = [_line(*pair, mention, language) for pair in zip(ids, shown, strict=True)]
    slots = {
        "text": text,
        "mention": _spelt(mention, spelt, language),
        "candidates": "\n".join(lines),
        "database": _named(databases, language),
    }
    return Ask(slots=slots, gold=[[mention, _shown(right.key, databases)]], options=ids)


def _line(id_: str, concept: Concept, mention: str, language: str) -> str:
    """Return a candidate; a code with some of its names, but never the spelling asked about where it has another."""
    if all(_NAME.search(part) for _, part in parts_of(concept.key)):
        return f"- {id_}"
    others = [name for name in concept.names if name.casefold() != mention.casefold()]
    colon, item = ("：", "；") if language == "zh" else (": ", "; ")
    return f"- {id_}{colon}{item.join((others or concept.names)[:_NAMES_SHOWN])}"
