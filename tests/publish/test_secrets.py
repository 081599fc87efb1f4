"""Tokens and keys are never shown, written or logged, whatever other libraries say."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.publish.secrets import said, without_secrets
from tests.publish.conftest import Hub, Push
from tests.publish.hub_site import TOKEN


@pytest.mark.parametrize(
    "trouble", ["POST /api/repos/create", "/refs", "PUT /_blob", "/preupload/", "/commit/"]
)
def test_a_server_that_repeats_the_login_gives_nothing_away(
    hub: Hub, push: Push, free: Path, trouble: str
) -> None:
    hub.ask("_trouble", {trouble: 0})
    try:
        answer = push(free, "--repo", f"lab/careless-{len(trouble)}")
    finally:
        hub.ask("_trouble", {})
    assert answer.code == 2
    assert "no luck with" in answer.err
    assert TOKEN not in answer.out + answer.err


def test_no_token_is_in_what_is_sent_or_logged(
    hub: Hub, push: Push, free: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert push(free, "--repo", "lab/silent").code == 0
    assert push(free, "--to", tmp_path / "out").code == 0
    assert caplog.records
    assert TOKEN not in caplog.text
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert written
    assert all(TOKEN.encode() not in path.read_bytes() for path in written)


def test_values_of_secret_variables_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    monkeypatch.setenv("HF_TOKEN", "a-token-of-another-form")
    text = "key wJalrXUtnFEMI, a-token-of-another-form, hf_abcdefgh123, ftp://jane:pw@host/x"
    assert without_secrets(text) == "key ..., ..., ..., ftp://...host/x"


def test_the_cause_of_an_error_is_said() -> None:
    error = RuntimeError("upload failed")
    error.__cause__ = OSError("disk on fire")
    assert said(error) == "upload failed: disk on fire"
