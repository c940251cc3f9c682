PYTHON ?= python3
PIP_ARGS ?=
BIN := .venv/bin

.PHONY: setup run test check clean

setup: .venv/.ready

# One stamp: set up again only when what is installed would change.
.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.12 …')"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -c constraints.txt -e ".[dev]"
	touch .venv/.ready

run: setup
	$(BIN)/assistant index
	$(BIN)/python app.py

# A process a core, each with the models loaded: more than a gigabyte apiece; so one thread a process.
test: setup
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist worksteal \
		-p assistant.evaluation.plugin --assistant-evals --ignore=tests/web
	$(BIN)/python -m pytest tests/web  # one browser at a time: two on two cores keep each other waiting

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache
