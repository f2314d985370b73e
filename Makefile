# Everything from a bare checkout. Needs Python 3.11, make and git; the rest is installed into this
# folder. What the targets do stands in scripts/.
.DEFAULT_GOAL := help
.PHONY: run test rehearse faults bench inference model clients check format schema lists screenshots constraints clean help

# No built-in rules, no leftovers from the caller's other Python environment.
MAKEFLAGS += --no-builtin-rules --no-print-directory
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

PORT ?= 8000
ARGS ?=
# Named, for nothing takes the settings of development by itself where a DATABASE_URL is set.
DJANGO_SETTINGS_MODULE ?= server.settings
export PORT DJANGO_SETTINGS_MODULE

PREPARE = python=$$(sh scripts/find_python.sh) && $$python -m scripts.prepare
PYTHON = .venv/bin/python

run: ## Set up, then serve on http://127.0.0.1:8000 until Ctrl-C (PORT=8001 moves it)
	@python=$$(sh scripts/find_python.sh) && $$python -m scripts.serve --check-only
	@$(PREPARE)
	@exec $(PYTHON) -m scripts.serve

test: ## Set up, then run every linter and test (ARGS="-k quota" chooses Python tests)
	@$(PREPARE)
	@exec $(PYTHON) -m scripts.check $(ARGS)

rehearse: ## Set up, then build, start and try the committed deployment as render.yaml states it
	@$(PREPARE)
	@exec $(PYTHON) -m rehearsal

faults: ## Set up, then hurt a running service in every way we know and count what it did
	@$(PREPARE)
	@exec $(PYTHON) -m faults $(ARGS)

bench: ## Set up, then measure against the peers (ARGS=--quick takes three minutes, ARGS=history a part)
	@$(PREPARE)
	@exec $(PYTHON) -m benchmarks $(ARGS)

inference: ## Set up, then run an inference tier on this machine until Ctrl-C (ARGS=--check only tries it)
	@$(PREPARE)
	@exec $(PYTHON) -m scripts.inference $(ARGS)

model: ## Set up, then make a model of a PyTorch network of your own (FROM=package.module:card)
	@$(PREPARE)
	@exec $(PYTHON) -m scripts.model $(FROM)

clients: ## Set up, then try GraphQL clients of other makers, made from schema.graphql (ARGS=relay one)
	@$(PREPARE)
	@exec $(PYTHON) -m contract $(ARGS)

check: ## Linters, types, import contracts and drift only, without the tests
	@$(PREPARE)
	@exec $(PYTHON) -m scripts.check --linters

format: ## Format Python and JavaScript, and mend what the linters can mend
	@$(PREPARE)
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .
	@PATH="$(CURDIR)/.venv/bin:$$PATH" node_modules/.bin/biome check --write --no-errors-on-unmatched .

schema: ## Write schema.graphql from the code, and say what of it would break a client
	@$(PREPARE)
	@$(PYTHON) manage.py write_schema
	@PATH="$(CURDIR)/.venv/bin:$$PATH" node contract/compare.mjs

lists: ## Write the lists of client/index.html from what the client's modules import
	@$(PREPARE)
	@PATH="$(CURDIR)/.venv/bin:$$PATH" node scripts/list_first_view.mjs

screenshots: ## Picture every view and state of the client in seven looks (ARGS=german one of them)
	@$(PREPARE)
	@$(PYTHON) -m screenshots $(ARGS)

constraints: ## Resolve the requirements anew and pin every version in constraints.txt
	@$(PREPARE)
	@$(PYTHON) -m scripts.pin_constraints

clean: ## Remove what the set-up built; the development database in .telltale stays
	@rm -rf .venv node_modules build
	@echo "Removed .venv, node_modules and build. The database is kept in .telltale; make run sets up again."

help: ## Show this list
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'
