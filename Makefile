# Everything a person types here. `make` alone lists it.
# CARGO_TARGET_DIR is honoured; ARGS goes to the command behind the target.

SHELL := /bin/sh
TARGET := $(or $(CARGO_TARGET_DIR),target)
# rustup's directory is not yet on the PATH of the shell that installed it
export PATH := $(PATH):$(HOME)/.cargo/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check bench clean-demo setup fmt check-fmt check-clippy check-walls check-sizes check-docs check-schema check-doc check-pages check-typos

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Trellis is not an urgent or monitored service, not a clinical record and not a medical device."

setup: ## install or name what is missing on this machine
	@scripts/setup

# The dev profile, on purpose: a first build takes about half the processor time of a release build, and a
# newcomer waits for it; argon2 is optimised in both. The image (docker/) and the bench use the release profile.
run: setup ## the demo in the foreground, at http://127.0.0.1:8080 (ARGS=--fresh starts over)
	@echo "building trellis (the first time takes some minutes)"
	@cargo build --locked -q -p trellis-api
	@exec $(TARGET)/debug/trellis demo $(ARGS)

test: ## every test: Rust, then the browser suite (twice in a row is fine)
	@scripts/setup --tests
	@scripts/test $(ARGS)

check: ## what must hold before a commit: format, lints, walls, sizes, schema, documents, spelling
	@scripts/setup --check
	@$(MAKE) --no-print-directory check-fmt check-sizes check-docs check-typos check-pages check-walls check-clippy check-schema check-doc

check-fmt:
	@cargo fmt --all --check

check-clippy:
	@cargo clippy --locked -q --workspace --all-targets -- -D warnings

check-walls:
	@scripts/check-walls

check-sizes:
	@scripts/check-sizes

check-docs:
	@scripts/check-docs

check-schema:
	@scripts/check-schema

check-doc:
	@RUSTDOCFLAGS="-D warnings" cargo doc --locked -q --workspace --no-deps --document-private-items

check-pages:
	@if [ -f admin-ui/package.json ]; then npm run --silent check --if-present --prefix admin-ui; fi

check-typos:
	@var/tools/python/bin/typos --config typos.toml

bench: setup ## the workloads of docs/performance.md, as ratios to the same SQL by pgbench (ARGS='--scale s')
	@echo "building for release (the first time takes some minutes)"
	@cargo build --locked -q --release -p trellis-api -p trellis-bench
	@$(TARGET)/release/trellis-bench --product $(TARGET)/release/trellis $(ARGS)

clean-demo: ## stop what a crashed demo has left and delete its state
	@scripts/clean-demo

fmt: ## format the code
	@cargo fmt --all
