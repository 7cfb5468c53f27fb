"""The line in which a command says why it ended early."""

import errno

import duckdb
import pytest
from dlt.common.configuration.exceptions import ConfigurationException
from dlt.common.configuration.providers.toml import TomlProviderReadException

from pipelines.exit_code import ExitCode
from pipelines.exit_reason import reason
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.postgres.lock_waiting import LOCK_NOT_AVAILABLE, Blocked


class NoLock(Exception):
    """What PostgreSQL answers where somebody else holds a lock."""

    pgcode = LOCK_NOT_AVAILABLE


@pytest.mark.parametrize("kind", [InTheWay, Blocked])
def test_what_others_have_put_in_the_way_of_a_build_is_no_defect(kind):
    error = kind("intercom_staging.calendar_days is somebody's. Rename it")
    error.__cause__ = NoLock("canceling statement")
    assert reason(error) == (1, "intercom_staging.calendar_days is somebody's. Rename it. Run again.")


def test_what_no_rule_knows_is_told_in_a_sentence_of_its_own():
    error = duckdb.OutOfMemoryException("failed to allocate data of size 16 MiB")
    said = "OutOfMemoryException: failed to allocate data of size 16 MiB. Run again."
    assert reason(error) == (ExitCode.FAILED, said)


@pytest.mark.parametrize(
    "error", [TomlProviderReadException("a", "a.toml", ".", "no table"), ConfigurationException("x")]
)
def test_to_correct_something_is_said_once(error):
    code, said = reason(error)
    assert (code, said.lower().count("correct")) == (ExitCode.WRONG_USE, 1), said


def test_a_file_that_this_user_may_not_use_is_named_with_what_helps():
    code, said = reason(PermissionError(errno.EACCES, "Permission denied", ".dlt/config.toml"))
    begin = "Permission denied: .dlt/config.toml. Let this user use it, or choose another path. "
    assert (code, said.startswith(begin)) == (ExitCode.WRONG_USE, True), said


def test_where_running_again_alone_does_not_help_that_is_said():
    code, said = reason(duckdb.IOException('Extension "x.duckdb_extension": role "nobody" does not exist'))
    assert (code, said.endswith(". Correct this first, then run again.")) == (ExitCode.WRONG_USE, True), said
