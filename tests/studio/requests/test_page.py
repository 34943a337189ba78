"""The page that phones open: asking, waiting, the keepsake; and what it does not let through."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from studio.requests._app import MOST_BYTES, SESSION_S, Seals, is_ours
from studio.requests._server import RequestsError, Server
from studio.requests.votes import Option
from tests.fakes import FakeClock
from tests.studio.requests.phone import Phone, Place, parsed, place

HTML = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'jig in D minor"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(time.time())


@pytest.fixture
def at(tmp_path: Path, clock: FakeClock) -> Iterator[Place]:
    with place(tmp_path / "Songs", Seals(clock)) as made:
        yield made


@pytest.fixture
def phone(at: Place) -> Phone:
    made = Phone(at)
    made.open()
    return made


def asked(phone: Phone, **fields: str) -> str:
    """The address of the song that was asked for."""
    answer = phone.post("/ask", **fields)
    assert answer.status == 303, answer.text
    return answer.headers["location"]


def test_a_wish_is_shown_back_as_it_was_understood_and_told_when_it_sounds(
    phone: Phone, at: Place
) -> None:
    other = Phone(at)
    other.open()
    at.queue.lets_through = True
    asked(other, genre="jig", mood="sad", key="D minor")
    page = phone.get(asked(phone, words="a slow purple air in A minor, 24 bars")).text
    assert "<h1>air · A minor · 24 bars" in page
    assert "Not understood: purple" in page
    assert "One song comes before it. It sounds in about 40 seconds." in page
    token = at.queue.line[1].token
    assert at.queue.line[0].words == "sad jig in D minor"
    at.until_next_s = None
    assert "as soon as the music begins" in phone.get(f"/song/{token}").text
    at.queue.move(token, -1)
    at.queue.take_next()
    assert "It comes next" in phone.get(f"/song/{token}").text
    at.queue.sounds(token)
    assert "It sounds now" in phone.get(f"/song/{token}").text


def test_a_wish_that_is_not_taken_stays_in_the_line_with_the_reason(phone: Phone) -> None:
    answer = phone.post("/ask", words="gibberish", name="Ann")
    assert answer.status == 409
    assert "That was not understood." in answer.text
    assert 'value="gibberish"' in answer.text


def test_a_phone_takes_its_own_song_back_and_nobody_elses(phone: Phone, at: Place) -> None:
    address, stranger = asked(phone, words="a jig"), Phone(at)
    stranger.open()
    assert stranger.post(f"{address}/take-back").status == 403
    assert len(at.queue.line) == 1
    assert phone.post(f"{address}/take-back").status == 303
    assert "It is not played" in phone.get(address).text


def test_the_keepsake_has_sound_notes_score_and_picture(phone: Phone, at: Place) -> None:
    address = asked(phone, words=HTML, name="<b>Ann")
    request = replace(at.queue.line[0])
    assert "yet to let it through" in phone.get(address).text
    at.queue.let_through(request.token)
    at.queue.take_next()
    song = at.archive.begin(request, 7, "lstm_melodies", None)
    assert "It comes next" in phone.get(address).text
    at.queue.played(request.token)
    assert "are being written" in phone.get(address).text
    for name in ("song.mp3", "song.mid", "song.abc"):
        (at.archive.folder / song.folder / name).write_bytes(b"0123456789")
    page = phone.get(address).text
    assert f'src="{address}/song.mp3"' in page
    assert "--seed 7" in page
    sound = phone.get(f"{address}/song.mp3", range="bytes=2-4")
    assert (sound.status, sound.body) == (206, b"234")
    assert sound.headers["content-type"] == "audio/mpeg"
    assert phone.get(f"{address}/picture.jpg").status == 404


def test_the_crowd_votes_on_what_the_performer_offers(phone: Phone, at: Place) -> None:
    assert "There is no vote at the moment." in phone.get("/crowd").text
    assert "/crowd" not in phone.open().text
    assert phone.post("/vote", choice="0").status == 409
    at.votes.offer(votes=True, moods=True)
    at.votes.put(0, Option(3, HTML))
    assert "/crowd" in phone.open().text
    answer = phone.post("/vote", choice="0")
    assert (answer.status, answer.headers["location"]) == (303, "/crowd")
    again = phone.post("/mood", at="4,0")
    assert again.status == 409
    assert "once a second" in again.text
    stranger = Phone(at)
    assert "set-cookie" in stranger.get("/crowd").headers
    stranger.open()
    assert stranger.post("/mood", at="4,0").status == 303
    for nonsense in ("5,0", "-1,0", "4,0,0", "<b>"):
        stranger.post("/mood", at=nonsense)
    stranger.seal = phone.seal
    assert stranger.post("/mood", at="0,0").status == 403
    assert at.votes.standing().points == ((1.0, 0.0),)
    page = phone.get("/crowd").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "1 vote<" in page
    assert page.count("<button") == 2 + 25
    assert 'value="4,0" class=" mean"' in page


def test_whatever_is_asked_for_is_shown_as_text(phone: Phone, at: Place) -> None:
    address = asked(phone, words=HTML, name="<b>Ann")
    pages = [phone.get(address), phone.post("/ask", words=HTML, name="<b>Ann")]
    assert pages[1].status == 409
    for page in pages:
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "onerror=alert(2)&gt;" in page.text


def test_every_answer_forbids_scripts_frames_and_other_hosts(phone: Phone, at: Place) -> None:
    for path in ("/", "/crowd", "/style.css", "/nothing", "/song/x"):
        headers = phone.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers
    cookie = Phone(at).open().headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "http" not in phone.open().text.replace("http-equiv", "")  # nothing from elsewhere


def test_a_form_counts_only_with_the_seal_of_its_own_phone(
    phone: Phone, at: Place, clock: FakeClock
) -> None:
    thief = Phone(at)
    thief.open()
    mine, phone.seal = phone.seal, thief.seal
    assert phone.post("/ask", words="a jig").status == 403
    phone.seal, cookie, phone.cookie = mine, phone.cookie, "phone=made.1.up"
    assert phone.post("/ask", words="a jig").status == 403
    phone.cookie = cookie
    host = f"127.0.0.1:{at.server.port}"
    for origin, status in (("http://evil.example", 403), ("null", 403), (f"http://{host}", 303)):
        data = f"seal={phone.seal}&words=jig"
        said = (
            f"POST /ask HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\nconnection: close\r\n"
            f"cookie: {phone.cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
            f"content-length: {len(data)}\r\n\r\n{data}"
        )
        assert parsed(at.raw(said.encode())).status == status, origin
    clock.advance(SESSION_S + 1)
    assert phone.post("/ask", words="a jig").status == 403
    assert "set-cookie" in phone.open().headers
    assert len(at.queue.line) == 1


@pytest.mark.parametrize(
    ("host", "ours"),
    [("127.0.0.1:8080", True), ("192.168.1.5", True), ("[::1]:80", True), ("localhost", True),
     ("evil.example", False), ("127.0.0.1.evil.example", False), ("", False),
     ("127.0.0.1:x", False), ("localhost:80:80", False), ("2130706433", False)],
)  # fmt: skip
def test_only_the_numbers_of_this_computer_are_a_host(host: str, ours: bool) -> None:
    assert is_ours(host) is ours


def test_a_name_that_was_made_to_lead_here_is_refused(phone: Phone) -> None:
    assert phone.get("/", host="evil.example").status == 421


@pytest.mark.parametrize(
    "path",
    ["/song/../../secret", "/song/%2e%2e%2f%2e%2e%2fsecret", "/song/aaaaaaaaaaaaaaaa/..%2f..%2fx",
     "/..%5csecret", "//etc/passwd", "/song/%00", "/templates/ask.html", f"/{'x' * 300}",
     "/song/aaaaaaaaaaaaaaaa/song.mp3", f"/?{'x' * 300}"],
)  # fmt: skip
def test_no_path_leads_out_of_the_archive(phone: Phone, at: Place, path: str) -> None:
    (at.archive.folder.parent / "secret").write_text("secret")
    answer = phone.get(path)
    assert answer.status in (404, 400)
    assert b"secret" not in answer.body.replace(path.encode(), b"")


def test_what_is_too_large_or_no_form_is_not_read(phone: Phone, at: Place) -> None:
    assert phone.post("/ask", words="x" * MOST_BYTES).status == 413
    host = f"host: 127.0.0.1:{at.server.port}\r\ncookie: {phone.cookie}\r\nconnection: close\r\n"
    form = f"POST /ask HTTP/1.1\r\n{host}content-type: application/x-www-form-urlencoded\r\n"
    piece = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    chunked = form.encode() + b"transfer-encoding: chunked\r\n\r\n" + piece * 3
    assert parsed(at.raw(chunked)).status == 403
    assert at.raw(f"GET / HTTP/1.1\r\n{host}x: {'y' * 900_000}\r\n\r\n".encode())[:12] in (
        b"HTTP/1.1 400",
        b"",
    )
    for method in ("PUT", "DELETE", "TRACE", "OPTIONS"):
        answer = parsed(at.raw(f"{method} / HTTP/1.1\r\n{host}\r\n".encode()))
        assert answer.status == 405
    assert at.queue.line == ()


def test_who_says_nothing_is_let_go(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.requests._server._HEADER_S", 0.05)
    assert at.raw(b"GET / HTTP/1.1\r\nhost: 127") == b""


def test_a_port_that_somebody_has_is_said(at: Place) -> None:
    with pytest.raises(RequestsError, match=f"Port {at.server.port} could not be opened"):
        Server(lambda *_: None, at.server.port, open_to_network=False)  # type: ignore[arg-type, return-value]


# -- what nobody thinks of -------------------------------------------------------------------------

_PIECES = (
    b"GET ", b"POST ", b"/", b"/ask", b"/song/", b"..", b"%2e%2e", b"%00", b" HTTP/1.1\r\n",
    b"\r\n", b"\r\n\r\n", b"5\r\n", b"host: 127.0.0.1\r\n", b"host: x\r\n", b"cookie: phone=",
    b"content-length: 5\r\n", b"content-length: -1\r\n", b"content-length: 99999999\r\n",
    b"content-type: application/x-www-form-urlencoded\r\n", b"transfer-encoding: chunked\r\n",
    b"seal=", b"&words=", b"<script>", b"\x00", b"\xff\xfe", b"expect: 100-continue\r\n",
    b"upgrade: websocket\r\n",
)  # fmt: skip


def mutated(cookie: str, seal: str) -> some.SearchStrategy[bytes]:
    """Requests as a phone sends them, with pieces put in, left out and turned round."""
    form = f"seal={seal}&words=jig&name=Ann"
    good = (
        f"POST /ask HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncookie: {cookie}\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(form)}\r\n\r\n"
        f"{form}"
    ).encode()

    def spoilt(cuts: list[tuple[int, int, bytes]]) -> bytes:
        data = good
        for at, length, piece in cuts:
            at %= len(data) + 1
            data = data[:at] + piece + data[at + length :]
        return data

    piece = some.one_of(some.sampled_from(_PIECES), some.binary(max_size=20))
    cut = some.tuples(some.integers(0, 400), some.integers(0, 40), piece)
    return some.one_of(
        some.lists(cut, min_size=1, max_size=5).map(spoilt),
        some.lists(piece, max_size=12).map(b"".join),
    )


def test_no_request_brings_it_down_or_out(at: Place, caplog: pytest.LogCaptureFixture) -> None:
    phone, before = Phone(at), set(at.archive.folder.parent.rglob("*"))
    phone.open()

    @settings(max_examples=200, suppress_health_check=list(HealthCheck))
    @given(mutated(phone.cookie, phone.seal))
    def send(data: bytes) -> None:
        answer = at.raw(data, ends=True)
        assert b"Traceback" not in answer
        assert b"HTTP/1.1 5" not in answer
        for request in at.queue.line:
            at.queue.refuse(request.token)

    send()
    assert set(at.archive.folder.parent.rglob("*")) == before
    assert phone.open().status == 200
    assert not [record for record in caplog.records if record.exc_info]
