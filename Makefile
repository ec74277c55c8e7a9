# From a bare Debian machine to a running system. Every target says in one line each what it installs, and nothing else.

SHELL := /bin/sh
BIN := .venv/bin
TEST_WORKERS ?= 2

.PHONY: help setup test-setup run test check bench soak

help:
	@echo "make setup|run|test|check|bench|soak"

setup:
	@.ci/setup

test-setup:
	@.ci/setup --for-tests

run: setup
	@exec $(BIN)/wangge up

test: test-setup
	@FSYNC=off .ci/with-database $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

check: setup
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python .ci/dependencies
	@FSYNC=off .ci/with-database sh -c '$(BIN)/wangge db migrate && $(BIN)/alembic check'

bench: setup
	@.ci/with-database $(BIN)/python -m tests.benchmarks $(ARGS)

soak: setup
	@$(BIN)/python -m tests.soak $(ARGS)
