"""`python -m studio` is `latentloom`, and where the packaged program begins."""

import sys

from studio.processes.child import run_if_child

if __name__ == "__main__":
    run_if_child(sys.argv)
    from studio.commands.cli import main

    main()
