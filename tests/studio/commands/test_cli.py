"""The command line: what it does, and one sentence for what it cannot."""

from __future__ import annotations

import ast
import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.commands import cli
from studio.commands.report import Row, at_least
from studio.engine import EngineError, Resources
from studio.engine.registry import Registry
from studio.presets import Preset, text_of
from studio.presets.folder import places
from studio.settings.store import Store
from studio.storage import folders
from tests import training_fakes
from tests.fakes import Guest, broken, fake, filled_deck, scene_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def guest() -> Guest:
    return fake()


@pytest.fixture
def run(guest: Guest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `latentloom WORDS`: its exit status, what it printed, and its complaints."""
    monkeypatch.setattr(cli, "find_engines", lambda: Registry.of(guest.spec))

    def run(*words: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            cli.main([str(word) for word in words])
        said = capsys.readouterr()
        code = stopped.value.code
        return code if isinstance(code, int) else 0, said.out, said.err

    return run


def test_render_writes_the_same_bytes_for_the_same_seed(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        code, said, _ = run(
            "render", "--engine", "fake", "--seed", 7, "--out", tmp_path / f"{name}.png"
        )
        assert code == 0
        assert "seed 7" in said
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert run("render", "--seed", 8, "--out", tmp_path / "c.png")[0] == 0
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "c.png").read_bytes()


def test_render_draws_a_preset_at_a_beat(run: Run, guest: Guest, tmp_path: Path) -> None:
    preset, out = tmp_path / "a.json", tmp_path / "a.png"
    preset.write_bytes(text_of(Preset(name="Still", scene=scene_of(filled_deck(guest)))))
    code, said, _ = run("render", preset, "--beat", 12.5, "--out", out)
    assert (code, said) == (0, f"{out}: Fake, First, beat 12.5\n")
    with Image.open(out) as picture:
        assert picture.size == (8, 8)
    code, _, complaint = run("render", preset, "--seed", 1, "--out", out)
    assert code == 1
    assert "says itself" in complaint


def test_render_draws_an_outline_where_the_name_says_so(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.svg"
    assert run("render", "--model", "wide", "--seed", 7, "--out", out)[0] == 0
    assert out.read_text().startswith("<svg")
    code, _, complaint = run("render", "--model", "first", "--out", tmp_path / "b.svg")
    assert code == 1
    assert "outlines" in complaint
    assert not (tmp_path / "b.svg").exists()


def test_render_writes_a_jpeg_where_the_name_says_so(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.JPG"
    assert run("render", "--seed", 7, "--out", out)[0] == 0
    with Image.open(out) as image:
        assert image.format == "JPEG"


@pytest.mark.parametrize("name", ["a.webp", "a"])
def test_a_kind_of_picture_that_cannot_be_written_is_refused(
    run: Run, tmp_path: Path, name: str
) -> None:
    code, _, complaint = run("render", "--out", tmp_path / name)
    assert code == 1
    assert complaint.startswith("A picture is written to one of: .png, .jpg, .jpeg, .svg; not ")
    assert complaint.count("\n") == 1


def test_render_takes_settings_as_the_spec_declares_them(run: Run, tmp_path: Path) -> None:
    pictures = []
    for name, value in (("plain", "1"), ("bright", "4")):
        out = tmp_path / f"{name}.png"
        assert run("render", "--seed", 1, "--set", f"glow={value}", "--out", out)[0] == 0
        with Image.open(out) as image:
            pictures.append(np.asarray(image))
    assert not np.array_equal(*pictures)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("render", "--engine", "nobody"), "There is no engine 'nobody'"),
        (("render", "--model", "nobody"), "has no model 'nobody'"),
        (("render", "--set", "glow=loud"), "Glow wants a number"),
        (("render", "--set", "gloom=1"), "--set wants NAME=VALUE"),
        (("render", "--device", "toaster"), "There is no device 'toaster'"),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence(
    run: Run, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    code, _, complaint = run(*words, "--out", tmp_path / "a.png")
    assert code == 1
    assert sentence in complaint
    assert complaint.count("\n") == 1
    assert not list(tmp_path.glob("*.png"))


def test_a_place_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, complaint = run("render", "--out", tmp_path / "file" / "a.png")
    assert code == 1
    assert "Cannot write" in complaint


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.png", ("render", "--out")),
        ("a.svg", ("render", "--model", "wide", "--out")),
        ("a.json", ("bench", "pictures", "--json")),
    ],
)
def test_on_a_full_disk_what_was_there_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: tuple[str, ...]
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / name
    out.write_bytes(b"old")
    monkeypatch.setattr("os.fsync", full)
    if words[0] == "bench":
        monkeypatch.setattr(cli, "resolve", lambda *_: lambda *_: [Row("share", 0.5)])
    code, _, complaint = run(*words, out)
    assert code == 1
    assert complaint == f"Cannot write {out}: No space left on device.\n"
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


class FullDisk(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_cannot_be_printed_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.commands.doctor.run", lambda: print("all is well", flush=True) or 0)
    before, full = sys.stdout, FullDisk()
    printed = io.TextIOWrapper(
        io.BufferedWriter(full)
    )  # kept, as sys.__stdout__ keeps the real one
    monkeypatch.setattr(sys, "stdout", printed)
    code, _, complaint = run("doctor")
    full.close()
    monkeypatch.setattr(sys, "stdout", before)
    assert code == 1
    assert complaint == "What there is to say cannot be printed: No space left on device.\n"


def test_another_trouble_of_the_system_is_not_taken_for_one_of_printing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    monkeypatch.setattr("studio.commands.doctor.run", broken)
    with pytest.raises(OSError, match="not connected"):
        run("doctor")


def test_a_terminal_that_knows_few_letters_gets_their_codes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = io.BytesIO()
    monkeypatch.setattr("studio.commands.doctor.run", lambda: print("/home/künstler") or 0)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, "ascii", write_through=True))
    assert run("doctor")[0] == 0
    assert said.getvalue() == b"/home/k\\xfcnstler\n"


def test_the_demo_leaves_a_sheet_and_a_film(run: Run, tmp_path: Path, guest: Guest) -> None:
    code, said, _ = run("demo", "--out", tmp_path / "out")
    assert code == 0
    files = {file.name: file.stat().st_size for file in (tmp_path / "out").iterdir()}
    models = ("first", "second", "wide")
    assert set(files) == {f"fake-{m}-{what}" for m in models for what in ("sheet.png", "walk.mp4")}
    assert all(files.values())
    assert all(name in said for name in files)


def test_the_demo_without_an_engine_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "find_engines", lambda: Registry([]))
    code, _, complaint = run("demo", "--out", tmp_path / "out")
    assert code == 1
    assert "No engine can be used" in complaint
    assert not (tmp_path / "out").exists()


def test_an_engine_that_breaks_costs_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        cli, "find_engines", lambda: Registry.of(broken("load", lambda: SystemExit(3)).spec)
    )
    code, _, complaint = run("render", "--out", tmp_path / "a.png")
    assert code == 1
    assert complaint.count("\n") == 1


def test_a_report_is_printed_and_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [Row("pictures_per_s", 60.0, "1/s", at_least(30)), Row("share", 0.5)]
    monkeypatch.setattr(cli, "resolve", lambda *_: lambda *_: rows)
    code, said, _ = run("bench", "pictures", "--json", tmp_path / "a.json")
    assert code == 0
    assert "pictures_per_s" in said
    written = json.loads((tmp_path / "a.json").read_text())
    assert written["machine"]
    assert [row["met"] for row in written["rows"]] == [True, None]


def test_a_missed_bar_is_an_exit_status(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row("pictures_per_s", 20.0, "1/s", at_least(30))]
    monkeypatch.setattr(cli, "resolve", lambda *_: lambda *_: rows)
    assert run("bench", "pictures")[0] == 1


def test_commands_that_an_engine_does_not_offer(run: Run) -> None:
    for command in ("train", "evaluate"):
        code, _, complaint = run(command, "fake")
        assert code == 1
        assert "nothing to train" in complaint or "no evaluation" in complaint


# -- what an installed copy lacks ------------------------------------------------------------------


def test_a_bench_that_there_is_not_names_those_that_there_are(run: Run) -> None:
    for words in (("bench",), ("bench", "nothing")):
        code, _, complaint = run(*words)
        assert code == 1
        assert "there are: band, following, melodies, midi," in complaint


def test_every_bench_that_is_offered_is_there() -> None:
    for name, target in cli._benches().items():
        module, _, function = target.partition(":")
        tree = ast.parse(Path(f"{module.replace('.', '/')}.py").read_text("utf-8"))
        assert any(isinstance(n, ast.FunctionDef) and n.name == function for n in tree.body), name


def test_an_installed_copy_says_where_the_benches_are(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_CHECKOUT", tmp_path)
    code, _, complaint = run("bench", "midi")
    assert code == 1
    assert complaint == (
        "The benches come with a checkout of the project, not with an installed copy.\n"
    )


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize(
    ("words", "module", "extra"),
    [(("bench", "midi"), "jack", "test"), (("evaluate", "fake"), "sklearn", "train")],
)
def test_a_tool_that_is_not_installed_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    module: str,
    extra: str,
    early: bool,
) -> None:
    missing = ModuleNotFoundError(f"No module named {module!r}", name=module)

    def measured(*_: object) -> list[Row]:
        raise missing

    def resolved(*_: object) -> Callable[..., list[Row]]:
        if early:
            raise EngineError("The bench cannot be imported.") from missing
        return measured

    monkeypatch.setattr(cli, "find_engines", lambda: Registry.of(fake(evaluate="x:y").spec))
    monkeypatch.setattr(cli, "resolve", resolved)
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(words))
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert said == f"{module} is not installed here: pip install 'latent-loom[{extra}]'.\n"


def test_training_is_told_only_what_was_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine's own defaults hold: its folder for a run depends on the material."""
    told: dict[str, object] = {}

    def train(model: str, *, device: str, data: Path | None = None, steps: int = 1) -> None:
        told.update(model=model, device=device, data=data, steps=steps)

    spec = replace(fake().spec, train="engine:train")
    monkeypatch.setattr(cli, "find_engines", lambda: Registry.of(spec))
    monkeypatch.setattr(cli, "resolve", lambda *_: train)
    assert run("train", "fake", "--data", "mine", "--steps", "3")[0] == 0
    assert (told["data"], told["steps"]) == (Path("mine"), 3)
    code, _, complaint = run("train", "fake", "--cache", "here")
    assert code == 1
    assert "leave --cache out" in complaint


def test_a_folder_becomes_a_model_and_of_several_processes_only_the_first_writes(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "find_engines", lambda: Registry.of(training_fakes.spec()))
    folder, out = training_fakes.write_pictures(tmp_path / "leaves", 4), tmp_path / "run"
    words = ("train", "learner", "--data", str(folder), "--out", str(out), "--minutes", "0.1")
    monkeypatch.setenv("RANK", "1")  # as `torchrun` counts them
    assert run(*words, "--size", "16") == (0, "", "")
    assert not out.exists()
    assert not places.models().exists()
    monkeypatch.setenv("RANK", "0")
    code, said, _ = run(*words, "--size", "16")
    assert code == 0
    assert "leaves holds 4 pictures: variations of these." in said
    assert "leaves is in" in said
    assert sorted(file.suffix for file in places.models().iterdir()) == [
        ".json", ".png", ".safetensors",
    ]  # fmt: skip


@pytest.mark.parametrize("words", [("friday.loom",), ("play", "friday.loom")])
def test_a_preset_or_a_bundle_opens_in_the_window(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    opened: list[Path] = []

    def window(resources: Resources, files: Sequence[Path]) -> int:
        opened.extend(files)
        return 0

    monkeypatch.setattr(cli, "window_problem", lambda: "")
    monkeypatch.setattr(cli, "resolve", lambda *_: window)
    assert run(*words)[0] == 0
    assert opened == [Path("friday.loom")]


@pytest.mark.parametrize(("words", "is_open"), [((), False), (("--network",), True)])
def test_requests_opens_the_window_with_the_page_switched_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], is_open: bool
) -> None:
    monkeypatch.setattr(cli, "window_problem", lambda: "")
    monkeypatch.setattr(cli, "resolve", lambda *_: lambda *_: 0)
    assert run("requests", *words)[0] == 0
    asked = Store(folders.settings_file()).settings.requests
    assert (asked.on, asked.open_to_network) == (True, is_open)


def test_without_a_display_play_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "window_problem", lambda: "There is no display here.")
    code, _, complaint = run()
    assert code == 1
    assert complaint == "There is no display here.\n"


def test_the_version(run: Run) -> None:
    assert run("--version")[1].startswith("Latent Loom ")


def test_a_terminal_that_lacks_letters_gets_others_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(screen, "ascii", write_through=True))
    monkeypatch.setattr(cli, "app", lambda words: print("Zo\u00e9 \u2603"))
    with pytest.raises(SystemExit):
        cli.main(["doctor"])
    assert screen.getvalue().split() == [rb"Zo\xe9", rb"\u2603"]


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise there")
def test_a_reader_that_has_seen_enough_is_no_traceback() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = _run({"PYTHONUNBUFFERED": "1"}, "--help", stdout=theirs)
    os.close(theirs)
    assert b"Traceback" not in done.stderr


def _run(
    environ: dict[str, str], *words: str, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "studio", *words],
        env={**os.environ, **environ},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )
