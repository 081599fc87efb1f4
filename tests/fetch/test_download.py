"""Downloads against a server that misbehaves: the right bytes, or a clear word and nothing."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError, SourceError
from taiyi_corpus.fetch import addresses
from taiyi_corpus.fetch.blobs import Blob
from taiyi_corpus.fetch.download import Line, download
from taiyi_corpus.fetch.partial import Known
from taiyi_corpus.fetch.transfer import Stopped
from taiyi_corpus.spec.dataset import SourceFile

from .site import Served, Site

BODY = random.Random(7).randbytes(700_000)
SHA = hashlib.sha256(BODY).hexdigest()
RIGHT = Known(SHA, len(BODY))
NOTHING = Known()


def get(
    line: Line, url: str, known: Known = NOTHING, path: str = "x.bin", mirrors: tuple[str, ...] = ()
) -> Blob:
    file = SourceFile(url=url, path=path, mirrors=list(mirrors))
    return download(line, file, known, f"d/{path}", lambda done, total: None)


def failure(line: Line, url: str, known: Known = NOTHING, path: str = "x.bin") -> str:
    with pytest.raises(SourceError) as caught:
        get(line, url, known, path)
    assert in_cache(line) == []
    return str(caught.value)


def in_cache(line: Line) -> list[Path]:
    root = line.blobs.path("0" * 64).parents[1]
    return [path for path in root.rglob("*") if path.is_file()]


def nothing_wrong_in(line: Line) -> bool:
    return all(hashlib.sha256(p.read_bytes()).hexdigest() == p.name for p in in_cache(line))


# --- the good case ----------------------------------------------------------------------------


@pytest.mark.parametrize("known", [RIGHT, NOTHING, Known(size=len(BODY)), Known(sha256=SHA)])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_file_comes_whole(line: Line, server: Site, known: Known, framing: str) -> None:
    url = server.put("/x.bin", Served(BODY, framing=framing))
    blob = get(line, url, known)
    assert blob == Blob(SHA, len(BODY))
    assert line.blobs.path(SHA).read_bytes() == BODY


def test_a_file_in_the_cache_is_not_asked_for_again(line: Line, server: Site) -> None:
    url = server.put("/x.bin", BODY)
    assert get(line, url) == get(line, url) == get(line, "http://127.0.0.1:1/other", RIGHT)
    assert len(server.requests) == 1


def test_a_damaged_file_in_the_cache_is_replaced(line: Line, server: Site) -> None:
    url = server.put("/x.bin", BODY)
    get(line, url)
    stored = line.blobs.path(SHA)
    stored.chmod(0o644)
    stored.write_bytes(BODY[:-1] + b"?")
    get(line, url)
    assert stored.read_bytes() == BODY


def test_an_empty_file_is_a_file(line: Line, server: Site) -> None:
    assert get(line, server.put("/x.bin", b"")).size == 0


# --- interruptions ----------------------------------------------------------------------------


@pytest.mark.parametrize("ranges", [True, False])
def test_a_cut_download_goes_on_in_the_same_run(line: Line, server: Site, ranges: bool) -> None:
    url = server.put("/x.bin", Served(BODY, ranges=ranges, cuts=[100_000, 300_000]))
    assert get(line, url, RIGHT).sha256 == SHA
    assert [asked is not None for _, asked in server.requests] == [False, True, True]


def test_a_stalled_download_goes_on(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, stalls=[50_000]))
    assert get(line, url, RIGHT).sha256 == SHA
    assert [asked for _, asked in server.requests] == [None, "bytes=50000-"]


def test_two_hundred_interrupted_downloads_end_with_the_right_bytes(
    line: Line, server: Site
) -> None:
    line.patience = type(line.patience)(attempts=1, stall=5, first_wait=0)
    chance = random.Random(200)
    continued = 0
    for number in range(200):
        body = chance.randbytes(chance.randrange(1, 120_000))
        sha = hashlib.sha256(body).hexdigest()
        served = Served(
            body,
            ranges=chance.random() < 0.8,
            etag=chance.choice(['"a"', 'W/"a"', None]),
            framing=chance.choice(["length", "chunked"]),
            cuts=[chance.randrange(len(body)), 0],  # and nothing at all when asked again
        )
        url = server.put(f"/{number}", served)
        known = chance.choice([Known(sha, len(body)), Known(sha), NOTHING])
        with pytest.raises(SourceError):
            get(line, url, known)
        assert in_cache(line) == []
        assert get(line, url, known) == Blob(sha, len(body)), (number, served, known)
        assert nothing_wrong_in(line)
        continued += server.requests[-1][1] is not None
        line.blobs.path(sha).unlink()
    assert continued > 50


def test_a_file_that_changed_meanwhile_is_begun_anew(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(b"old" * 100_000, cuts=[150_000, 0, 0, 0, 0, 0]))
    failure(line, url)
    server.put("/x.bin", Served(BODY, etag='"v2"'))
    assert get(line, url).sha256 == SHA
    assert (
        server.requests[-1][1] is not None
    )  # it asked for the rest, and was told that it is another file


def test_halves_of_different_files_are_thrown_away(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(b"old" * 300_000, etag=None, cuts=[150_000] + [0] * 9))
    failure(line, url, Known(SHA))
    server.put("/x.bin", Served(BODY, etag=None))
    assert get(line, url, Known(SHA)).sha256 == SHA


def test_without_a_name_of_the_version_nothing_is_put_together(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, etag=None, cuts=[150_000, 0, 0, 0]))
    failure(line, url)
    assert get(line, url).sha256 == SHA
    assert {asked for _, asked in server.requests} == {None}


def test_who_is_told_to_stop_keeps_what_has_come(line: Line, server: Site) -> None:
    url = server.put("/x.bin", BODY)
    file = SourceFile(url=url, path="x.bin")
    with pytest.raises(Stopped):
        download(line, file, RIGHT, "d", lambda done, total: line.stop.set())
    line.stop.clear()
    assert get(line, url, RIGHT).sha256 == SHA
    assert server.requests[-1][1] is not None


# --- lies -------------------------------------------------------------------------------------


def test_wrong_bytes_never_get_into_the_cache(line: Line, server: Site) -> None:
    wrong = BODY[:-1] + bytes([BODY[-1] ^ 1])
    message = failure(line, server.put("/x.bin", wrong), RIGHT)
    assert f"wanted the file with SHA-256 {SHA}" in message
    assert f"gives other bytes: SHA-256 {hashlib.sha256(wrong).hexdigest()}" in message


def test_a_length_that_is_too_long_is_no_file(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, length=len(BODY) + 5, ranges=False))
    assert "broke off" in failure(line, url)


def test_a_length_that_is_too_short_is_no_file(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, length=1000))
    assert "offers 1,000 bytes, not 700,000" in failure(line, url, RIGHT)
    assert "gives other bytes" in failure(line, url, Known(SHA))


def test_more_bytes_than_there_should_be_are_refused(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, framing="chunked"))
    assert "gives more than 1,000 bytes" in failure(line, url, Known(size=1000))


def test_a_length_nobody_knows_is_refused(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, framing="close"))
    assert "no one can tell if it is whole" in failure(line, url)
    assert get(line, url, RIGHT).sha256 == SHA


def test_an_archive_of_unknown_hash_is_looked_into(line: Line, server: Site) -> None:
    whole, bomb = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.txt", "hello " * 500)
    with tarfile.open(fileobj=bomb, mode="w:gz") as archive_:
        info = tarfile.TarInfo("../../a.txt")
        archive_.addfile(info, io.BytesIO())
    cut = whole.getvalue()[:-40]
    message = failure(line, server.put("/x.zip", cut), path="x.zip")
    assert "gives a damaged archive" in message
    message = failure(line, server.put("/x.tar.gz", bomb.getvalue()), path="x.tar.gz")
    assert "one that leads out" in message
    assert get(line, server.put("/x.zip", whole.getvalue()), path="x.zip").size > 100


def test_bytes_compressed_for_the_way_are_not_the_file(line: Line, server: Site) -> None:
    packed = gzip.compress(BODY)
    served = Served(packed, encoding="gzip")
    url = server.put("/x.bin", served)
    assert "in another form (gzip)" in failure(line, url)
    assert get(line, url, path="x.json.gz").size == len(packed)


def test_a_web_page_is_no_data(line: Line, server: Site) -> None:
    page = b"<!DOCTYPE html>\n<html><head><title>Moved </title></head>gone</html>"
    url = server.put("/x.csv", Served(page, type="text/html"))
    assert "a web page and no file: 'Moved'" in failure(line, url, path="x.csv")
    assert get(line, url, path="x.html").size == len(page)


def test_the_question_of_google_drive_is_answered(
    line: Line, server: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "GOOGLE", ("127.0.0.1",))
    server.put("/download", Served(BODY, cuts=[1000]))
    page = (
        b"<!DOCTYPE html><html><title>Virus scan warning</title><form id='download-form'"
        b" action='/download'><input type=hidden name=confirm value=t></form></html>"
    )
    url = server.put("/uc", Served(page, type="text/html", ranges=False))
    assert get(line, url, RIGHT).sha256 == SHA
    assert server.requests[-1] == ("/download?confirm=t", "bytes=1000-")
    server.put("/uc", Served(b"<html><title>Quota exceeded</title>", type="text/html"))
    with pytest.raises(SourceError, match="a web page and no file: 'Quota exceeded'"):
        get(line, url, Known(size=123))


# --- refusals and mirrors ---------------------------------------------------------------------


def test_redirects_are_followed_and_circles_are_not(line: Line, server: Site) -> None:
    server.put("/x.bin", BODY)
    url = server.put("/old", Served(location="/x.bin"))
    assert get(line, url, RIGHT).sha256 == SHA
    url = server.put("/a", Served(location="/b"))
    server.put("/b", Served(location="/a"))
    with pytest.raises(SourceError, match="redirects in a circle"):
        get(line, url)


@pytest.mark.parametrize(
    ("status", "word"), [(404, "no such file"), (403, "allow"), (401, "login")]
)
def test_a_refusal_is_not_asked_again(line: Line, server: Site, status: int, word: str) -> None:
    url = server.put("/x.bin", Served(BODY, statuses=[(status, {})]))
    assert word in failure(line, url)
    assert len(server.requests) == 1


def test_mirrors_are_tried_in_order(line: Line, server: Site) -> None:
    urls = [
        server.put("/gone", Served(statuses=[(404, {})] * 9)),
        server.put("/wrong", b"something else"),
        server.put("/broken", Served(BODY, cuts=[99] * 9, ranges=False)),
        server.put("/good", BODY),
    ]
    assert get(line, urls[0], Known(SHA), mirrors=tuple(urls[1:])).sha256 == SHA
    seen = list(dict.fromkeys(path for path, _ in server.requests))
    assert seen == ["/gone", "/wrong", "/broken", "/good"]


def test_a_failure_says_what_every_address_did(line: Line, server: Site) -> None:
    one = server.put("/wrong", b"something else")
    with pytest.raises(SourceError) as caught:
        get(line, f"{server.address}/none", Known(SHA), mirrors=(one,))
    (fault,) = caught.value.faults
    assert fault.where == "d/x.bin"
    assert "/none has no such file (404); http" in fault.found
    assert "/wrong gives other bytes" in fault.found


def test_a_busy_server_is_asked_again_when_it_says_so(line: Line, server: Site) -> None:
    waits: list[float] = []
    line.sleep = waits.append
    url = server.put(
        "/x.bin", Served(BODY, statuses=[(429, {"Retry-After": "7"}), (503, {}), (500, {})])
    )
    line.patience = type(line.patience)(attempts=4, first_wait=1)
    assert get(line, url, RIGHT).sha256 == SHA
    assert waits == [7, 2, 4]  # as asked, then doubled


def test_a_server_that_wants_too_long_a_wait_is_given_up(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, statuses=[(429, {"Retry-After": "3600"})] * 2))
    assert "answers 429" in failure(line, url)
    assert len(server.requests) == 1


def test_a_server_that_never_recovers_is_given_up(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, statuses=[(503, {})] * 99))
    assert "answers 503" in failure(line, url)
    assert len(server.requests) == line.patience.attempts


def test_nobody_there(line: Line) -> None:
    assert "broke off" in failure(line, "http://127.0.0.1:9/x.bin")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://ftp.example.org/x.bin", "same file over https"),
        ("file:///etc/hostname", "an http or https address"),
        ("https://me:hunter2@example.org/x.bin", "an address without a login"),
        ("https://drive.google.com/drive/folders/abc", "Google Drive folder"),
    ],
)
def test_some_addresses_are_not_fetched(line: Line, url: str, word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        get(line, url)
    assert "hunter2" not in str(caught.value)


# --- offline and side by side -----------------------------------------------------------------


def test_offline_takes_from_the_cache_only(line: Line, server: Site) -> None:
    file = SourceFile(url=server.put("/x.bin", BODY), path="x.bin")
    with pytest.raises(SourceError, match="no network may be used"):
        download(line, file, NOTHING, "d", lambda done, total: None, offline=True)
    assert server.requests == []
    get(line, file.url)
    assert download(line, file, RIGHT, "d", lambda done, total: None, offline=True).sha256 == SHA


def test_many_who_want_one_file_download_it_once(line: Line, server: Site) -> None:
    url = server.put("/x.bin", Served(BODY, slow=0.1))
    got: list[Blob] = []
    threads = [threading.Thread(target=lambda: got.append(get(line, url))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [Blob(SHA, len(BODY))] * 5
    assert len(server.requests) == 1
