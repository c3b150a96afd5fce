"""``python -m studies`` is the command ``studies``."""

from uphold.cli import main

if __name__ == "__main__":
    main()
