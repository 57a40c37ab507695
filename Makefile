.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= $(shell sh scripts/find-python)
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --disable-pip-version-check --require-hashes
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --upgrade --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command "make pins"
WORKERS ?= 4
OTHERS ?= 3.11 3.12 3.13
DOCUMENTED := accounts addresses api commands db i18n monitoring pages recsys startup tmdb app.py config.py serve.py
TEXTS := pages accounts commands db recsys startup

.PHONY: help run test others coverage soak containers evaluate bench check format texts stop pins clean

help: ## Show what you can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.product ## Install what is missing, start everything, print the address
	@exec $(BIN)/python serve.py

# Tests start hundreds of processes; without its files, each compiles every module again.
test others coverage soak containers: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.tools ## Install what is missing, run the whole suite
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

others: ## Run the tests of the recommender on the other versions of Python that are here
	@for python in $$(sh scripts/find-python $(OTHERS)); do \
		venv=.venv/$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		$(MAKE) --no-print-directory VENV=$$venv PYTHON=$$python $$venv/.tools || exit; \
		$$venv/bin/pytest -n $(WORKERS) --dist worksteal -m "not soak and not faults" \
			tests/recsys tests/commands || exit; \
	done

coverage: $(VENV)/.tools ## Run the quick tests and report which lines they leave out
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not soak and not containers and not faults and not browser" \
		--cov --cov-report=term

soak: $(VENV)/.tools ## Harm the running product in every way there is a test for (many minutes)
	@rm -f test-results/measurements.txt
	$(BIN)/pytest -n $(WORKERS) -m "soak or faults"
	@cat test-results/measurements.txt

containers: $(VENV)/.tools ## Build the image and try all of docker-compose.yml on a Docker engine
	$(BIN)/pytest -m containers tests/containers

evaluate: $(VENV)/.tools ## Measure the lists beside other models, for the Quality page
	$(BIN)/python -m recsys evaluate

bench: $(VENV)/.tools ## Measure speed and memory beside peers, print the table of docs/performance.md
	$(BIN)/python -m benchmarks

check: $(VENV)/.tools ## Lint, types, import order, prose, known vulnerabilities in dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/flake8 $(DOCUMENTED)
	$(BIN)/codespell
	$(BIN)/proselint --config .proselintrc.json check README.md CONTRIBUTING.md SECURITY.md docs
	$(BIN)/bandit --quiet -ll --recursive --configfile pyproject.toml .
	$(BIN)/pip-audit --requirement requirements.txt --disable-pip --progress-spinner off

format: $(VENV)/.tools ## Write the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

texts: $(VENV)/.tools ## Write the texts of the pages into the catalogues of other languages
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords N_ --keywords Text \
		--no-location --sort-by-file --output-file .venv/five_films.pot $(TEXTS)
	$(BIN)/pybabel --quiet update --domain five_films --input-file .venv/five_films.pot \
		--output-dir locale --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100

stop: $(VENV)/.product ## Stop the embedded PostgreSQL and Valkey
	$(BIN)/python -m recsys stop

pins: $(VENV)/.tools ## Write requirements*.txt with the newest versions and their hashes
	$(BIN)/pip install --quiet uv
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt
	$(COMPILE) --no-deps requirements-peers.in --output-file requirements-peers.txt

clean: ## Remove the virtual environment; your data in .data stays
	rm -rf .venv

$(VENV)/.python:
	@test -n "$(PYTHON)" || { \
		echo "Five Films needs Python 3.13, 3.12, or 3.11 with a C compiler and Python's headers;"; \
		echo "on Debian: apt install python3-venv python3-dev gcc."; \
		echo "If you have one elsewhere: make run PYTHON=/path/to/python3"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.product: $(VENV)/.python requirements.txt
	@echo "Installing the packages of requirements.txt (once, about a minute)"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.tools: $(VENV)/.product requirements-dev.txt requirements-peers.txt
	@echo "Installing the test tools of requirements-dev.txt (once)"
	@$(INSTALL) -r requirements-dev.txt
	@$(INSTALL) --no-deps -r requirements-peers.txt
	@touch $@
