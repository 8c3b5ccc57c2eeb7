# `make run` opens the dashboard; `make test` runs every check. Both set themselves up.
# Paths are taken from this file's place, so make works from any folder (make -C, -f).

HERE := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
PYTHON ?= python3
BIN := $(HERE)/.venv/bin
PORT ?= 8501
DEMO := $(HERE)/build/demo
RELEASES := $(HERE)/data/aggregates

.PHONY: run test demo boundaries bench mutate lint clean

run: $(BIN)/.run
	-cd "$(HERE)" && "$(BIN)/python" -m geo clusters "$${MOSAICO_RELEASES:-$(RELEASES)}"
	@cd "$(HERE)" && if [ -n "$$MOSAICO_WITHOUT_LOGIN" ]; then \
	  export MOSAICO_KEY="$$("$(BIN)/python" -c 'import secrets; print(secrets.token_urlsafe(24))')"; \
	  echo "For $$MOSAICO_WITHOUT_LOGIN, on this computer: http://localhost:$(PORT)/#key=$$MOSAICO_KEY"; \
	fi; exec "$(BIN)/python" -m ui.serve --server.port $(PORT)

test: lint
	cd "$(HERE)" && "$(BIN)/python" -m pytest

lint: $(BIN)/.dev
	cd "$(HERE)" && "$(BIN)/ruff" check . && "$(BIN)/lint-imports"

demo: $(BIN)/.run
	rm -rf "$(DEMO)" "$(RELEASES)/ledger.json" && mkdir -p "$(DEMO)"
	for like in national deck sheet; do \
	  case $$like in national) policy=public;; *) policy=public_victims;; esac; \
	  ( cd "$(HERE)" && "$(BIN)/python" -m geo demo --like $$like --out "$(DEMO)/$$like.csv" && \
	  rm -rf "$(RELEASES)/demo-$$like" "$(RELEASES)/demo-$$like.clusters.json" && \
	  "$(BIN)/python" -m geo build "$(DEMO)/$$like.csv" --mapping demo_$$like --policy $$policy \
	    --out "$(RELEASES)/demo-$$like" --report "$(DEMO)/$$like.report.json" ) || exit 1; \
	done

boundaries: $(BIN)/.run
	cd "$(HERE)" && "$(BIN)/python" tools/boundaries.py

bench: $(BIN)/.dev
	cd "$(HERE)" && "$(BIN)/python" -m benchmarks

mutate: $(BIN)/.dev
	cd "$(HERE)" && "$(BIN)/python" -m tools.mutate && "$(BIN)/python" -m tools.mutate --places

$(BIN)/.venv:
	cd "$(HERE)" && { test -x "$(BIN)/python" || "$(PYTHON)" -m venv .venv; } && touch "$@"

$(BIN)/.run: $(BIN)/.venv $(HERE)/requirements.txt
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check -r "$(HERE)/requirements.txt"
	touch "$@"

$(BIN)/.dev: $(BIN)/.run $(HERE)/requirements-dev.txt
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check -r "$(HERE)/requirements-dev.txt"
	touch "$@"

clean:
	rm -rf "$(HERE)/.venv" "$(HERE)/build"
