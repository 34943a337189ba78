"""The training, with real kills, and an artist's own tunes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import mido
import pytest
import torch

from engines.common.training import LOG, Habits, Limits, Training, averaged_state
from engines.lstm_melodies import shipped
from engines.lstm_melodies.corpus import archive, own
from engines.lstm_melodies.evaluation.plain import PlainTrainee, cost_of
from engines.lstm_melodies.spec import TUNES as TUNES_SPEC
from engines.lstm_melodies.training import directions
from engines.lstm_melodies.training.export import export
from engines.lstm_melodies.training.train import train
from engines.lstm_melodies.training.trainee import MelodyTrainee, Recipe, figures_on, schedule
from studio.engine import EngineError
from tests.engines.lstm_melodies import melodies

TUNES = [melodies.melody(i, 8 + i % 5) for i in range(16)]
QUICK = Recipe(tunes=4, phrase_bars=16, half=False)
OFTEN = Habits(checkpoint_s=0.0, sheet_s=1e9, log_steps=1)


@pytest.fixture(autouse=True)
def _one_thread_and_few_melodies(monkeypatch):
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setattr(directions, "MELODIES", 40)
    yield
    torch.set_num_threads(before)


def training(folder: Path, steps: int) -> Training:
    torch.manual_seed(0)
    trainee = MelodyTrainee(melodies.CONFIG, TUNES[:12], TUNES[12:], QUICK)
    return Training(trainee, folder, Limits(steps=steps), seed=1, habits=OFTEN)


def test_training_learns_and_its_weights_are_shipped(tmp_path):
    run = training(tmp_path, 40)
    before = figures_on(run.averages["melodist"].module, TUNES[:12])  # type: ignore[arg-type]
    run.run()
    after = figures_on(run.averages["melodist"].module, TUNES[:12])  # type: ignore[arg-type]
    assert after["nats"] < 0.95 * before["nats"]
    assert after["rebuilt_nats"] < 0.95 * before["rebuilt_nats"]
    entries = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert set(entries[-1]) >= {"tunes", "phrases", "kl", "exact"}
    assert json.loads((tmp_path / "validation.jsonl").read_text())["step"] == 40
    path = export(tmp_path, out=tmp_path / "w.safetensors", config=melodies.CONFIG, melodies=TUNES)
    assert shipped.read(path).config == melodies.CONFIG


def test_a_training_that_was_broken_off_goes_on_as_if_nothing_had_happened(tmp_path):
    training(tmp_path / "whole", 6).run()
    broken = training(tmp_path / "broken", 6)
    broken.resume()
    for _ in range(3):
        broken._one_step()
        broken.averages["melodist"].update(broken.trainee.modules["melodist"], broken.step)
    broken.save()
    training(tmp_path / "broken", 6).run()
    whole, again = (averaged_state(tmp_path / n, "melodist")[0] for n in ("whole", "broken"))
    for name, tensor in whole.items():
        assert torch.equal(tensor, again[name]), name


def test_the_rate_is_level_and_falls_at_the_end():
    assert schedule(0) < schedule(0.02) == schedule(0.6) > schedule(0.8) > schedule(1) > 0


def test_the_plain_yardstick_learns(tmp_path):
    trainee = PlainTrainee(TUNES[:12], TUNES[12:], hidden=16)
    before = cost_of(trainee.plain, TUNES)
    run = Training(trainee, tmp_path, Limits(steps=30), habits=OFTEN)
    run.run()
    assert cost_of(trainee.plain, TUNES) < before


def write_midi(path: Path, pitches: list[int], **head: int) -> None:
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    file.tracks.append(track)
    if head:
        track.append(mido.MetaMessage("time_signature", **head))
    track.append(mido.MetaMessage("set_tempo", tempo=1))
    for pitch in pitches:
        track.append(mido.Message("note_on", note=pitch, velocity=80, time=0))
        track.append(mido.Message("note_off", note=pitch, time=240))
    file.save(path)


def test_own_tunes_are_read_and_what_cannot_be_is_said(tmp_path):
    pytest.importorskip("music21")
    scale = [62, 64, 66, 67, 69, 71, 73, 74] * 4
    write_midi(tmp_path / "a.mid", scale)
    write_midi(tmp_path / "b.mid", scale, numerator=5, denominator=4)
    write_midi(tmp_path / "c.mid", [])
    (tmp_path / "d.mid").write_bytes(b"MThd no")
    (tmp_path / "e.abc").write_text(
        "X:1\nM:6/8\nL:1/8\nR:jig\nK:D\n" + "dfa agf|edc ABc|" * 3 + "\n"
    )
    (tmp_path / "f.abc").write_text(
        "X:1\nM:6/8\nL:1/8\nR:jig\nK:Hmaj\n" + "dfa agf|edc ABc|" * 3 + "\n"
    )
    (tmp_path / "notes.txt").write_text("not music")
    found, notices = own.read(tmp_path)
    assert sorted(m.number for m in found) == ["a.mid", "b.mid", "e.abc", "f.abc"]
    assert [m.genre for m in found if m.number == "e.abc"] == ["jig"]
    assert any("c.mid was left out" in notice for notice in notices)
    assert any("d.mid was left out" in notice for notice in notices)
    assert "f.abc: there is no key 'Hmaj'; it was taken for C." in notices
    assert not any("e.abc:" in notice for notice in notices)
    assert any("5/4" in notice for notice in notices)
    assert {m.split for m in found} == {"training"}
    with pytest.raises(EngineError, match="no melody"):
        own.read(tmp_path / "nowhere")


def test_tunes_come_in_any_unicode_with_any_line_ends(tmp_path):
    pytest.importorskip("music21")
    tune = "X:1\nT:Flöte\nM:4/4\nL:1/8\nK:G\n" + "GABc dedB|" * 8 + "\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        (tmp_path / f"{encoding}.abc").write_bytes(tune.encode(encoding))
    (tmp_path / "windows.abc").write_bytes(tune.replace("\n", "\r\n").encode())
    found, notices = own.read(tmp_path)
    assert len(found) == 5
    assert len({m.bars for m in found}) == 1
    assert notices == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_among_the_tunes_is_not_waited_for_and_what_was_wrong_is_told(tmp_path):
    os.mkfifo(tmp_path / "pipe.abc")
    (tmp_path / "d.mid").write_bytes(b"MThd no")
    with pytest.raises(EngineError, match=r"learnt from\. d\.mid was left out"):
        own.read(tmp_path)


@pytest.mark.slow
def test_own_tunes_are_taught_to_the_shipped_model(tmp_path, capsys):
    """It keeps what it can do: after two steps it still rebuilds what it has never met."""
    for number in range(3):
        write_midi(tmp_path / f"{number}.mid", [62, 64, 66, 67, 69, 71, 73, 74 - number] * 8)
    (tmp_path / "bad.mid").write_bytes(b"MThd no")
    path = train(data=tmp_path, out=tmp_path / "run", steps=2)
    said = capsys.readouterr().out
    assert "bad.mid was left out" in said
    assert "3 melodies" in said
    held_out = archive.split("held_out")[:10]
    before, after = (figures_on(shipped.read(w), held_out) for w in (TUNES_SPEC.weights, path))
    assert after["rebuilt_exact"] > before["rebuilt_exact"] - 0.05
    assert set(shipped.directions(path, 128)) == {"height"}
    (page,) = (tmp_path / "run").glob("tunes-*.abc")
    assert page.read_text("utf-8").startswith("X:1")


@pytest.mark.slow
def test_another_folder_of_tunes_is_not_taken_for_the_first_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder, top in (("m1", 74), ("m2", 76), ("elsewhere/m1", 77)):
        (tmp_path / folder).mkdir(parents=True)
        write_midi(tmp_path / folder / "a.mid", [62, 64, 66, 67, 69, 71, 73, top] * 8)
    first = train(data=tmp_path / "m1", steps=1)
    second = train(data=tmp_path / "m2", steps=1)
    assert first != second
    assert first.read_bytes() != second.read_bytes()
    with pytest.raises(EngineError, match="other material"):
        train(data=tmp_path / "elsewhere" / "m1", steps=1)
