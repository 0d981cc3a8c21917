# Two commands are all a fresh machine needs: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test laws check format lint types layers docs wheel torture backlog mutants clean

demo: .venv/.demo
	@# 1 says that something is held and waits for a person: the demo shows that too.
	$(BIN)/kashmag demo --folder .demo || test $$? -eq 1

test: .venv/.dev
	$(BIN)/pytest -q -n 2

# The laws on examples that nobody has tried yet; what breaks is printed with its example.
laws: .venv/.dev
	LAWS=explore $(BIN)/pytest -q -n 2 tests/laws tests/accounting tests/magento tests/planner tests/reconciliation

check: .venv/.dev lint types layers docs wheel

format: .venv/.dev
	$(BIN)/ruff format src tests examples
	$(BIN)/ruff check --fix src tests examples

lint: .venv/.dev
	$(BIN)/ruff format --check src tests examples
	$(BIN)/ruff check src tests examples

types: .venv/.dev
	$(BIN)/mypy
	$(BIN)/mypy --strict tests/typing examples
	$(BIN)/pyright tests/typing

layers: .venv/.dev
	$(BIN)/lint-imports

docs: .venv/.dev
	NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(BIN)/mkdocs build --strict --quiet

wheel: .venv/.dev
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . > /dev/null

# An hour and more: real processes killed at random, on SQLite and on PostgreSQL.
MINUTES ?= 30
torture: .venv/.dev
	TORTURE=20 $(BIN)/pytest -q --timeout 3600 tests/laws/test_crashes.py tests/laws/test_backlog_machine.py tests/laws/test_living_shop.py
	$(BIN)/python tests/laws/torture.py --orders 2000 --minutes $(MINUTES)
	$(BIN)/python tests/laws/torture.py --orders 2000 --minutes $(MINUTES) --logbook postgresql

# An hour and more: a backlog of a million orders through one engine, its memory watched.
ORDERS ?= 1000000
backlog: .venv/.dev
	$(BIN)/python tests/laws/backlog.py --orders $(ORDERS)

# Hours: every change of one sign or word in what counts money must break a test.
mutants: .venv/.dev
	timeout 14400 $(BIN)/mutmut run --max-children 2; $(BIN)/mutmut results

clean:
	rm -rf .venv build dist site

# An installation counts as done only when its stamp is written, last.
.venv/.demo: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable '.[demo]'
	@touch $@

.venv/.dev: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv
