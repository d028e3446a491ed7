"""`python -m ui` is the command line, for a checkout that is not installed."""

from ui.cli import main

if __name__ == "__main__":
    main()
