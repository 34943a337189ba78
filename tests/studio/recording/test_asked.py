"""Which scene a picture was asked with."""

from __future__ import annotations

from studio.recording._asked import AskedPictures


def test_an_hour_of_pictures_is_known_by_their_changes_and_forgotten() -> None:
    asked = AskedPictures()
    for number in range(1, 1000):
        asked.note("deck1", 3 * number, number)
        asked.note("deck2", 0, number)
        if number % 10 == 0:
            assert asked.changes_of("deck1", 3 * number - 3, number) == number - 1, "a late one"
            assert asked.changes_of("deck1", 3 * number - 2, number) == number - 1, "by itself"
            assert asked.changes_of("deck1", 3 * number, number) == number
    assert asked.changes_of("deck1", 9999, 1234) == 1234
    assert asked.changes_of("deck3", 7, 5) == 5, "a deck that nothing is known of"
    assert sum(len(known) for known in asked._known.values()) < 12
