"""Each chat against a small server of its kind: what is asked for is heard, answers arrive."""

from __future__ import annotations

import shutil
from pathlib import Path
from queue import Queue

import pytest

from studio.requests.guests._irc import IrcChat, IrcSettings, TwitchSettings
from studio.requests.guests._mastodon import MastodonChat, MastodonSettings, plain
from studio.requests.guests.adapter import AdapterError, Heard
from tests.ports import free_tcp
from tests.studio.requests.guests.servers import (
    PATIENCE_S,
    IrcGuest,
    irc_server,
    mastodon_server,
    real_irc_server,
)


@pytest.mark.parametrize("twitch", [False, True])
def test_a_song_is_asked_for_in_a_channel(twitch: bool, no_thread_left_behind: None) -> None:
    pytest.importorskip("pydle")
    heard: Queue[Heard] = Queue()
    with irc_server() as server:
        if twitch:
            settings = TwitchSettings(
                channel="Stage", name="Band", token="secret", server="127.0.0.1", port=server.port,
                tls=False,
            ).irc  # fmt: skip
        else:
            settings = IrcSettings(
                server="127.0.0.1", channel="#stage", name="band", port=server.port, tls=False
            )
        chat = IrcChat(settings)
        chat.open(heard.put)
        server.until(lambda line: line == "JOIN #stage")
        server.say("Ann", "#stage", "hello there")
        server.say("band", "#stage", "!song my own")
        server.say("Ann", "#stage", "!Song  a slow air in A minor ")
        asked = heard.get(timeout=PATIENCE_S)
        assert (asked.words, asked.name, asked.writer) == ("a slow air in A minor", "Ann", "ann")
        chat.answer(asked, "air · A minor\r\nQUIT : it is next.")
        told = server.until(lambda line: line.startswith("PRIVMSG"))
        assert told == "PRIVMSG #stage :Ann: air · A minor QUIT : it is next."
        chat.close()
        assert heard.empty()


@pytest.mark.real
@pytest.mark.timed
def test_it_is_heard_and_answered_on_a_real_server(
    tmp_path: Path, no_thread_left_behind: None
) -> None:
    pytest.importorskip("pydle")
    if shutil.which("ngircd") is None:
        pytest.skip("no ngircd here (Debian: apt-get install ngircd)")
    heard: Queue[Heard] = Queue()
    with real_irc_server(tmp_path) as port, IrcGuest(port, "Ann") as guest:
        chat = IrcChat(
            IrcSettings(server="127.0.0.1", channel="#stage", name="band", port=port, tls=False)
        )
        chat.open(heard.put)
        guest.send("JOIN #stage")
        guest.until(" 366 ")
        guest.send("PRIVMSG #stage :!song a jig in D")
        asked = heard.get(timeout=PATIENCE_S)
        assert (asked.words, asked.name) == ("a jig in D", "Ann")
        chat.answer(asked, "jig · D major: it is next.")
        assert guest.until("PRIVMSG").endswith("PRIVMSG #stage :Ann: jig · D major: it is next.")
        chat.close()


def test_twitch_is_given_its_token_and_small_letters() -> None:
    irc = TwitchSettings(channel="#MyStage", name="Band", token="abc").irc
    assert (irc.channel, irc.name, irc.password) == ("#mystage", "band", "oauth:abc")
    assert (irc.server, irc.port, irc.tls) == ("irc.chat.twitch.tv", 6697, True)


def test_a_song_is_asked_for_by_a_post(no_thread_left_behind: None) -> None:
    pytest.importorskip("mastodon")
    heard: Queue[Heard] = Queue()
    with mastodon_server("secret") as server:
        server.mention("<p>@band from before</p>")
        chat = MastodonChat(
            MastodonSettings(server=server.address, token="secret", look_every_s=0.05)
        )
        chat.open(heard.put)
        server.mention('<p><span><a href="x">@<span>band</span></a></span> a jig<br>in D &lt;3</p>')
        asked = heard.get(timeout=PATIENCE_S)
        assert (asked.words, asked.name, asked.writer) == ("a jig in D <3", "Ann", "7")
        chat.answer(asked, "jig · D major: it is next.")
        told = server.answer()
        assert told["status"] == "@ann jig · D major: it is next."
        assert (told["in_reply_to_id"], told["visibility"]) == ("101", "unlisted")
        chat.close()
        assert heard.empty()


def test_a_chat_that_cannot_be_reached_is_one_sentence(no_thread_left_behind: None) -> None:
    pytest.importorskip("pydle")
    pytest.importorskip("mastodon")
    nowhere = free_tcp()
    irc = IrcChat(IrcSettings(server="127.0.0.1", channel="#a", name="a", port=nowhere, tls=False))
    with pytest.raises(AdapterError, match=r"IRC: 127\.0\.0\.1 cannot be reached\."):
        irc.open(lambda _: None)
    with mastodon_server("secret") as server:
        chat = MastodonChat(MastodonSettings(server=server.address, token="wrong"))
        with pytest.raises(AdapterError, match="does not know the token"):
            chat.open(lambda _: None)
    for each in (irc, chat):
        each.close()


def test_the_words_of_a_post_are_those_without_mentions_and_marks() -> None:
    assert plain("<p>@band@here.example a <b>slow</b> air</p><p>please</p>") == "a slow air please"
    assert plain("<script>x</script>" * 9000)[:5] == "xxxxx"
