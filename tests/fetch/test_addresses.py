"""Addresses as registries state them."""

from __future__ import annotations

import pytest

from taiyi_corpus.fetch.addresses import confirmed, direct, shown, title

DRIVE = "https://drive.usercontent.google.com/download?id=1AbC-_d&export=download&confirm=t"


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ("https://drive.google.com/file/d/1AbC-_d/view?usp=sharing", DRIVE),
        ("https://drive.google.com/uc?export=download&id=1AbC-_d", DRIVE),
        ("https://drive.google.com/u/0/uc?export=download&confirm=t&id=1AbC-_d", DRIVE),
        ("https://drive.google.com/open?id=1AbC-_d", DRIVE),
        ("https://zenodo.org/record/12/files/a.zip", "https://zenodo.org/records/12/files/a.zip?download=1"),
        ("https://zenodo.org/records/12", "https://zenodo.org/records/12/files/x%20y.zip?download=1"),
        ("https://github.com/o/r/blob/main/a.zip", "https://github.com/o/r/raw/main/a.zip"),
        ("https://www.dropbox.com/s/k/a.zip?dl=0", "https://www.dropbox.com/s/k/a.zip?dl=1"),
        ("https://example.org/a.zip?x=1", "https://example.org/a.zip?x=1"),
    ],
)  # fmt: skip
def test_pages_of_files_become_the_files(stated: str, wanted: str) -> None:
    assert direct(stated, "data/x y.zip") == wanted


PAGE = b"""<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
<form id="download-form" action="https://drive.usercontent.google.com/download" method="get">
<input type="submit" value="Download anyway"/><input type="hidden" name="id" value="1AbC">
<input type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="u-1"></form></body></html>"""


def test_the_question_of_google_drive_is_answered() -> None:
    answer = "https://drive.usercontent.google.com/download?id=1AbC&confirm=t&uuid=u-1"
    assert confirmed(PAGE, "https://drive.google.com/uc?id=1AbC") == answer


def test_no_other_site_is_answered() -> None:
    assert confirmed(PAGE, "https://example.org/uc?id=1AbC") is None
    assert confirmed(b"<html><p>Quota exceeded", "https://drive.google.com/uc?id=1") is None


def test_the_title_of_a_page() -> None:
    assert title(PAGE) == "Google Drive - Virus scan warning"
    assert title(b"<html>") == ""


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://me:pw@example.org/a", "https://example.org/a"),
        ("https://example.org/a?X-Amz-Signature=abc&b=1", "https://example.org/a?X-Amz-Signature=...&b=1"),
        ("https://example.org/a?token=abc", "https://example.org/a?token=..."),
        ("https://example.org/a?id=a%20b", "https://example.org/a?id=a%20b"),
    ],
)  # fmt: skip
def test_secrets_of_an_address_are_not_shown(url: str, wanted: str) -> None:
    assert shown(url) == wanted
