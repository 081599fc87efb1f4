"""Whether train and test of a dataset are apart, as its registry file says or does not say."""

from __future__ import annotations

from pathlib import Path

from taiyi_corpus.curate.curated import Batch
from taiyi_corpus.curate.part import CurateJob, curate_part
from taiyi_corpus.curate.twins import drop_twins
from taiyi_corpus.errors import Fault
from taiyi_corpus.normalise.store import Part, StoredDataset
from taiyi_corpus.sources.locate import Located, form
from taiyi_corpus.spec.curation import Curation

MANY = 0.1  # of `train`; fewer are accidents, which builds leave out


def not_apart(located: Located, dataset: StoredDataset, path: Path) -> list[Fault]:
    """Return the fault of a dataset whose train and test share many documents without a word, or none with one.

    Args:
        path: of its registry file.
    """
    test = form(located).splits.get("test")
    train = [part for part in dataset.parts if part.split == "train"]
    if test is None or not train:
        return []
    # A part of `train` tells: in folds, every part is in the test split.
    mine = _batch(located, train[0])
    drop_twins([mine], [_batch(located, part) for part in dataset.parts if part.split == "test"])
    shared, rows = len(mine.curated.drops), train[0].rows
    found = f"{shared:,} of {rows:,} records of `train` whose document or text is in it"
    if test.unprotected is None and shared > MANY * rows:
        hint = (
            "Builds leave these out. If the release is made so, say why: splits.test.unprotected."
        )
        return [Fault(str(path), "a test split apart from `train`", found, hint)]
    if test.unprotected is not None and not shared:
        return [Fault(str(path), "no `unprotected` of a test split apart from `train`", found)]
    return []


def _batch(located: Located, part: Part) -> Batch:
    return Batch(located.spec.id, curate_part(CurateJob(part, located.spec, Curation())))
