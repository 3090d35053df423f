.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help install serve test lint bench scale fuzz clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## set up .venv with everything that serving and testing need

$(VENV)/.installed: setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

serve: install ## index the starter library and serve it at http://127.0.0.1:8000/
	$(BIN)/footnote index
	$(BIN)/footnote serve --port $(PORT)

test: lint ## check style, types, floors, then run all tests
	$(BIN)/python -m pytest

lint: install ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install ## measure speed and memory; results in benchmarks/results/
	$(BIN)/python -m benchmarks

scale: install ## measure growth to a million passages; a table, and a plot in benchmarks/results/
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.scale

fuzz: install ## feed damaged files to every reader, five minutes each
	$(BIN)/python -m benchmarks.fuzz_readers --minutes 5

clean: ## remove the environment and the default index
	rm -rf $(VENV) index
