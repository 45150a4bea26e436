"""`python -m nimnetcheck`."""

from nimnetcheck.cli import main

if __name__ == "__main__":
    main()
