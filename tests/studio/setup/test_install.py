"""The stamp, the lock, and what a cut-short install leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.setup import install, torch_build
from studio.setup.install import Install, InstallError, Lock, UntouchedError


class FakeInstall(Install):
    """Makes a venv of two files and takes a function for pip."""

    def __init__(self, root: Path, pip: Callable[[list[str]], None]) -> None:
        super().__init__(root)
        self.fill = pip
        self.venvs_made = 0

    def is_made(self) -> bool:
        return self.python.exists()

    def _make_venv(self) -> None:
        self.venvs_made += 1
        self.python.parent.mkdir(parents=True, exist_ok=True)
        self.python.touch()
        (self.venv / "pyvenv.cfg").write_text("version = 3.11\n")

    def _pip(self, wanted: list[str], lock: Lock) -> None:
        if "--no-deps" not in wanted:
            self.fill(wanted[-1].strip(".[]").split(",") if wanted[-1] != "." else [])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("numpy==2\n")
    (tmp_path / "studio").mkdir()
    return tmp_path


@pytest.fixture
def asked() -> list[list[str]]:
    """What pip was asked to install, run by run."""
    return []


@pytest.fixture
def project(root: Path, asked: list[list[str]]) -> FakeInstall:
    return FakeInstall(root, asked.append)


def fail(extras: list[str]) -> None:
    raise InstallError("no network")


def interrupt(extras: list[str]) -> None:
    raise KeyboardInterrupt


def test_a_second_run_installs_nothing(project: FakeInstall, asked: list[list[str]]) -> None:
    project.ensure("")
    project.ensure("")
    assert asked == [[]]
    assert project.venvs_made == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", ".venv/pyvenv.cfg"])
def test_a_change_of_what_is_needed_installs_again_in_place(
    project: FakeInstall, root: Path, asked: list[list[str]], name: str
) -> None:
    project.ensure("")
    (root / name).write_text("changed")
    project.ensure("")
    assert len(asked) == 2
    assert project.venvs_made == 1


def test_a_new_package_or_a_moved_checkout_is_a_change(project: FakeInstall, root: Path) -> None:
    project.ensure("")
    (root / "presets").mkdir()
    assert not project.ready("")
    project.ensure("")
    moved = root.rename(root.with_name("moved"))
    assert not FakeInstall(moved, fail).ready("")


def test_an_extra_once_installed_stays(project: FakeInstall, asked: list[list[str]]) -> None:
    project.ensure("")
    project.ensure("test")
    project.ensure("")
    project.ensure("test")
    (project.root / "constraints.txt").write_text("changed")
    project.ensure("")
    assert asked == [[], ["test"], ["test"]]


def test_a_stamp_without_its_python_or_in_pieces_is_not_trusted(project: FakeInstall) -> None:
    project.ensure("")
    text = project.stamp.read_text()
    for broken in (text[:-5], "", "[]", "3"):
        project.stamp.write_text(broken)
        assert not project.ready("")
    project.stamp.write_text(text)
    assert project.ready("")
    project.python.unlink()
    assert not project.ready("")


@pytest.mark.parametrize(
    ("accident", "error"), [(fail, InstallError), (interrupt, KeyboardInterrupt)]
)
def test_a_cut_short_install_leaves_no_stamp_and_is_rebuilt(
    root: Path, asked: list[list[str]], accident: Callable[[list[str]], None], error: type
) -> None:
    cut_short = FakeInstall(root, accident)
    with pytest.raises(error):
        cut_short.ensure("")
    assert not cut_short.stamp.exists()
    again = FakeInstall(root, asked.append)
    again.ensure("")
    assert again.venvs_made == 1
    assert again.ready("")


def test_a_cut_short_update_is_rebuilt_too(project: FakeInstall, root: Path) -> None:
    project.ensure("")
    (root / "pyproject.toml").write_text("changed")
    with pytest.raises(InstallError):
        FakeInstall(root, fail).ensure("")
    project.ensure("")
    assert project.venvs_made == 2


def test_an_update_that_never_began_leaves_the_environment_as_it_was(
    project: FakeInstall, root: Path
) -> None:
    def offline(extras: list[str]) -> None:
        raise UntouchedError("no network")

    project.ensure("test")
    before = (root / "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text("changed")
    with pytest.raises(UntouchedError):
        FakeInstall(root, offline).ensure("")
    assert not project.ready("")
    (root / "pyproject.toml").write_text(before)
    assert project.ready("test")
    (root / "pyproject.toml").write_text("changed")
    project.ensure("")
    assert project.venvs_made == 1


def test_needs_that_change_while_pip_is_at_work_are_not_stamped(root: Path) -> None:
    def edit(extras: list[str]) -> None:
        (root / "pyproject.toml").write_text("edited meanwhile")

    project = FakeInstall(root, edit)
    project.ensure("")
    assert not project.ready("")


def test_what_another_run_has_just_installed_is_not_installed_again(
    project: FakeInstall, root: Path, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_run_finishes_first(lock: Lock) -> Lock:
        monkeypatch.undo()
        FakeInstall(root, asked.append).ensure("")
        return lock

    monkeypatch.setattr(Lock, "__enter__", other_run_finishes_first)
    monkeypatch.setattr(Lock, "__exit__", lambda lock, *exc: None)
    project.ensure("")
    assert asked == [[]]


# --- the lock ------------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from studio.setup.install import Lock
with Lock(Path(sys.argv[1])) as lock:
    lock.begin()
    print("holding", flush=True)
    time.sleep(60)
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """Another process that has the lock and is in the middle of an install."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "holding\n"
    return holder


def test_one_at_a_time_and_a_killed_holder_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lock"
    holder = hold(path)

    def lose_patience(seconds: float) -> None:
        holder.kill()
        holder.communicate()

    monkeypatch.setattr(install.time, "sleep", lose_patience)
    with Lock(path) as lock:
        assert lock.unfinished
        lock.finish()
    assert "waiting" in capsys.readouterr().out
    with Lock(path) as lock:
        assert not lock.unfinished


@pytest.mark.skipif(os.name != "posix", reason="a child inherits the lock on POSIX only")
def test_pip_holds_the_lock_on_when_start_py_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with Lock(path) as lock:
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=lock.inherited()
        )
    with path.open() as other:
        assert not install._take(other.fileno())
        child.communicate(b"\n")
        assert install._take(other.fileno())


def test_a_folder_that_may_not_be_written_to_is_one_sentence(root: Path) -> None:
    (root / ".venv.lock").mkdir()  # root writes to read-only folders, so another obstacle
    with pytest.raises(InstallError, match=r"cannot be set up in .*: Is a directory\. It needs"):
        FakeInstall(root, fail).ensure("")


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("does", "kind"),
    [
        ("echo 'ERROR: no network'; exit 1", UntouchedError),
        ("echo 'Installing collected packages: torch'; echo 'ERROR: disk full'; exit 1", None),
        ("echo 'ERROR: none'; kill -9 $$", None),
    ],
)
def test_a_pip_that_fails_ends_in_its_words_and_what_to_do(
    root: Path, does: str, kind: type | None
) -> None:
    project = Install(root)
    project.python = root / "python"
    project.python.write_text(f"#!/bin/sh\n{does}\n")
    project.python.chmod(0o755)
    with Lock(root / "lock") as lock, pytest.raises(InstallError) as problem:
        project._pip([], lock)
    assert problem.type is (kind or InstallError)
    assert "ERROR: " in str(problem.value)
    assert "run the same command again" in str(problem.value)


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("broken by 'NewConnectionError('", "because there is no way to the network: mend that"),
        ("broken by 'ProxyError('", "because the proxy that HTTPS_PROXY"),
        ("No module named pip", "because this Python has no pip"),
    ],
)
def test_what_keeps_pip_from_the_packages_is_one_sentence(
    root: Path, says: str, sentence: str
) -> None:
    project = Install(root)
    project.python = root / "python"
    project.python.write_text(
        f'#!/bin/sh\necho "{says}"; echo "ERROR: No match for numpy"; exit 1\n'
    )
    project.python.chmod(0o755)
    with Lock(root / "lock") as lock, pytest.raises(UntouchedError, match=sentence) as problem:
        project._pip([], lock)
    assert "\n" not in str(problem.value)
    assert "run the same command again" in str(problem.value)


def test_what_has_no_wheels_for_its_dependencies_comes_without_them(root: Path) -> None:
    wanted: list[list[str]] = []

    class Noting(FakeInstall):
        def _pip(self, wanted_now: list[str], lock: Lock) -> None:
            wanted.append(wanted_now)
            if "--no-deps" in wanted_now:
                raise InstallError("no wheel for this machine")

    Noting(root, fail).ensure("")
    assert [words[0] for words in wanted] == ["--editable", "--no-deps"]
    assert wanted[1][-1].startswith("tinysoundfont")


def test_the_build_of_torch_for_this_machine_comes_first(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch_build, "ordinary", lambda: "cuda")
    (root / "constraints.txt").write_text("torch==2.13.0\n")
    wanted: list[list[str]] = []

    class Noting(FakeInstall):
        def _pip(self, wanted_now: list[str], lock: Lock) -> None:
            wanted.append(wanted_now)
            if "--index-url" in wanted_now:
                raise UntouchedError("no such host")

    Noting(root, fail).ensure("")
    assert wanted[0][-1] == "torch==2.13.0+cpu"
    assert wanted[1][0] == "--editable"
    assert "the ordinary one has cuda" in capsys.readouterr().out


def test_a_card_that_comes_later_brings_its_build_and_none_is_taken_away(root: Path) -> None:
    project = FakeInstall(root, lambda extras: None)
    project.ensure("")
    project.build = "cuda"
    assert not project.ready("")
    project.ensure("")
    project.build = "cpu"
    assert project.ready("")
