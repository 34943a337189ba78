"""The tree tells: what belongs in a package, what of it is public, and what is nobody else's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = sorted(
    file.parent
    for top in ("studio", "ui")
    for file in (ROOT / top).rglob("__init__.py")
    if file.parent.parent != ROOT
)
PRODUCT = sorted(file for top in ("studio", "ui", "engines") for file in (ROOT / top).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def all_of(package: Path) -> set[str]:
    for node in ast.parse((package / "__init__.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def public_modules(package: Path) -> set[str]:
    files = {file.stem for file in package.glob("*.py") if not file.name.startswith("_")}
    return files | {file.parent.name for file in package.glob("*/__init__.py")}


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_a_package_says_what_it_is_and_lists_what_is_public(package: Path) -> None:
    assert ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    assert public_modules(package) <= all_of(package)


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_no_package_has_more_than_twenty_modules(package: Path) -> None:
    assert len(list(package.glob("*.py"))) <= 21, "twenty and the __init__"


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_nobody_imports_a_private_module_of_another_package() -> None:
    known = {name_of(file): file.parent for file in PRODUCT}
    for file in PRODUCT:
        for target in imports(file):
            parts = target.split(".")
            for end in range(2, len(parts) + 1):
                home = known.get(".".join(parts[:end]))
                if home is not None and parts[end - 1].startswith("_"):
                    assert file.parent == home, f"{name_of(file)} imports {target}"


def test_there_are_few_loose_files() -> None:
    loose = {file.name for file in (ROOT / "studio").glob("*.py")}
    assert loose == {"__init__.py", "__main__.py"}
    assert len(list((ROOT / "ui").glob("*.py"))) <= 12


def test_the_architecture_names_every_package_and_none_that_is_gone() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    tree = text.split("```")[1]
    named = set(re.findall(r"([a-z_]+)/", tree))
    there = {package.name for package in PACKAGES} | {"studio", "ui", "engines", "presets", "tests"}
    assert there <= named, f"not named: {sorted(there - named)}"
    tops = ("studio", "ui", "engines", "presets", "tests")
    folders = {path.name for top in tops for path in (ROOT / top).rglob("*") if path.is_dir()}
    folders.update(tops)
    assert named <= folders, f"gone: {sorted(named - folders)}"


def test_the_architecture_is_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 120


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_what_the_documents_point_at_is_there(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    for path in re.findall(r"`((?:studio|ui|engines|tests|docs)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), f"{document} names {path}"
    for path in re.findall(r"\]\(((?!http)[^)#]+)\)", text):
        assert (ROOT / path).exists(), f"{document} links to {path}"
