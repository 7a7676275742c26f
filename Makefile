# The portal's commands. GNU make 3.81 or later; everything else is Python, in tools/.

PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help run dev test check bench lock reset runtime-environment dev-environment

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

run: runtime-environment ## start the sample site on 127.0.0.1:8000 (PORT=8123 for another port)
	@exec .venv/bin/python -m tools.serve

dev: dev-environment ## the same with DEBUG on, reloading when the code changes
	@exec .venv/bin/python -m tools.serve --dev

test: dev-environment ## all tests: SQLite, PostgreSQL, browser, drills
	@exec .venv/bin/python -m tools.run_tests

check: dev-environment ## style, types, imports, templates, migrations, production settings
	@exec .venv/bin/python -m tools.run_checks

bench: dev-environment ## how fast the key pages are, and with how many queries
	@exec .venv/bin/python -m tools.bench

lock: dev-environment ## pin requirements/*.in into the hashed locks (UPGRADE=1 takes newer versions)
	@exec .venv/bin/python -m tools.lock_requirements

reset: ## delete the sample site's database and files; asks first
	@python=$$(sh tools/find-python) && exec "$$python" -m tools.reset_site

runtime-environment:
	@python=$$(sh tools/find-python) && exec "$$python" -m tools.environment runtime

dev-environment:
	@python=$$(sh tools/find-python) && exec "$$python" -m tools.environment dev
