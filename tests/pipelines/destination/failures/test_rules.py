"""What databases say, in their own words, and which advice a person gets for it."""

import pytest

from pipelines.destination.failures.quoted_values import without_values
from pipelines.destination.failures.rules import RULES

ERRORS = {  # message and PostgreSQL's code -> a word of what is said of it
    ('IO Error: Failed to download extension "httpfs" at URL "http://extensions.duckdb.org/"', ""): "extension httpfs,",
    (
        'IO Error: Could not set lock on file "/data/my.duckdb": Conflicting lock is held in /usr/bin/python3.11 '
        "(PID 4711). See also https://duckdb.org/docs/connect/concurrency",
        "",
    ): "/data/my.duckdb is in use by /usr/bin/python3.11 (PID 4711).",
    ('FATAL:  password authentication failed for user "loader"', ""): "Check the settings",
    ('FATAL:  role "loader" does not exist', ""): "Check the settings",
    ('invalid sslmode value: "never"', ""): "Check the settings",
    ("FATAL:  unsupported startup parameter: options", ""): "lead to PostgreSQL itself",
    ("ERROR:  could not extend file: No space left on device", "53100"): "Free space",
    ("FATAL:  sorry, too many clients already", "53300"): "a run has up to 25",
    ("FATAL:  neither these words nor others", "53300"): "a run has up to 25",
    ("ERROR:  canceling statement due to lock timeout", "55P03"): "holds a lock",
    ("ERROR:  canceling statement due to statement timeout", "57014"): "SET statement_timeout = 0",
    ("FATAL:  terminating connection due to transaction timeout", "25P04"): "SET transaction_timeout = 0",
    ("FATAL:  terminating connection due to idle-in-transaction timeout", "25P03"): "SET idle_in_transaction_session_",
    ("ERROR:  cannot execute INSERT in a read-only transaction", "25006"): "doctor says who",
    (
        'ERROR:  cannot delete from table "tags" because it does not have a replica identity and publishes deletes',
        "55000",
    ): "Somebody publishes",
    ("ERROR:  permission denied for table contacts", "42501"): "doctor says what",
    ('ERROR:  null value in column "n" violates not-null constraint', "23502"): "drop it",
    ("ERROR:  nobody loads here", "P0001"): "drop it",
    ('Constraint Error: Duplicate key "id: 1" violates unique constraint.', ""): "drop it",
    ("FATAL:  terminating connection due to administrator command", "57P01"): "can be reached",
    ('could not translate host name "nowhere" to address: Name or service not known', ""): "can be reached",
}


def rule_for(message, state):
    return next(rule for rule in RULES if rule.found_in(message, state) is not None)


@pytest.mark.parametrize(("error", "said"), ERRORS.items())
def test_an_error_gets_the_advice_that_helps(error, said):
    rule = rule_for(*error)
    assert said in rule.said.format(reason=error[0], **rule.found_in(*error))


def test_no_rule_is_hidden_by_one_before_it():
    assert {RULES.index(rule_for(*error)) for error in ERRORS} == set(range(len(RULES)))


def test_the_advice_stays_whole_where_values_are_taken_out():
    """As a chat shows it: what stands between quotation marks is a value there."""
    assert [rule.said for rule in RULES if without_values(rule.said) != rule.said] == []


def test_an_error_of_the_statement_itself_fits_no_rule():
    assert [rule for rule in RULES if rule.found_in("Catalog Error: Table with name x does not exist!", "42P01")] == []
