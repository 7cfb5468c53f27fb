"""Libraries log what databases say of rows; of that nothing is shown, also where everything is asked for."""

import io
import logging

import psycopg2
import pytest

from pipelines.destination.failures.quoted_values import without_rows
from pipelines.journal.library_log import quieten_others

SAID = """null value in column "phone" of relation "contacts" violates not-null constraint
DETAIL:  Failing row contains (64be, Tariq Haddad, tariq@example.com, null).
CONTEXT:  COPY contacts, line 3: "64be,Tariq Haddad,tariq@example.com"
"""


@pytest.fixture
def shown():
    """Return what the log of dlt writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("dlt")
    logger.addHandler(handler)
    yield stream.getvalue
    logger.removeHandler(handler)
    quieten_others(is_verbose=False)


@pytest.mark.parametrize("is_verbose", [False, True])
def test_what_libraries_log_holds_no_rows(shown, is_verbose):
    quieten_others(is_verbose=is_verbose)
    logger = logging.getLogger("dlt")
    error = psycopg2.IntegrityError(SAID)
    logger.error("job %s failed: %r", "contacts.csv", error, exc_info=error)
    logger.error("password=%s", "hunter2 of somebody")
    text = shown()
    for personal in ("Tariq", "example.com", "hunter2"):
        assert personal not in text
    assert ("violates not-null constraint" in text) == is_verbose
    assert ("psycopg2.IntegrityError: null value" in text) == is_verbose


@pytest.mark.parametrize("text", [SAID, repr(SAID), f"ends with {SAID!r}, and goes on", SAID.replace("\n", "\n  ")])
def test_rows_are_taken_out_wherever_they_are_quoted(text):
    assert "Tariq" not in without_rows(text)
    assert "violates not-null constraint" in without_rows(text)


def test_waiting_for_a_lock_says_nothing(caplog):
    """Python's own handler would print each try of stamina."""
    quieten_others(is_verbose=False)
    logging.getLogger("stamina").warning("stamina.retry_scheduled")
    assert caplog.records == []
