"""`push`: a build, or one dataset in the one schema, to the Hugging Face Hub or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus.cli.downloads import bytes_shown
from taiyi_corpus.cli.options import Data, RegistryDirs, Workers
from taiyi_corpus.cli.progress import Bars
from taiyi_corpus.cli.voice import note, plural, say, table

if TYPE_CHECKING:
    from taiyi_corpus.publish.push import Pushed


def push(
    build: Annotated[
        Path | None,
        typer.Argument(
            metavar="[BUILD]",
            help="Folder of a finished build, or of several.",
            show_default=False,
        ),
    ] = None,
    repo: Annotated[
        str | None,
        typer.Option("--repo", metavar="ORG/NAME", help="Dataset repository of the Hub."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="URL", help="A folder or bucket: a path, file://, s3://, ..."),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option("--dataset", metavar="ID", help="One dataset in the one schema, no build."),
    ] = None,
    curate: Annotated[
        str | None,
        typer.Option(
            "--curate",
            metavar="RECIPE",
            help="Curate the dataset as this recipe does; else as released.",
        ),
    ] = None,
    stage: Annotated[
        list[int] | None,
        typer.Option(
            "--stage", metavar="N", help="Of several builds, only this stage; repeatable."
        ),
    ] = None,
    split: Annotated[
        list[str] | None,
        typer.Option("--split", metavar="SPLIT", help="Only this split; repeatable."),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            "--config",
            metavar="NAME",
            help="Name of the config; else stage<N> or the dataset's id.",
        ),
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Make the repository private; one there must be.")
    ] = False,
    revision: Annotated[
        str | None,
        typer.Option("--revision", metavar="BRANCH", help="Push to this branch; else main."),
    ] = None,
    tag: Annotated[
        str | None, typer.Option("--tag", metavar="TAG", help="Name the commit.")
    ] = None,
    only_redistributable: Annotated[
        bool,
        typer.Option(
            "--only-redistributable", help="Send the rows that may be passed on, and only these."
        ),
    ] = False,
    allow_pii: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-pii",
            metavar="ID",
            help="You looked at what was found in this dataset, and it names nobody; repeatable.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Check everything, list files and sizes, send nothing."),
    ] = False,
    data: Data = None,
    workers: Workers = 0,
    registry: RegistryDirs = None,
) -> None:
    """Publish a build on the Hugging Face Hub, or in a folder or bucket: shards, card, manifest, ledger, citations.

    Nothing leaves before licences, origin and texts are checked: what may not be passed on, samples, and what seems to
    name a person are refused. One commit; a second push of the same makes none. The login is that of `hf auth login`,
    or HF_TOKEN.

    \b
    Example:
      taiyi-corpus push out/stage1 --repo my-lab/biomedical-instructions --dry-run
      taiyi-corpus push out/stage1 --repo my-lab/biomedical-instructions --only-redistributable
      taiyi-corpus push --dataset bc5cdr --to ./published
    """
    from taiyi_corpus.api import push as pushed

    with Bars() as bars:
        done = pushed(
            build, dataset=dataset, curate=curate, repo=repo, to=to, private=private, revision=revision, tag=tag,
            config=config, stages=stage or (), splits=split or (), only_redistributable=only_redistributable,
            allow_pii=allow_pii or (), dry_run=dry_run, workers=workers, data=data,
            registry_dirs=registry or (), progress=bars,
        )  # fmt: skip
    for id_, why in done.left_out.items():
        note(f"left out: {id_} ({why})")
    _report(done, dry_run)


def _report(done: Pushed, dry_run: bool) -> None:
    if dry_run:
        table(
            ("file", "size"),
            ((file.path, bytes_shown(file.bytes)) for file in done.files),
            right=("size",),
            whole=("file",),
        )
        total = bytes_shown(sum(file.bytes for file in done.files))
        say(f"{plural(len(done.files), 'file')} and README.md, {total}; nothing was sent", "bold")
        return
    sizes = {file.path: file.bytes for file in done.files}
    if done.sent or done.removed:
        total = bytes_shown(sum(sizes[path] for path in done.sent))
        note(f"{len(done.sent):,} of {plural(len(sizes), 'file')} sent, {total}")
        for path in done.removed:
            note(f"removed {path}, which is out of date")
    else:
        note("nothing has changed, nothing was sent")
    say(done.url, "bold")
