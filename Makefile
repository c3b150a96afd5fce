# make             install, then make the pages that are out of date, the quickest first
# make page=NAME   that page alone, with all that it needs
# make test        install, then all that CI runs
# make faults      kill and fail stages at every call that writes; the table is docs/faults.md
# make screenshots the README's pictures of a page as it was made last, calls-stage4 or page=NAME
# make check       the part of it that runs no code of a study: style, types, documents, dependencies
PYTHON ?= python3
READY := .venv/ready
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Threads of one process on a shared machine wait for each other; runs are trained side by side.
export OMP_NUM_THREADS ?= 1

.PHONY: all test check faults screenshots clean repository

all: repository $(READY)
	@uphold make $(page)

test: check
	python -m pytest -n 2

check: repository $(READY)
	ruff check .
	ruff format --check .
	mypy
	uphold lint
	python tests/stage_dependencies.py
	python tests/repository_template.py
	uphold current

faults: repository $(READY)
	python tests/faults/everything.py

screenshots: repository $(READY)
	python bench/screenshots.py $(or $(page),calls-stage4)

# Before anything is installed: a downloaded archive has no history.
repository:
	@git rev-parse --git-dir > /dev/null 2>&1 || { echo "This is no git repository, which DVC needs. Clone the repository instead of downloading it, or make it one: git init && git add --all && git commit -m 'As downloaded'." >&2; exit 1; }

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	pip install --quiet --disable-pip-version-check --requirement requirements.lock
	pip install --quiet --disable-pip-version-check --no-deps --editable .
	@command -v quarto > /dev/null || pip install --quiet --disable-pip-version-check quarto-cli > /dev/null 2>&1 || echo "quarto-cli could not be installed here: the embedded renderer makes the pages."
	@touch $(READY)

clean:
	rm -rf .venv reports/_site
