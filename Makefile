# What people run: `make demo` shows the software, `make test` and `make check` test it, `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
# More for pytest: make test ARGS="tests/domain -x"
ARGS ?=

VENV ?= .venv
RUN := $(VENV)/bin/python
# Made last: where it is newer than the locked requirements, the environment is complete.
INSTALLED := $(VENV)/.installed
PYTEST = $(RUN) -m pytest --numprocesses=auto --maxprocesses=4

.PHONY: help setup demo test coverage check lint types imports migrations deployment bench soak messages lock

help:
	@echo "make setup     make the environment in $(VENV)"
	@echo "make demo      load the demonstration and serve it on 127.0.0.1:$(PORT) (PORT=... moves it)"
	@echo "make test      run the tests on SQLite and on PostgreSQL, or only on DATABASE_URL where it is set"
	@echo "make coverage  run the tests on SQLite and list the lines and branches that none reaches"
	@echo "make check     lint, types, import contract, missing migrations, deployment checks"
	@echo "make bench     measure the timed work"
	@echo "make soak      kill writers and sweeper 500 times on each database; ask all that the API's document allows"
	@echo "make messages  collect and compile the translations (needs gettext)"
	@echo "make lock      write requirements.txt from requirements.in (needs uv)"

setup: $(INSTALLED)

$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name one with make PYTHON=/path/to/python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || \
		{ echo "This Python cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt
	@touch $@

demo: setup
	PUBLIC_READ=$${PUBLIC_READ:-yes} $(RUN) manage.py demo --port $(PORT)

test: setup
ifdef DATABASE_URL
	$(PYTEST) $(ARGS)
else
	$(PYTEST) $(ARGS)
	$(RUN) tools/with_postgres.py $(PYTEST) -m "not once and not any_database" $(ARGS)
endif

coverage: setup
	$(RUN) -m coverage erase
	$(RUN) -m coverage run -m pytest $(ARGS)
	$(RUN) -m coverage combine --quiet
	$(RUN) -m coverage report

# `make --keep-going check` reports everything at once.
check: lint types imports migrations deployment

lint: setup
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check

types: setup
	$(RUN) -m mypy

imports: setup
	$(VENV)/bin/lint-imports --no-cache

migrations: setup
	$(RUN) manage.py makemigrations --check --dry-run

# As an installation has it; nothing is connected to.
deployment: setup
	SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		ALLOWED_HOSTS=desk.example.org DATABASE_URL=postgres://desk@localhost/desk \
		$(RUN) manage.py check --deploy --fail-level WARNING

bench: setup
	$(RUN) -m bench $(ARGS)

soak: setup
	$(RUN) -m tests.ledger.soak $(ARGS)
	$(RUN) tools/with_postgres.py $(RUN) -m tests.ledger.soak $(ARGS)
	KILLS=50 $(RUN) -m pytest tests/interchange/test_importing.py -k killed --quiet
	KILLS=50 $(RUN) tools/with_postgres.py $(RUN) -m pytest tests/interchange/test_importing.py -k killed --quiet
	API_THOROUGHLY=yes $(RUN) -m pytest tests/api/test_document_kept.py
	API_THOROUGHLY=yes $(RUN) tools/with_postgres.py $(RUN) -m pytest tests/api/test_document_kept.py

messages: setup
	$(RUN) manage.py makemessages --locale=ar --no-obsolete --add-location=file --ignore='.venv*/*' --ignore='tests/*'
	$(RUN) tools/compile_messages.py

lock:
	uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --quiet \
		--custom-compile-command "make lock" --output-file requirements.txt $(ARGS)
