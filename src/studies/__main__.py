"""``python -m studies`` is the command ``studies``."""

from studies.cli import main

if __name__ == "__main__":
    main()
