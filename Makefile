# Every target is a short name for one command. `make help` lists them.
PYTHON ?= python3
# Unless a stack is named, `scan` takes every stack, and the other targets take the dojo.
SCANNED := $(value STACK)
STACK  ?= dojo
# Empty: Pods run on the lab's own node. `simulated`: simulated nodes and a simulated cloud, for any stack.
TARGET ?=
OUT    ?= out
VENV   := .venv/bin
export STACK TARGET
# Typed values reach the recipes unchanged, through the environment: neither make nor a shell expands `$` in them.
VALUES := STACK SCANNED TARGET OUT Q FILE ID TENANT POD LINES BASE PREVIEWS COMMENT EVENTS DIGEST SECONDS RATE NAMESPACE PORT ONLY
$(foreach name,$(VALUES),$(if $(filter undefined,$(origin $(name))),,$(eval override $(name) := $$(value $(name)))))
export $(VALUES)

.DEFAULT_GOAL := help
.PHONY: help setup up preview drift status logs query trace pipelines look env down clean tools plugins kubeconfig ready render \
        golden cost load plan scan pr-comment post-comment bench schema check stacks lint test faults verify lock

help: ## List every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## Make .venv from requirements.lock (every other target does this too)
	@$(PYTHON) bootstrap.py

up: setup ## Deploy the dojo on this machine, send a request, show its trace  [STACK=dojo] [TARGET=simulated] [DIGEST=file]
	@$(VENV)/python -m lab up

preview: setup ## Show what `up` would change  [STACK=dojo] [TARGET=simulated] [EVENTS=folder] [DIGEST=file]
	@$(VENV)/python -m lab preview

drift: setup ## Fail if a deployed stack differs from its settings  [STACK=prod]
	@$(VENV)/python -m lab drift

ready: setup ## Report what a cluster and an account lack for a stack  [STACK=prod] [TARGET=simulated]
	@$(VENV)/python -m lab ready

status: setup ## Show what runs: the node's daemons and the Pods
	@$(VENV)/python -m lab status

logs: setup ## Show the last lines of every Pod, or of those with POD in their names  [POD=gateway] [LINES=40] [NAMESPACE=…]
	@$(VENV)/python -m lab logs --pod="$$POD" --lines="$${LINES:-40}" --namespace="$$NAMESPACE"

query: setup ## Search the last hour by TraceQL, from Q, FILE or standard input  Q='{ status = error }' [TENANT=…]
	@$(VENV)/python -m lab query --file="$$FILE" -- "$$Q"

trace: setup ## Show one trace as a tree  ID=<trace id>  [TENANT=…]
	@$(VENV)/python -m lab trace -- "$$ID"

look: setup ## Look at traces, the service map and the dashboards in a browser, until Ctrl-C  [PORT=8300]
	@$(VENV)/python -m lab look --port="$${PORT:-8300}"

pipelines: setup ## Send realistic traces of builds and deployments (docs/dora.md)  [HOURS=20] [SEED=1] [RECENT=1]
	@$(VENV)/python -m lab pipelines --hours="$${HOURS:-20}" --seed="$${SEED:-1}" $${RECENT:+--recent}

load: setup ## Send the traces of a small shop, some slow and some failing  [SECONDS=60] [RATE=5]
	@$(VENV)/python -m lab load --seconds="$${SECONDS:-60}" --rate="$${RATE:-5}"

env: setup ## Print shell lines that point kubectl (and AWS clients) at the lab: eval "$(make -s env)"
	@$(VENV)/python -m lab env

down: setup ## Stop the lab and keep its data; on a cluster of your own, ask, then destroy the stack  [YES=1]
	@$(VENV)/python -m lab down

clean: setup ## Like `down`, and delete the lab's data  [TOOLS=1: also the built tools]
	@$(VENV)/python -m lab clean $(if $(TOOLS),--tools)

tools: setup ## Build every missing tool
	@$(VENV)/python -m lab tools

plugins: setup ## Build the engine and install its resource plugins, as a real cloud needs them
	@$(VENV)/python -m lab plugins

kubeconfig: setup ## Write the file that FAWKES_KUBECONFIG names, for a stack's EKS cluster  [STACK=prod]
	@$(VENV)/python -m lab kubeconfig

render: setup ## Write the rendered configuration and the resources of a stack to files  [STACK=prod] [OUT=out]
	@$(VENV)/python -m cli snapshot --out="$${OUT:-out}" -- "$$STACK"

golden: setup ## Regenerate rendered/ and the tables in docs/; CI fails if they differ
	@for stack in dojo staging prod; do $(VENV)/python -m cli snapshot $$stack --out rendered/$$stack; done
	@$(VENV)/python -m cli documents
	@$(VENV)/python -m policies.pages
	@$(VENV)/python -m tests.support.seed_table
	@$(VENV)/python -m tests.support.query_table

plan: setup ## Print what the load takes of each collector, beside what it has  [STACK=prod]
	@$(VENV)/python -m cli plan "Pulumi.$$STACK.yaml"

cost: setup ## Itemize the monthly cost of a stack  [STACK=prod]
	@$(VENV)/python -m cli cost "Pulumi.$$STACK.yaml"

scan: setup ## Scan what each stack would deploy with checkov and kube-score  [STACK=prod: this one only]
	@$(VENV)/python -m scan $${SCANNED:+"$$SCANNED"}

pr-comment: setup ## Print what the working tree changes in each stack  BASE=main [PREVIEWS=folder] [COMMENT=file] [WHOLE=1]
	@$(VENV)/python -m review comment --base="$$BASE" --previews="$$PREVIEWS" --out="$$COMMENT" $(if $(WHOLE),--whole)

post-comment: setup ## Put that comment on the pull request, in place of an earlier one  BASE=main [PREVIEWS=folder] [COMMENT=file]
	@$(VENV)/python -m review post --base="$$BASE" --previews="$$PREVIEWS" --file="$$COMMENT"

bench: setup ## Compare prod's preview with a program that only imports, and its gateway with a bare collector
	@$(VENV)/python -m bench

schema: setup ## Regenerate the JSON Schema that the stack files refer to
	@$(VENV)/python -m cli schema > schemas/stack.schema.json

check: setup ## Validate the stack files (no Pulumi)
	@$(VENV)/python -m cli check Pulumi.*.yaml

stacks: setup ## List the stacks on EKS, as a line for a pipeline
	@$(VENV)/python -m cli stacks Pulumi.*.yaml

lint: setup ## Check format, lint and types
	@$(VENV)/ruff format --check . && $(VENV)/ruff check . && $(VENV)/mypy

test: setup lint check ## Run lint, check and every test that needs only Python
	@$(VENV)/pytest -m 'not tools and not engine and not cluster and not simulated' -n 2

faults: setup ## Break real parts of the running lab, and say what became of every trace  [ONLY=name,name] [WRITE=1]
	@$(VENV)/python -m tests.faults --only="$$ONLY" $(if $(WRITE),--write)

verify: setup ## Run the tests of tools, engine, cluster and simulated cloud, on labs of their own
	@$(VENV)/python -m tests.verify

lock: setup ## Lock the newest allowed versions of the Python packages
	@$$(ls -d $${FAWKES_CACHE_DIR:-$${XDG_CACHE_HOME:-$$HOME/.cache}/fawkes-tracing}/uv-*/bin/uv | head -1) pip compile --upgrade \
	  pyproject.toml --group lab --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock
