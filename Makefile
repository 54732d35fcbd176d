# Every target is a thin name for one command. `make help` lists them.
PYTHON ?= python3
STACK  ?= dojo
# Empty: Pods run on the lab's own node. `engine`: simulated nodes and a simulated cloud, for any stack.
TARGET ?=
OUT    ?= out
VENV   := .venv/bin
export STACK TARGET
# What people type goes to recipes as it is, by the environment: make expands no `$` in it, and no shell reads it.
$(foreach name,STACK TARGET OUT Q FILE ID TENANT POD LINES,$(if $(filter undefined,$(origin $(name))),,\
  $(eval override $(name) := $$(value $(name)))))
export OUT Q FILE ID TENANT POD LINES

.DEFAULT_GOAL := help
.PHONY: help setup up preview status logs query trace env down clean tools render golden cost bench schema check \
        lint test verify lock

help: ## List every target
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: ## Make .venv from requirements.lock (every other target does it by itself)
	@$(PYTHON) bootstrap.py

up: setup ## Bring up the dojo on this machine, send a request, show its trace  [STACK=dojo] [TARGET=engine]
	@$(VENV)/python -m lab up

preview: setup ## Say what `up` would change, with the real engine  [STACK=dojo] [TARGET=engine]
	@$(VENV)/python -m lab preview

status: setup ## Show what runs: daemons and Pods
	@$(VENV)/python -m lab status

logs: setup ## Show the last lines of the Pods with this in their names  [POD=gateway] [LINES=40]
	@$(VENV)/python -m lab logs --pod="$$POD" --lines="$${LINES:-40}"

query: setup ## Search the last hour by TraceQL  Q='{ status = error }' or FILE=<file> or standard input  [TENANT=…]
	@$(VENV)/python -m lab query --file="$$FILE" -- "$$Q"

trace: setup ## Show one trace as a tree  ID=<trace id>  [TENANT=…]
	@$(VENV)/python -m lab trace -- "$$ID"

env: setup ## Print shell lines that point kubectl (and AWS clients) at the lab: eval "$(make -s env)"
	@$(VENV)/python -m lab env

down: setup ## Stop the lab, keep its data; on a cluster of your own: ask, and destroy the stack there  [YES=1]
	@$(VENV)/python -m lab down

clean: setup ## As down, and delete the lab's data  [TOOLS=1: the built tools too]
	@$(VENV)/python -m lab clean $(if $(TOOLS),--tools)

tools: setup ## Build every tool that is missing
	@$(VENV)/python -m lab tools

render: setup ## Write every rendered text and every resource of a stack to files  [STACK=prod] [OUT=out]
	@$(VENV)/python -m cli snapshot --out="$${OUT:-out}" -- "$$STACK"

golden: setup ## Regenerate rendered/ for all stacks and the figures in docs/cost.md; CI fails when they differ
	@for stack in dojo staging prod; do $(VENV)/python -m cli snapshot $$stack --out rendered/$$stack; done
	@$(VENV)/python -m cli documents

cost: setup ## Say what a stack costs a month, item by item  [STACK=prod]
	@$(VENV)/python -m cli cost "Pulumi.$$STACK.yaml"

bench: setup ## Compare prod's preview with a program that only imports the same SDKs, in one run
	@$(VENV)/python -m lab bench

schema: setup ## Regenerate the JSON Schema that the stack files name
	@$(VENV)/python -m cli schema > schemas/stack.schema.json

check: setup ## Judge the committed stack files alone
	@$(VENV)/python -m cli check Pulumi.*.yaml

lint: setup ## Format check, lint and types
	@$(VENV)/ruff format --check . && $(VENV)/ruff check . && $(VENV)/mypy

test: setup lint check ## Every test that needs Python only
	@$(VENV)/pytest -m 'not tools and not engine and not cluster and not simulated' -n 2

verify: setup ## Everything: tools, engine, cluster and simulated cloud, on labs of its own
	@$(VENV)/python -m lab verify

lock: setup ## Lock the newest allowed Python packages
	@$$(ls -d $${FAWKES_CACHE_DIR:-$${XDG_CACHE_HOME:-$$HOME/.cache}/fawkes-tracing}/uv-*/bin/uv | head -1) pip compile --upgrade \
	  pyproject.toml --group lab --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock
