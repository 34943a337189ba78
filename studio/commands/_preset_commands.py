"""`latentloom presets`: presets and bundles as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Presets and bundles as files.", no_args_is_help=True)


@app.command("check")
def check_preset(
    file: Annotated[Path, typer.Argument(help="A preset, a set list or a bundle.")],
) -> None:
    """Say what is in a file, and whether it can be trusted and shown here."""
    from studio.commands.presets import run as check

    raise typer.Exit(check(file))
