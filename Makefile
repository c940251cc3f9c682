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

# A process a core, each with the models loaded: more than a gigabyte apiece; so one thread a process. The browser's
# tests, one after another, mostly wait: they run beside, before the others for a core, and are shown at the end.
test: setup
	@shown=$$(mktemp); $(BIN)/python -m pytest tests/web >"$$shown" 2>&1 & browser=$$!; trap "kill $$browser" INT TERM; failed=0; \
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 10 $(BIN)/python -m pytest -n logical --maxprocesses 4 \
		--dist worksteal -p assistant.evaluation.plugin --assistant-evals --ignore=tests/web || failed=1; \
	wait $$browser || failed=1; cat "$$shown"; rm -f "$$shown"; exit $$failed

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache
