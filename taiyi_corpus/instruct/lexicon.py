"""The concepts of a dataset by their names: which one a mention names, and which ones it is easily taken for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from taiyi_corpus import hashing
from taiyi_corpus.instruct.setting import Concept
from taiyi_corpus.instruct.similarity import alikeness, grams
from taiyi_corpus.schema.record import Entity

_JOINT = "\x1f"  # stands in no name of a data base and in no identifier
_COMMON = 400  # concepts that share a character pair, from which on it tells nothing
_LOOKED_AT = 50  # concepts with the most pairs in common, compared by name


def concept_key(entity: Entity) -> str:
    """Return what a mention names, data bases included; a composite one names several at once."""
    return _JOINT.join(f"{link.db}:{link.id}" for link in entity.links or [])


def parts_of(key: str) -> list[tuple[str, str]]:
    """Return (data base, identifier) of each concept of a key."""
    return [(part.partition(":")[0], part.partition(":")[2]) for part in key.split(_JOINT)]


class Lexicon:
    """Concepts, found by key and by likeness."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self._concepts = concepts
        self._of = {concept.key: concept for concept in concepts}
        self._with: dict[str, list[int]] = {}
        for number, concept in enumerate(concepts):
            for gram in set().union(*(grams(name) for name in concept.names)):
                self._with.setdefault(gram, []).append(number)

    def of(self, key: str) -> Concept | None:
        """Return the concept of a key, if a train record names it."""
        return self._of.get(key)

    def beside(
        self, right: Concept, mention: str, count: int, seed: int, draw: str
    ) -> list[Concept]:
        """Return wrong concepts to offer: half of them most like the mention, the others by hash.

        Of the same type as the right one while there are some, and none that shares an identifier with it.
        """
        own, spelt = set(parts_of(right.key)), mention.casefold()

        def is_wrong(concept: Concept) -> bool:
            # What goes by the very spelling that is asked about may be right as well.
            named = any(name.casefold() == spelt for name in concept.names)
            return not named and not own & set(parts_of(concept.key))

        hard = [c for c in self._like(mention) if c.type == right.type and is_wrong(c)]
        chosen = {concept.key: concept for concept in hard[: (count + 1) // 2]}
        # A few draws are enough: what they hit twice, or must not hit, is drawn again.
        for same_type in (True, False):
            for turn in range(20 * count):
                if len(chosen) >= count:
                    break
                concept = hashing.pick(self._concepts, seed, f"nen.other.{turn}", draw)
                if (concept.type == right.type or not same_type) and is_wrong(concept):
                    chosen.setdefault(concept.key, concept)
        return list(chosen.values())

    def _like(self, mention: str) -> list[Concept]:
        shared: Counter[int] = Counter()
        for gram in sorted(grams(mention)):
            found = self._with.get(gram, ())
            if len(found) <= _COMMON:
                shared.update(found)
        near = sorted(shared, key=lambda number: (-shared[number], number))[:_LOOKED_AT]

        def likeness(number: int) -> float:
            return max(alikeness(mention, name) for name in self._concepts[number].names)

        return [self._concepts[number] for number in sorted(near, key=lambda n: (-likeness(n), n))]
