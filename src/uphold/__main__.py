"""``python -m uphold`` is the command ``uphold``."""

from uphold.cli import main

if __name__ == "__main__":
    main()
