"""What shapes the instances that a look at one dataset shows."""

from __future__ import annotations

from itertools import chain, islice

from taiyi_corpus.instruct.around import around
from taiyi_corpus.instruct.setting import Setting
from taiyi_corpus.normalise.split import Origin, read_split
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import Located
from taiyi_corpus.spec.recipe import Recipe

_LENDERS = 300  # first train records that lend names of concepts and answers


def setting_of(located: Located, origin: Origin, recipe: Recipe) -> Setting:
    """Return the setting of a dataset, with what its first train records lend to the others.

    Raises:
        SourceError: a file cannot be read as its format says.
    """
    spec = located.spec
    items = chain.from_iterable(
        read_split(located, split, origin) for split in located.splits if split == "train"
    )
    train = list(islice((item for item in items if isinstance(item, Record)), _LENDERS))
    return Setting(spec, recipe, around(train, Setting(spec, recipe), recipe.tasks_of(spec)))
