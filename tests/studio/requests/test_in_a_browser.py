"""The pages in a real browser: what people write stays text."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from studio.music.wishes.wish import parse
from studio.requests.votes import PAD, Option
from tests.studio.requests.phone import PARAMETERS, Phone, place

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
EVIL = (
    '<script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>'
    '"><svg onload=document.title="owned"></svg><style>*{display:none}</style> jig in D minor'
)

pytestmark = [pytest.mark.real, pytest.mark.slow]


class Elements(HTMLParser):
    """Counts elements, and keeps the title."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.title = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")], attrs

    def handle_data(self, data: str) -> None:
        if self.names and self.names[-1] == "title":
            self.title += data.strip()


def seen(address: str, folder: Path) -> Elements:
    """The page at `address` after a browser has loaded it and run whatever runs."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium here; the other tests read the pages as text")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000")
    profile = f"--user-data-dir={folder / 'profile'}"
    done = subprocess.run(
        (browser, *options, profile, "--dump-dom", address),
        capture_output=True, timeout=120, text=True, check=True,
    )  # fmt: skip
    return Elements(done.stdout)


def test_a_wish_full_of_html_is_only_words(tmp_path: Path) -> None:
    with place(tmp_path / "Songs") as at:
        phone = Phone(at)
        phone.open()
        address = phone.post("/ask", words=EVIL, name="<i onclick=x>").headers["location"]
        request = at.queue.line[0]
        host = f"http://127.0.0.1:{at.server.port}"
        waiting = seen(f"{host}{address}", tmp_path)
        at.votes.offer(votes=True, moods=True)
        at.votes.put(1, Option(2, EVIL))
        phone.post("/mood", at="3,1")
        crowd = seen(f"{host}/crowd", tmp_path)
        at.queue.let_through(request.token)
        at.queue.take_next()
        understood = replace(parse(EVIL, PARAMETERS), understood=EVIL)  # worse than can be
        song = at.archive.begin(replace(request, wish=understood), 1, "engine", None)
        kept = seen((at.archive.folder / song.folder / "index.html").as_uri(), tmp_path)
    assert crowd.names.count("button") == 2 + PAD * PAD
    for found in (waiting, crowd, kept):
        assert not {"script", "img", "svg", "i", "iframe"} & set(found.names)
        assert "h1" in found.names
        assert found.title != "owned"
    assert [each.names.count("style") for each in (waiting, crowd, kept)] == [0, 0, 1]
