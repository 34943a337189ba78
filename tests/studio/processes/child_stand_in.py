"""`python -m` this: says how it was started, and which heavy packages were loaded before."""

import sys

if __name__ == "__main__":
    heavy = [name for name in ("typer", "pydantic", "numpy", "torch") if name in sys.modules]
    print(__name__, sys.argv[1:], heavy)
    sys.exit(3)
