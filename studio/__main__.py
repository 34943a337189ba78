"""`python -m studio` is `latentloom`."""

from studio.commands.cli import main

if __name__ == "__main__":
    main()
