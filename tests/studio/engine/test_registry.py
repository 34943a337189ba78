"""Engines are found through one door; a broken one is listed with its reason and stops nobody."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from textwrap import dedent

import pytest

from studio.engine import EngineError
from studio.engine.registry import GROUP, Listing, Registry, resolve
from tests.fakes import FakeEngine, Guest, broken, fake, is_one_sentence

FINE = """
    from dataclasses import replace
    from tests.fakes import Guest
    SPEC = replace(Guest().spec, name="{name}", factory="{name}.engine:Mine")
"""
ENGINE = "from tests.fakes import FakeEngine as Mine"

Plugin = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A plug-in folder; what was imported from it is forgotten afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    folder = tmp_path / "plugins"
    folder.mkdir()
    yield folder
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def plugin(folder: Path) -> Plugin:
    """`plugin(name, spec, engine)` writes a package into the folder."""

    def write(name: str, spec: str = FINE, engine: str = ENGINE) -> None:
        package = folder / name
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "spec.py").write_text(dedent(spec.replace("{name}", name)))
        (package / "engine.py").write_text(dedent(engine))

    return write


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`install(name="module:attribute")` in place of what is really installed."""

    def install(**values: str) -> None:
        entries = [metadata.EntryPoint(name, value, GROUP) for name, value in values.items()]

        def entry_points(*, group: str) -> list[metadata.EntryPoint]:
            return [e for e in entries if e.group == group]

        monkeypatch.setattr(metadata, "entry_points", entry_points)

    install()
    return install


def listing(registry: Registry, name: str) -> Listing:
    return next(each for each in registry if each.name.startswith(name))


BROKEN = {
    "import_error": "import a_module_that_nobody_has",
    "syntax_error": "def (:",
    "leaves": "import sys; sys.exit(3)",
    "raises": "raise RuntimeError('first line\\nsecond line')",
    "raises_nothing_known": "class Panic(BaseException): ...\nraise Panic('gave way')",
    "silent": "raise ValueError",
    "empty": "",
    "not_a_spec": "SPEC = {'name': 'not_a_spec'}",
    "no_models": """
        from dataclasses import replace
        from tests.fakes import Guest
        SPEC = replace(Guest().spec, models=())
    """,
}


# -- the folder ------------------------------------------------------------------------------------


def test_a_package_in_the_folder_is_an_engine(
    folder: Path, plugin: Plugin, install: Plugin
) -> None:
    plugin("fine")
    registry = Registry.discover(folder)
    assert [spec.name for spec in registry.specs] == ["fine"]
    assert listing(registry, "fine").source == str(folder / "fine")
    assert "fine.engine" not in sys.modules  # its code is imported when it is first needed
    assert isinstance(registry.create("fine"), FakeEngine)


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_package_is_listed_with_its_reason_and_stops_nobody(
    folder: Path, plugin: Plugin, install: Plugin, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    plugin("another")
    plugin(how, BROKEN[how])
    plugin("z_last")
    registry = Registry.discover(folder)
    assert [spec.name for spec in registry.specs] == ["another", "z_last"]
    reason = listing(registry, how).reason
    assert is_one_sentence(reason)
    if how != "not_a_spec":
        assert "Traceback" in caplog.text  # the whole story is in the log
    with pytest.raises(EngineError) as refusal:
        registry.spec(how)
    assert is_one_sentence(str(refusal.value))
    assert reason in str(refusal.value)


def test_a_guest_cannot_hide_a_module_of_ours(
    folder: Path, plugin: Plugin, install: Plugin
) -> None:
    plugin("json")
    plugin("studio")
    registry = Registry.discover(folder)
    assert registry.specs == ()
    assert is_one_sentence(listing(registry, "json").reason)
    assert sys.path[-1] == str(folder)


def test_a_folder_is_read_twice_without_harm(folder: Path, plugin: Plugin, install: Plugin) -> None:
    plugin("fine")
    Registry.discover(folder)
    assert [spec.name for spec in Registry.discover(folder).specs] == ["fine"]
    assert sys.path.count(str(folder)) == 1


def test_an_empty_folder_or_none_at_all_holds_no_engines(folder: Path, install: Plugin) -> None:
    assert Registry.discover(folder).specs == ()
    assert Registry.discover(folder / "nowhere").specs == ()
    assert str(folder) not in sys.path


# -- entry points ----------------------------------------------------------------------------------

SPEC = fake("installed").spec


def test_an_entry_point_is_an_engine(install: Plugin) -> None:
    install(installed=f"{__name__}:SPEC")
    assert Registry.discover().specs == (SPEC,)


def test_a_broken_entry_point_is_listed_and_stops_nobody(install: Plugin) -> None:
    install(
        gone="a_module_that_nobody_has:SPEC",
        lacking=f"{__name__}:NO_SPEC",
        other=f"{__name__}:GROUP",
        installed=f"{__name__}:SPEC",
    )
    registry = Registry.discover()
    assert registry.specs == (SPEC,)
    assert [each.name for each in registry if each.spec is None] == ["gone", "lacking", "other"]
    assert all(is_one_sentence(each.reason) for each in registry if each.spec is None)


def test_the_installed_come_before_the_folder(
    folder: Path, plugin: Plugin, install: Plugin
) -> None:
    plugin("installed")
    install(installed=f"{__name__}:SPEC")
    assert Registry.discover(folder).spec("installed") is SPEC


# -- names -----------------------------------------------------------------------------------------


def test_the_first_of_a_name_is_the_one_and_the_others_say_why_not() -> None:
    first, second, third = (fake("twin").spec for _ in range(3))
    registry = Registry([Listing("twin", "a", first), Listing("twin", "b", second)])
    assert registry.spec("twin") is first
    other = listing(registry, "twin (")
    assert is_one_sentence(other.reason)
    assert "from a" in other.reason
    registry = Registry(Listing("twin", "a", spec) for spec in (first, second, third))
    assert registry.specs == (first,)


def test_a_broken_engine_does_not_take_a_good_ones_name() -> None:
    good = fake("twin").spec
    broken_one = Listing("twin", "a stranger", None, "Its spec does not load.")
    good_one = Listing("twin", "us", good)
    for order in ((broken_one, good_one), (good_one, broken_one)):
        registry = Registry(order)
        assert registry.spec("twin") is good
        assert [each.source for each in registry if each.spec is None] == ["a stranger"]
        assert "does not load" in listing(registry, "twin (").reason


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(EngineError) as refusal:
        Registry.of(fake("one").spec, fake("two").spec).spec("three")
    assert is_one_sentence(str(refusal.value))
    assert "one, two" in str(refusal.value)
    with pytest.raises(EngineError, match="none"):
        Registry([]).spec("three")


# -- making one ------------------------------------------------------------------------------------


def test_every_call_makes_an_engine_of_its_own() -> None:
    guest = fake()
    registry = Registry.of(guest.spec)
    assert registry.create("fake") is not registry.create("fake")
    assert len(guest.made) == 2


def test_what_is_no_engine_is_refused() -> None:
    with pytest.raises(EngineError, match="does not keep to the contract") as refusal:
        Registry.of(Guest(dict).spec).create("fake")
    assert is_one_sentence(str(refusal.value))


def test_what_the_factory_raises_comes_through() -> None:
    with pytest.raises(MemoryError):
        Registry.of(broken("factory", MemoryError).spec).create("broken")


@pytest.mark.parametrize(
    "target",
    [
        "a_module_that_nobody_has:X",
        "tests.fakes:NOBODY",
        "leaves.engine:X",
        "raises.engine:X",
        "raises_nothing_known.engine:X",
        "syntax_error.engine:X",
        "tests.fakes:SIDE",
    ],
)
def test_what_cannot_be_imported_is_refused_by_one_sentence(
    folder: Path, plugin: Plugin, install: Plugin, target: str
) -> None:
    for name in ("leaves", "raises", "raises_nothing_known", "syntax_error"):
        plugin(name, engine=BROKEN[name])
    Registry.discover(folder)
    with pytest.raises(EngineError) as refusal:
        resolve(target, "The engine fine")
    assert is_one_sentence(str(refusal.value))
    assert str(refusal.value).startswith("The engine fine")
