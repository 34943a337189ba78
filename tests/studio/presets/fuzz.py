"""Strangers' files against the presets: `python -m tests.studio.presets.fuzz [CASES [SEED]]`.

Real documents and bundles are damaged in every way that we could think of, dropped into a folder
that is a library's, opened, imported and checked. A case fails on anything but a `PresetError` of
one sentence, on a file outside the folders that are ours, and on memory out of bounds.
"""

from __future__ import annotations

import copy
import io
import json
import random
import resource
import shutil
import stat
import struct
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studio.commands import presets
from studio.engine.registry import Registry
from studio.presets import (
    Library,
    PresetError,
    SetList,
    Weights,
    autosave,
    fitted,
    text_of,
    working_state,
)
from studio.presets.sharing import bundles, importing
from studio.presets.working_state import WorkingState
from tests.fakes import fake, is_one_sentence
from tests.studio.presets.makers import PICTURE, full_scene, preset

MEMORY_MB = 400
"""More than a case may add to what the process needs anyway."""

NASTY: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 10**400, 1e308, -0.0, "", "x" * 100_000, "../../etc/passwd",
    "\x00", "\u202e", "CON", "a\nb", "é" * 300, [], {}, [[]], [None] * 1000, {"a": {}},
    {"__class__": "os.system"},
    "AAAA", "AAA", "////", "NaN", "8" * 32, "f" * 32, "F" * 64, [0] * 10,
)  # fmt: skip
LITERALS = (
    b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1" * 5000, b"[" * 20_000,
    b'{"a":' * 20_000, b'"\\ud800"', b'"\\u0000"', b"[1,[2,[3", b"0x10", b"'x'", b"\xff\xfe", b"//",
    b"[" + b"0," * 200_000 + b"0]", b"1e-999", b"\xef\xbb\xbf", b'"' + b"\\" * 999,
)  # fmt: skip
NAMES = (
    "../evil.json", "presets/../../evil.json", "/tmp/evil.json", "C:\\evil.json",
    "presets\\evil.json",
    "presets/a/b.json", "presets/.json", "presets/\x00.json", "models/../evil.safetensors",
    "presets/evil.py", "evil.exe", "presets/" + "x" * 5000 + ".json", "presets//evil.json", " ",
    "presets/CON.json", "presets/evil.json/", "~/evil.json", "presets/..", "BUNDLE.JSON",
)  # fmt: skip

Case = tuple[str, bytes]
"""A file's ending and its content."""


class Fuzz:
    """Damages files by the numbers of one `seed` and lets the studio read them in `root`."""

    def __init__(self, root: Path, seed: int) -> None:
        root.mkdir(exist_ok=True)
        self._root = root
        self._chance = random.Random(seed)
        self._registry = Registry.of(fake().spec, fake("other").spec)
        self._weights = Weights()
        self._documents = self._real_documents()
        self._bundles = self._real_bundles()
        self.outcomes: Counter[str] = Counter()
        self._empty()

    def case(self) -> None:
        """One damaged file. Raises AssertionError where it does harm."""
        ending, content = self._chance.choice(
            (self._bytes, self._bytes, self._literal, self._structure, self._structure, self._zip)
        )()
        self.check(ending, content)

    def check(self, ending: str, content: bytes) -> None:
        """Let the studio read `content`, in every way that it reads files."""
        file = self._library / f"dropped{ending}"
        file.write_bytes(content)
        before = self._peak_mb()
        shelf = Library(self._library)
        ways = (self._look, self._import, self._restore)
        outcomes = {self._guarded(way, shelf, file) for way in ways}
        said: list[str] = []
        assert presets.run(file, said.append, self._registry) in (0, 1)
        self.outcomes[", ".join(sorted(outcomes - {""}))] += 1
        assert self._peak_mb() - before < MEMORY_MB, f"{self._peak_mb() - before:.0f} MB"
        assert {p.name for p in self._root.iterdir()} == {"canary", "library", "models"}
        assert (self._root / "canary").read_text() == "sings"
        assert all(p.suffix in (".safetensors", ".json") for p in self._models.iterdir())
        self._tidy()

    def _guarded(self, reads: Callable[[Library, Path], str], shelf: Library, file: Path) -> str:
        refusal = ""
        try:
            return reads(shelf, file)
        except PresetError as error:
            refusal = str(error)
        assert is_one_sentence(refusal), refusal
        return "refused"

    def _look(self, shelf: Library, file: Path) -> str:
        shelf.refresh()
        for entry in shelf.entries:
            shelf.thumbnail(entry.id)
            if not entry.problem:
                found = fitted(shelf.open(entry.id).preset, self._registry, self._weights)
                assert all(is_one_sentence(remark) for remark in found.remarks), found.remarks
        return ""

    def _import(self, shelf: Library, file: Path) -> str:
        imported = importing.take_in(file, shelf, self._models)
        assert all(is_one_sentence(remark) for remark in imported.remarks), imported.remarks
        return "taken in"

    def _restore(self, shelf: Library, file: Path) -> str:
        autosave.read(autosave.SavedState(file, datetime.now(UTC)))
        return "restored"

    # -- the damage ----------------------------------------------------------------------------

    def _bytes(self) -> Case:
        """Cut, flipped, doubled, shuffled: what disks and networks do."""
        ending, content = self._any()
        damaged = bytearray(content)
        for _ in range(self._chance.choice((1, 1, 2, 5, 50))):
            a = self._chance.randrange(len(damaged) + 1)
            b = min(len(damaged), a + self._chance.choice((1, 1, 4, 100, 5000)))
            match self._chance.randrange(6):
                case 0:
                    del damaged[a:]
                case 1:
                    del damaged[a:b]
                case 2:
                    damaged[a:a] = damaged[a:b] * self._chance.choice((1, 2, 10))
                case 3:
                    damaged[a:b] = self._chance.randbytes(b - a)
                case 4:
                    for at in range(a, min(b, a + 8)):
                        damaged[at] ^= 1 << self._chance.randrange(8)
                case 5:
                    damaged[a:b] = b"\x00" * (b - a)
        return ending, bytes(damaged)

    def _literal(self) -> Case:
        """Something that is no sound JSON in the place of a number or word."""
        ending, text = self._chance.choice(self._documents)
        places = [i for i, byte in enumerate(text) if byte in b" :[,"]
        at = self._chance.choice(places) + 1
        end = next((i for i in range(at, len(text)) if text[i] in b",]}\n"), len(text))
        return ending, text[:at] + self._chance.choice(LITERALS) + text[end:]

    def _structure(self) -> Case:
        """Sound JSON with something nasty in it."""
        ending, text = self._chance.choice(self._documents)
        data = json.loads(text)
        for _ in range(self._chance.choice((1, 1, 2, 4))):
            self._damage(data)
        dumped = json.dumps(data)
        if self._chance.random() < 0.1:  # a name twice
            dumped = dumped.replace("{", '{"name": "twice", "name": "x", ', 1)
        return ending, dumped.encode("utf-8", "surrogatepass")

    def _damage(self, data: Any) -> None:
        holder = data
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                return
            key = self._chance.choice(keys)
            deeper = holder[key]
            if isinstance(deeper, (dict, list)) and deeper and self._chance.random() < 0.8:
                holder = deeper
                continue
            break
        match self._chance.randrange(5):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.extend([copy.deepcopy(holder[key])] * self._chance.choice((1, 100, 2000)))
            case 2 if isinstance(holder, dict):
                holder[self._chance.choice(("extra", "../x", "id", "scene", ""))] = copy.deepcopy(
                    holder[key]
                )
            case _:
                holder[key] = copy.deepcopy(self._chance.choice(NASTY))

    def _zip(self) -> Case:
        """A bundle that is packed by somebody who means ill."""
        content = self._chance.choice(self._bundles)
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            parts = {name: bundle.read(name) for name in bundle.namelist()}
        out = io.BytesIO()
        with (
            warnings.catch_warnings(action="ignore"),
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        ):
            for name, data in parts.items():
                self._pack(packed, name, data)
            for _ in range(self._chance.choice((0, 0, 1, 3))):
                info = zipfile.ZipInfo(self._chance.choice(NAMES))
                if self._chance.random() < 0.3:
                    info.external_attr = (stat.S_IFLNK | 0o777) << 16
                packed.writestr(info, b"../../canary")
        return ".loom", self._lie(out.getvalue())

    def _pack(self, packed: zipfile.ZipFile, name: str, data: bytes) -> None:
        match self._chance.randrange(14):
            case 0:
                return
            case 1:
                packed.writestr(name, data)
                packed.writestr(name, data)
            case 2:
                packed.writestr(name, b"\x00" * 30_000_000)  # a bomb: some 30 kB packed
            case 3:
                packed.writestr(self._chance.choice(NAMES), data)
            case 4:
                packed.writestr(name, data, zipfile.ZIP_LZMA)
            case 5:
                packed.writestr(name, self._damaged_json(data))
            case 6 if name != "bundle.json":
                packed.writestr(name, data[: len(data) // 2])
            case _:
                packed.writestr(name, data)

    def _damaged_json(self, data: bytes) -> bytes:
        try:
            parsed = json.loads(data)
        except ValueError:
            return self._chance.randbytes(len(data))
        self._damage(parsed)
        return json.dumps(parsed).encode()

    def _lie(self, content: bytes) -> bytes:
        """Other sizes, counts and flags than the truth, in the zip's own lists."""
        damaged = bytearray(content)
        marks = [b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"]
        for _ in range(self._chance.choice((0, 0, 1, 2))):
            mark = self._chance.choice(marks)
            found = [i for i in range(len(damaged)) if damaged.startswith(mark, i)][:50]
            if found:
                at = self._chance.choice(found) + 4 + self._chance.randrange(0, 38, 2)
                lie = self._chance.choice((0, 1, 0xFFFF, 0x7FFF, 1_000_000_000, 0xFFFFFFFF))
                damaged[at : at + 4] = struct.pack("<L", lie)
        return bytes(damaged)

    # -- the ground ----------------------------------------------------------------------------

    def _any(self) -> Case:
        if self._chance.random() < 0.7:
            return self._chance.choice(self._documents)
        return ".loom", self._chance.choice(self._bundles)

    def _real_documents(self) -> list[Case]:
        rich = preset("Rich", tags=("slow", "deep"), notes="é\nwords", author="Somebody").but(
            scene=full_scene()
        )
        first = {"schema_version": 1, "app_version": "0.1.0", "name": "Old"}
        old = {**first, "scene": full_scene().model_dump(mode="json")}
        kept = WorkingState(scene=full_scene(), snapshots=(full_scene(), *[None] * 7))
        listed = SetList(name="Tonight", presets=(rich.id, rich.id))
        return [
            (".json", text_of(rich)),
            (".json", text_of(preset())),
            (".json", json.dumps(old).encode()),
            (".json", working_state.text_of(kept)),
            (".json", listed.model_dump_json().encode()),
        ]

    def _real_bundles(self) -> list[bytes]:
        from safetensors.numpy import save

        folder = Path(tempfile.mkdtemp(dir=self._root))
        try:
            shelf = Library(folder / "shelf")
            shelf.refresh()
            ids = [shelf.add(preset(f"No {n}", n), PICTURE).id for n in range(3)]
            weights = folder / "w.safetensors"
            weights.write_bytes(save({"levels": PICTURE}))
            model = bundles.ModelPart(
                engine="fake",
                model="first",
                sha256=Weights().sha256(weights),
                file="models/first.safetensors",
            )
            listed = SetList(name="Tonight", presets=tuple(ids))
            bundles.write(folder / "a.loom", shelf, ids, set_list=listed)
            bundles.write(folder / "b.loom", shelf, ids[:1], models=[(model, weights)])
            return [(folder / name).read_bytes() for name in ("a.loom", "b.loom")]
        finally:
            shutil.rmtree(folder)

    def _empty(self) -> None:
        self._library, self._models = self._root / "library", self._root / "models"
        self._library.mkdir()
        self._models.mkdir()
        (self._root / "canary").write_text("sings")

    def _tidy(self) -> None:
        for folder in (self._library, self._models):
            shutil.rmtree(folder)
            folder.mkdir()

    @staticmethod
    def _peak_mb() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(cases: int = 20_000, seed: int = 0) -> None:
    """Run `cases` and say what came of them."""
    ground = "/dev/shm" if Path("/dev/shm").is_dir() else None  # nothing here is worth a disk
    root = Path(tempfile.mkdtemp(prefix="fuzz", dir=ground))
    began = time.monotonic()
    try:
        fuzz = Fuzz(root, seed)
        for number in range(cases):
            try:
                fuzz.case()
            except BaseException:
                print(f"case {number} of seed {seed}; the file lies in {root}")
                raise
        shutil.rmtree(root)
    finally:
        print(f"{dict(fuzz.outcomes)} in {time.monotonic() - began:.0f} s")
    print(f"{cases} cases, seed {seed}: no harm; {fuzz._peak_mb():.0f} MB at most")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
