# From a bare Debian machine to a running system. Every target says in one line each what it installs, and nothing else.

SHELL := /bin/sh
BIN := .venv/bin
TEST_HOME := $(CURDIR)/.wangge/test
IN_TEST := WANGGE_HOME=$(TEST_HOME)

.PHONY: help setup test-setup run test check bench soak

help:
	@echo "make setup|run|test|check|bench|soak"

setup:
	@.ci/setup

test-setup:
	@.ci/setup --with-browser

run: setup
	@exec $(BIN)/wangge up

test: test-setup
	@WANGGE_TEST_DATABASE_URL=$${WANGGE_TEST_DATABASE_URL:-$$($(IN_TEST) $(BIN)/wangge db url)} $(BIN)/python -m pytest $(ARGS)

check: setup
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(IN_TEST) $(BIN)/wangge db migrate
	@$(IN_TEST) $(BIN)/alembic check

bench: setup
	@WANGGE_TEST_DATABASE_URL=$${WANGGE_TEST_DATABASE_URL:-$$($(IN_TEST) $(BIN)/wangge db url)} $(BIN)/python -m tests.benchmarks $(ARGS)

soak: setup
	@WANGGE_TEST_DATABASE_URL=$${WANGGE_TEST_DATABASE_URL:-$$($(IN_TEST) $(BIN)/wangge db url)} $(BIN)/python -m tests.soak $(ARGS)
