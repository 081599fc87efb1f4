"""Addresses as registries and papers state them, and the addresses that give the bytes."""

from __future__ import annotations

import re
from posixpath import basename
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from lxml import html

from taiyi_corpus.errors import Fault, InputError

GOOGLE = ("drive.google.com", "docs.google.com", "drive.usercontent.google.com")

_DRIVE_DOWNLOAD = "https://drive.usercontent.google.com/download"
_DRIVE_FILE = re.compile(r"/file/d/([\w-]+)")
_ZENODO = re.compile(r"/records?/(\d+)(?:/files/(.+))?")
_SECRET = re.compile(r"token|secret|password|signature|credential|^key$|^sig$|api_?key", re.I)


def check(where: str, url: str) -> list[Fault]:
    """Return what keeps an address from being fetched."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        hint = "Most FTP servers give the same file over https." if parts.scheme == "ftp" else ""
        return [Fault(where, "an http or https address", shown(url), hint)]
    if parts.username or parts.password:
        hint = "Put the login into ~/.netrc, where it is found."
        return [Fault(where, "an address without a login", shown(url), hint)]
    if parts.hostname in GOOGLE and "/folders/" in parts.path:
        hint = "Get the folder by hand and file it with `taiyi-corpus place`."
        return [Fault(where, "the address of a file", "that of a Google Drive folder", hint)]
    return []


def direct(url: str, path: str) -> str:
    """Return the address that gives the bytes of `url`, the page of a file; `path` is what the file is to be called.

    Known are Google Drive, Zenodo records, files on GitHub and Dropbox; any other address is returned as it is.
    """
    parts = urlsplit(url)
    host, query = parts.hostname or "", parse_qs(parts.query)
    if host in GOOGLE:
        found = _DRIVE_FILE.search(parts.path)
        if id_ := found.group(1) if found else query.get("id", [""])[0]:
            return (
                f"{_DRIVE_DOWNLOAD}?{urlencode({'id': id_, 'export': 'download', 'confirm': 't'})}"
            )
    if host in ("zenodo.org", "www.zenodo.org") and (found := _ZENODO.fullmatch(parts.path)):
        record, file = found.groups()
        name = file.removesuffix("/content") if file else quote(basename(path))
        return f"https://zenodo.org/records/{record}/files/{name}?download=1"
    if host == "github.com" and "/blob/" in parts.path:
        return urlunsplit(parts._replace(path=parts.path.replace("/blob/", "/raw/", 1), query=""))
    if host in ("dropbox.com", "www.dropbox.com"):
        kept = [(key, value) for key, value in parse_qsl(parts.query) if key != "dl"]
        return urlunsplit(parts._replace(query=urlencode([*kept, ("dl", "1")])))
    return url


def confirmed(page: bytes, url: str) -> str | None:
    """Return the address behind the button of a Google Drive page that asks first; None if it does not ask."""
    if urlsplit(url).hostname not in GOOGLE or not page.strip():
        return None
    document = html.document_fromstring(page)
    for form in document.forms if isinstance(document, html.HtmlElement) else ():
        if form.get("id") == "download-form" and form.action:
            fields = {key: value for key, value in form.form_values() if value is not None}
            return f"{urljoin(url, form.action).partition('?')[0]}?{urlencode(fields)}"
    return None


def title(page: bytes) -> str:
    """Return the title of a web page, "" if it has none."""
    found = re.search(rb"<title[^>]*>(.*?)</title>", page, re.I | re.S)
    return " ".join(found.group(1).decode("utf-8", "replace").split())[:80] if found else ""


def shown(url: str) -> str:
    """Return an address as messages and lock files show it: without logins, tokens and signatures."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    query = [
        (key, "..." if _SECRET.search(key) else value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    hidden = any(value == "..." for _, value in query)
    return urlunsplit(
        parts._replace(netloc=host, query=urlencode(query, safe=".") if hidden else parts.query)
    )


def refuse(faults: list[Fault]) -> None:
    """Raise faults if there are any."""
    if faults:
        raise InputError(faults)
