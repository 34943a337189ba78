"""`python -m studio` is `latentloom`."""

from studio.cli import main

if __name__ == "__main__":
    main()
