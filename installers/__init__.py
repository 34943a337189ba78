"""Makes the program for people who have no Python: `python -m installers.build`.

`contents` says what is in it, `latentloom.spec` tells PyInstaller so on every system, and the
folders `linux`, `windows` and `macos` hold what makes an installed program of it there.
"""

__all__ = ["build", "contents", "icons", "wheels"]
