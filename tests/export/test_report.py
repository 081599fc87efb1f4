"""report.html: every part is there, nothing is asked of the network, and a browser shows it without a complaint."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib")
pytest.importorskip("squarify")

from taiyi_corpus.export.lengths import Lengths
from taiyi_corpus.export.manifest import read_manifest
from taiyi_corpus.export.report.facts import facts_of, top
from taiyi_corpus.export.report.page import write_report
from tests.export.toy_build import SINGLE, USER, row, rows, write_build
from tests.toys import dataset

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SPECS = {id_: dataset(id_) for id_ in ("toy", "clinic", "pairs")}
HOSTILE = '</script><script>console.error("x")</script><img src=x onerror=alert(1)>'
CURATION = {"shared": {"toy": {"clinic": 3}, "clinic": {"toy": 3}}, "leaks": {"toy": {"bench": 2}}}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lengths = Lengths("ner", "en")
    for tokens in (90, 400, 5000):
        lengths.add(tokens)
    hostile = row(
        "hostile",
        [(USER, HOSTILE), SINGLE[1]],
        task="tc",
        gold='["<b>bold</b>"]',
        template="zh/tc.single.0",
    )
    classes = row("classes", SINGLE, task="tc", gold='["甲类", "乙类"]', template="zh/tc.single.4")
    folder = tmp_path_factory.mktemp("report") / "build"
    return write_build(folder, [*rows(), hostile, classes], lengths=[lengths], curation=CURATION)


@pytest.fixture(scope="module")
def report(build: Path) -> Path:
    return write_report(build, read_manifest(build), SPECS)


def test_it_has_every_part(report: Path) -> None:
    html = report.read_text(encoding="utf-8")

    for part in ("composition", "funnel", "lengths", "overlap", "labels", "templates", "samples"):
        assert f'<section id="{part}">' in html
    for name in ("treemap", "funnel", "lengths", "shared", "leaks", "labels", "templates"):
        assert f'id="{name}-figure_1"' in html, name


def test_it_asks_nothing_of_the_network(report: Path) -> None:
    html = report.read_text(encoding="utf-8")
    names = re.findall(r"https?://[^\s\"'<)]+", html)

    # Names of XML languages are addresses that nobody opens.
    assert {name for name in names if not name.startswith("http://www.w3.org/")} == set()
    assert "default-src 'none'" in html
    assert not re.search(r"<(link|script|img)[^>]+(src|href)=\"(?!data:)", html)


def test_a_hostile_text_stays_text(report: Path) -> None:
    html = report.read_text(encoding="utf-8")
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', html, re.DOTALL)

    assert data is not None
    samples: list[dict[str, Any]] = json.loads(data[1])
    assert HOSTILE in [message["content"] for one in samples for message in one["messages"]]
    assert "<b>bold</b>" not in html


def test_the_same_build_gives_the_same_bytes(build: Path, report: Path) -> None:
    before = report.read_bytes()
    write_report(build, read_manifest(build), SPECS)

    assert report.read_bytes() == before


def test_counts_are_those_of_the_build(build: Path) -> None:
    facts = facts_of(build, read_manifest(build))

    assert sum(n for _, _, _, n in facts.parts) == facts.funnel["rows of the mix"] == 6
    assert facts.labels["toy tc"] == {"<b>bold</b>": 1, "甲类": 1, "乙类": 1}
    assert facts.labels["toy ner"] == {"drug": 1}
    assert facts.templates["zh/tc.single"] == {0: 1, 4: 1}
    assert len(facts.samples) == 6


def test_one_sample_of_each_dataset_and_task_comes_before_the_second_of_any(build: Path) -> None:
    facts = facts_of(build, read_manifest(build))
    kinds = [(one["dataset"], one["task"]) for one in facts.samples]

    assert len(set(kinds[:5])) == 5 == len(set(kinds))
    assert all("turn" not in one for one in facts.samples)


@pytest.mark.parametrize(
    ("task", "gold", "marks"),
    [
        ("ner", [["drug", "Aspirin"]], [("drug", "Aspirin")]),
        ("nen", [["Aspirin", "MESH:D001241"]], [("mention", "Aspirin")]),
        ("re", [{"type": "treats", "args": [["drug", "Aspirin"], ["disease", "pain"]]}],
         [("drug", "Aspirin"), ("disease", "pain")]),
        ("ee", [{"type": "binding", "trigger": "binds", "args": [["theme", "p53"]]},
                {"type": "loss", "trigger": None, "args": [["theme", "p53"]]}],
         [("binding", "binds"), ("theme", "p53")]),
        ("coref", [["it", "p53"], ["they"]], [("group 1", "it"), ("group 1", "p53"), ("group 2", "they")]),
        ("qa_sqa", "Aspirin", []),
    ],
)  # fmt: skip
def test_what_an_answer_names_is_marked_in_the_text(
    tmp_path: Path, task: str, gold: Any, marks: list[tuple[str, str]]
) -> None:
    folder = write_build(tmp_path / "build", [row("one", SINGLE, task=task, gold=json.dumps(gold))])

    (sample,) = facts_of(folder, read_manifest(folder)).samples
    assert sample["marks"] == marks


def test_abbreviations_are_listed_with_what_they_stand_for(report: Path, tmp_path: Path) -> None:
    assert 'id="abbreviations"' not in report.read_text(encoding="utf-8")

    gold = '[["TNF", "tumour necrosis factor"], ["ER", "<b>oestrogen</b> receptor"]]'
    asked = [
        row(f"a{n}", SINGLE, task="abbreviation", gold=gold, template="en/abbreviation.all_pairs.0")
        for n in range(2)
    ]
    folder = write_build(tmp_path / "build", asked)
    found = facts_of(folder, read_manifest(folder)).abbreviations
    assert found[("TNF", "tumour necrosis factor")] == 2
    html = write_report(folder, read_manifest(folder), SPECS).read_text(encoding="utf-8")
    assert '<section id="abbreviations">' in html
    assert "tumour necrosis factor" in html and "<b>oestrogen" not in html


def test_rare_labels_are_shown_together() -> None:
    shown = top({f"l{i:02}": 100 - i for i in range(15)})

    assert (len(shown), shown[0], shown[-1]) == (13, ("l00", 100), ("3 more", 88 + 87 + 86))


def test_a_build_of_nothing_has_a_report_too(tmp_path: Path) -> None:
    folder = write_build(tmp_path / "build", [], counts=[], lengths=[])

    assert write_report(folder, read_manifest(folder), SPECS).stat().st_size > 1000


# --- in a browser -----------------------------------------------------------------------------------------------------

PROBE = """<script>
window.addEventListener("load", () => {
  const seen = {cards: document.querySelectorAll(".card").length, marks: document.querySelectorAll("mark").length,
    scheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    ink: getComputedStyle(document.body).color, wide: document.documentElement.scrollWidth <= innerWidth};
  const task = document.getElementById("by-task");
  task.value = "mrd"; task.dispatchEvent(new Event("input"));
  seen.filtered = document.querySelectorAll(".card").length;
  document.title = "seen:" + JSON.stringify(seen);
});
</script>"""


def browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium")
    return found


def look(
    page: Path, scheme: str, tmp_path: Path, *flags: str, width: int = 1280
) -> subprocess.CompletedProcess[str]:
    """Open a page in a browser of its own: a profile below `tmp_path`, no network."""
    preferred = {"light": 1, "dark": 0}[scheme]
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [
        browser(), "--headless=new", *sandbox, "--disable-gpu", "--hide-scrollbars", f"--window-size={width},5200",
        f"--user-data-dir={tmp_path / scheme}", f"--blink-settings=preferredColorScheme={preferred}",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--virtual-time-budget=4000", *flags,
        page.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_a_browser_shows_it(report: Path, tmp_path: Path, scheme: str, width: int) -> None:
    shot = tmp_path / f"{scheme}.png"
    seen = look(report, scheme, tmp_path, f"--screenshot={shot}", width=width)

    assert [line for line in seen.stderr.splitlines() if ":CONSOLE" in line] == []
    assert struct.unpack(">II", shot.read_bytes()[16:24]) == (width, 5200)
    assert shot.stat().st_size > 50_000  # a blank page is a few kilobytes


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 800)])
def test_its_samples_are_filtered_and_its_mentions_marked(
    report: Path, tmp_path: Path, scheme: str, width: int
) -> None:
    probed = tmp_path / "probed.html"
    text = report.read_text(encoding="utf-8")
    probed.write_text(text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    dumped = look(probed, scheme, tmp_path, "--dump-dom", width=width)

    title = re.search(r"<title>seen:(.*?)</title>", dumped.stdout)
    assert title is not None
    seen = json.loads(title[1])
    assert (seen["cards"], seen["filtered"], seen["scheme"], seen["wide"]) == (6, 1, scheme, True)
    assert seen["marks"] >= 2  # the mention, and its type in the key
    assert seen["ink"] == {"light": "rgb(29, 36, 48)", "dark": "rgb(230, 233, 238)"}[scheme]


@pytest.mark.browser
def test_the_probe_would_see_an_error(report: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    text = report.read_text(encoding="utf-8")
    broken.write_text(
        text.replace("</body>", "<script>nothing()</script></body>"), encoding="utf-8"
    )

    assert ":CONSOLE" in look(broken, "light", tmp_path, "--dump-dom").stderr
