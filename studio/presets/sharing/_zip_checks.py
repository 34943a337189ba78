"""Zips from strangers: bounded by what they claim before anything is unpacked."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from studio.engine.own_pictures import LIMIT_BYTES as LIMIT_OWN_BYTES
from studio.presets import document
from studio.presets.errors import PresetError
from studio.presets.folder import thumbnails as pictures
from studio.presets.sharing.bundles import (
    LIMIT_MODEL_BYTES,
    LIMIT_MODELS,
    LIMIT_OWN,
    LIMIT_PRESETS,
    LIMIT_PREVIEW_BYTES,
    MANIFEST,
    OWN,
)

_LIMITS = {
    ".json": document.LIMIT_BYTES,
    ".png": pictures.LIMIT_BYTES,
    ".mp4": LIMIT_PREVIEW_BYTES,
    ".safetensors": LIMIT_MODEL_BYTES,
}
_LIMIT_ENTRIES = 3 * LIMIT_PRESETS + 2 * LIMIT_MODELS + LIMIT_OWN + 1
_LIMIT_DIRECTORY_BYTES = _LIMIT_ENTRIES * 600
_LIMIT_TOTAL_BYTES = 4_000_000_000
_LIMIT_DOCUMENTS_BYTES = 500_000_000
_LIMIT_MANIFEST_BYTES = 4_000_000
_NAME = re.compile(
    r"(?:presets/[^/\\:\x00-\x1f\x7f]{1,150}\.(?:json|png|mp4)"
    r"|models/[^/\\:\x00-\x1f\x7f]{1,150}\.(?:safetensors|png)"
    r"|own/[0-9a-f]{64}\.safetensors)\Z"
)
_END = struct.Struct("<4s4H2LH")

TROUBLE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # encrypted; NotImplementedError is one too
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
)
"""All that `zipfile` raises for what is no sound zip."""


def opened(source: BinaryIO, called: str) -> zipfile.ZipFile:
    """The zip in `source`. Raises `PresetError`, naming it as `called`."""
    try:
        _check_directory(source, called)
        return zipfile.ZipFile(source)
    except TROUBLE as error:
        raise PresetError(f"The bundle {called} cannot be opened: it is damaged.") from error


def checked(found: zipfile.ZipFile, called: str) -> dict[str, zipfile.ZipInfo]:
    """The files in a zip by their names, all of which belong there, claim to be of a bounded size,
    and are plain files. Raises `PresetError`."""
    infos = found.infolist()
    why = _trouble(infos) or next(filter(None, map(_trouble_with, infos)), "")
    if why:
        raise refusal(called, why)
    return {info.filename: info for info in infos}


def refusal(called: str, why: str) -> PresetError:
    """The sentence for a bundle that is not opened."""
    return PresetError(f"The bundle {called} cannot be opened: {why}.")


def _trouble(infos: list[zipfile.ZipInfo]) -> str:
    """What is wrong with all of them together, or nothing."""
    if len(infos) > _LIMIT_ENTRIES:
        return "there are too many files in it"
    folded = {unicodedata.normalize("NFC", info.filename).casefold() for info in infos}
    if len(folded) < len(infos):
        return "it holds a name twice"
    small = (i.file_size for i in infos if not i.filename.startswith("models/"))
    if sum(i.file_size for i in infos) > _LIMIT_TOTAL_BYTES or sum(small) > _LIMIT_DOCUMENTS_BYTES:
        return "it is too large"
    return ""


def _trouble_with(info: zipfile.ZipInfo) -> str:
    """What is wrong with one of them, or nothing."""
    name = info.filename
    if name != MANIFEST and not _NAME.match(name):
        return "it holds a file that does not belong there"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "it holds a link"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in a way that is not read here"
    limit = _LIMIT_MANIFEST_BYTES if name == MANIFEST else _LIMITS[PurePosixPath(name).suffix]
    limit = LIMIT_OWN_BYTES if name.startswith(OWN) else limit
    return "a file in it is too large" if info.file_size > limit else ""


def _check_directory(source: BinaryIO, called: str) -> None:
    """`zipfile` reads the whole list of files into memory, so look first how long it claims to be.

    The record at the end says it; one that is itself extended (zip64) is never needed here.
    """
    size = source.seek(0, 2)
    tail_at = max(0, size - _END.size - 20 - 65535)
    source.seek(tail_at)
    tail = source.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile
    _, _, _, _, count, directory, _, _ = _END.unpack(tail[at : at + _END.size])
    if tail[max(0, at - 20) : at].startswith(b"PK\x06\x07") or (
        count > _LIMIT_ENTRIES or directory > _LIMIT_DIRECTORY_BYTES
    ):
        raise refusal(called, "there are too many files in it")
