"""Every check of the doctor, on machines that are made up."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from studio.commands import doctor
from studio.commands.doctor import Check, NoAnswerError, Status
from studio.engine import EngineSpec, ModelSpec
from studio.engine.registry import Listing
from studio.setup import system

OK, WARN, BROKEN = Status.OK, Status.WARN, Status.BROKEN


def answers(value: Any) -> Callable[[str], Any]:
    return lambda code: value


def ends_with(last_line: str) -> Callable[[str], Any]:
    def ask(code: str) -> Any:
        raise NoAnswerError(last_line)

    return ask


def test_versions_warn_outside_the_range() -> None:
    assert doctor.versions("3.14.2").status is OK
    assert doctor.versions("3.10.9").status is WARN


# --- dependencies --------------------------------------------------------------------------------

DECLARED = ["numpy>=2", "av>=14", "torch<3,>=2.6", 'pytest>=8; extra == "test"']


def installed(**versions: str) -> Callable[[str], str]:
    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    return version


@pytest.fixture
def constraints(tmp_path: Path) -> Path:
    path = tmp_path / "constraints.txt"
    path.write_text("# ours\nnumpy==2.4.6\ntorch==2.13.0\n")
    return path


def check_dependencies(constraints: Path, **versions: str) -> dict[str, Check]:
    checks = doctor.dependencies(lambda name: DECLARED, installed(**versions), constraints)
    return {check.name: check for check in checks}


def test_each_direct_dependency_has_a_line_and_an_extra_has_none(constraints: Path) -> None:
    versions = {"numpy": "2.4.6", "av": "18.1.0", "torch": "2.13.0+cpu", "tinysoundfont": "0.3.7"}
    checks = check_dependencies(constraints, **versions)
    bare = ["tinysoundfont"] if sys.version_info < (3, 13) else []
    assert list(checks) == ["numpy", "av", "torch", *bare]
    assert {check.status for check in checks.values()} == {OK}
    assert checks["torch"].detail == "2.13.0+cpu"


def test_another_version_than_the_tested_one_is_named(constraints: Path) -> None:
    checks = check_dependencies(constraints, numpy="2.3.0", av="18.1.0", torch="2.5.1")
    assert checks["numpy"] == Check("numpy", OK, "2.3.0 (tested with 2.4.6)")
    assert checks["torch"].status is WARN
    assert checks["torch"].remedy == "pip install 'torch<3,>=2.6'"


def test_what_is_missing_is_broken_unless_playing_goes_on_without(constraints: Path) -> None:
    checks = check_dependencies(constraints, torch="2.13.0")
    assert checks["numpy"].status is BROKEN
    assert checks["av"].status is WARN
    assert "start.py" in checks["av"].remedy


def test_a_checkout_that_is_not_installed_says_so(tmp_path: Path) -> None:
    def requires(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    (check,) = doctor.dependencies(requires, installed(), tmp_path / "none")
    assert check.status is WARN
    assert "start.py" in check.remedy


def test_the_pins_are_optional(tmp_path: Path) -> None:
    assert doctor.pins(tmp_path / "none") == {}


# --- the machine ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "begins"),
    [
        ({"cuda": "NVIDIA H100", "mps": False}, "CUDA: NVIDIA H100"),
        ({"cuda": None, "mps": True}, "Apple GPU"),
        ({"cuda": None, "mps": False}, "CPU: "),
    ],
)
def test_the_device_that_engines_get(answer: dict[str, Any], begins: str) -> None:
    check = doctor.device(answers(answer), lambda name: None)
    assert check.status is OK
    assert check.detail.startswith(begins)


def test_a_gpu_that_torch_cannot_use_is_a_warning() -> None:
    check = doctor.device(answers({"cuda": None, "mps": False}), lambda name: "/usr/bin/nvidia-smi")
    assert check.status is WARN


def test_a_torch_that_does_not_load_is_broken() -> None:
    check = doctor.device(ends_with("ImportError: libgomp"))
    assert check.status is BROKEN
    assert "ImportError: libgomp" in check.detail


def test_missing_libraries_come_with_the_command() -> None:
    machine = system.Machine("apt-get", is_root=False)
    check = doctor.libraries("sound", system.SOUND[:2], lambda needs: tuple(needs), lambda: machine)
    assert check.status is WARN
    assert check.remedy == "sudo apt-get install -y libportaudio2"
    assert doctor.libraries("sound", system.SOUND, lambda needs: ()).status is OK


def test_a_display_is_named_and_none_is_a_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "on_linux", lambda: True)
    assert doctor.display({"DISPLAY": ":1"}) == Check("display", OK, "DISPLAY=:1")
    assert doctor.display({}).status is WARN


def test_sound_devices() -> None:
    both = doctor.sound(answers({"out": ["Speakers"], "in": ["Line", "Microphone"]}))
    assert both == Check("sound devices", OK, "out: Speakers; in: Line, Microphone")
    assert doctor.sound(answers({"out": ["Speakers"], "in": []})).status is OK
    assert doctor.sound(answers({"out": [], "in": ["Microphone"]})).status is WARN
    silent = doctor.sound(ends_with("OSError: PortAudio library not found"))
    assert silent.status is WARN
    assert silent.remedy


def test_the_players_priority_and_what_to_do_without() -> None:
    assert doctor.timing(answers(["real-time, FIFO 20", True])).status is OK
    without = doctor.timing(answers(["normal priority", False]))
    assert without.status is WARN
    assert "rtprio" in without.remedy


def test_midi_ports_and_no_midi_system() -> None:
    ports = {"system": "ALSA", "in": ["Launchpad"], "out": [], "timing": ""}
    assert doctor.midi(answers(ports)).detail == "ALSA, in: Launchpad; out: none"
    timed = {**ports, "timing": "Every 2.7 ms."}
    assert doctor.midi(answers(timed)).detail == "ALSA, in: Launchpad; out: none; Every 2.7 ms."
    assert doctor.midi(answers({"system": ""})).detail == "no MIDI system here"
    assert doctor.midi(ends_with("ImportError: libasound.so.2")).status is WARN


def test_a_question_is_answered_by_another_process() -> None:
    assert doctor.ask("print('[1, 2]')") == [1, 2]


@pytest.mark.parametrize(
    ("code", "last_words"),
    [
        ("raise OSError('PortAudio library not found')", "OSError: PortAudio library not found"),
        ("import os; os._exit(134)", "ended with code 134"),
    ],
)
def test_a_process_that_cannot_answer_leaves_its_last_words(code: str, last_words: str) -> None:
    with pytest.raises(NoAnswerError, match=last_words):
        doctor.ask(code)


def test_no_midi_system_is_not_mistaken_for_a_fault() -> None:
    """The real RtMidi, wherever this runs: ports, or the state that there are none."""
    assert doctor.midi().detail.startswith(("JACK", "ALSA", "no MIDI", "MIDI does not load"))


# --- engines and folders -------------------------------------------------------------------------


def listing(name: str, weights: Path) -> Listing:
    model = ModelSpec(name="faces", title="Faces", latent_size=4, weights=weights, licence="MIT")
    spec = EngineSpec(name=name, title=name, summary="", factory="x:y", models=(model,))
    return Listing(name, "latent-loom", spec)


def test_engines_with_and_without_weights_and_a_broken_plug_in(tmp_path: Path) -> None:
    weights = tmp_path / "faces.safetensors"
    weights.touch()
    found = [
        listing("images", weights),
        listing("textures", tmp_path / "none"),
        Listing("stranger", "/plug-ins/stranger", None, "Its spec does not load."),
    ]
    images, textures, stranger = doctor.engines(lambda: found)
    assert images == Check("engine images", OK, "models: faces")
    assert (textures.status, textures.detail) == (WARN, "no weights for faces")
    assert (stranger.status, stranger.detail) == (WARN, "Its spec does not load.")
    assert "/plug-ins/stranger" in stranger.remedy


def test_no_engine_at_all_is_broken() -> None:
    (check,) = doctor.engines(list)
    assert check.status is BROKEN


def check_folder(make: Callable[[], Path], free_gb: float = 50) -> Check:
    (check,) = doctor.own_folders({"log": make}, lambda path: SimpleNamespace(free=free_gb * 1e9))
    return check


def test_a_folder_and_the_room_there(tmp_path: Path) -> None:
    assert check_folder(lambda: tmp_path) == Check("log", OK, f"{tmp_path} (50.0 GB free)")
    low = check_folder(lambda: tmp_path, free_gb=1)
    assert low.status is WARN
    assert "make room" in low.remedy


def test_a_folder_that_cannot_be_made_or_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()

    def make() -> Path:
        (tmp_path / "file" / "logs").mkdir()
        return tmp_path

    check = check_folder(make)
    assert check.status is WARN
    assert str(tmp_path / "file" / "logs") in check.detail
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    assert "cannot be written" in check_folder(lambda: tmp_path).detail


def test_the_folders_are_those_of_the_studio(home: Path) -> None:
    checks = list(doctor.own_folders())
    assert [check.name for check in checks] == ["plug-ins folder", "log folder"]
    assert all(str(home) in check.detail for check in checks)


# --- the report ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("worst", "code"), [(OK, 0), (WARN, 0), (BROKEN, 1)])
def test_only_what_is_broken_makes_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, worst: Status, code: int
) -> None:
    checks = [
        Check("one", OK, "fine"),
        Check("two", worst, "so", "mend it"),
        Check("three", OK, ""),
    ]
    monkeypatch.setattr(doctor, "diagnose", lambda: iter(checks))
    out = io.StringIO()
    assert doctor.run(Console(file=out, width=20)) == code
    lines = out.getvalue().splitlines()
    assert len(lines) == 3, "a line each, however narrow the terminal"
    assert lines[1].split() == [worst, "two", "so", "->", "mend", "it"]


def test_a_detail_is_never_taken_for_markup() -> None:
    out = io.StringIO()
    Console(file=out).print(doctor.line(Check("port", OK, "[in] synth")))
    assert "[in] synth" in out.getvalue()
