"""Between the halves of a build: what the train records of each dataset lend to the instances of the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus.engine import Run
from taiyi_corpus.instruct.around import Survey, survey, together, wanted
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.candidates import columns_needed
from taiyi_corpus.mix.holdout import held_rows
from taiyi_corpus.normalise.store import Part, read_part
from taiyi_corpus.pipeline.gather import Gathered, Progress
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.spec.dataset import TaskId
from taiyi_corpus.spec.recipe import Recipe


class SurveyJob(Struct, frozen=True):
    """One part to survey."""

    part: Part
    keep: npt.NDArray[np.bool_]
    setting: Setting
    tasks: list[TaskId]


def survey_part(job: SurveyJob) -> Survey:
    """Return what the records of one part lend; those carved out for validation lend nothing."""
    keep = job.keep
    if job.setting.recipe.holdout is not None:
        keep = keep & ~held_rows(job.part, job.setting.recipe)
    table = read_part(job.part.path, columns_of(columns_needed(job.tasks)))
    return survey(from_table(table.filter(keep)), job.setting, job.tasks)


def lend(
    gathered: list[Gathered], recipe: Recipe, run: Run, progress: Progress
) -> dict[str, Setting]:
    """Return dataset -> what shapes its instances, with what its records lend where the recipe asks for that."""
    settings = {data.spec.id: Setting(data.spec, recipe) for data in gathered}
    jobs = [
        SurveyJob(part, curated.keep, settings[data.spec.id], data.tasks)
        for data in gathered
        if wanted(settings[data.spec.id], data.tasks)
        for part, curated in zip(data.parts, data.curated, strict=True)
        if part.split == "train"
    ]
    if not jobs:
        return settings
    surveys: dict[str, list[Survey]] = {}
    progress("survey", 0, len(jobs))
    for number, (job, made) in enumerate(zip(jobs, run(survey_part, jobs), strict=True), 1):
        surveys.setdefault(job.setting.spec.id, []).append(made)
        progress("survey", number, len(jobs))
    for id_, found in surveys.items():
        setting = settings[id_]
        settings[id_] = Setting(setting.spec, recipe, together(found, setting))
    return settings
