"""A check that has passed looks at what has changed; one that has failed looks at what it found, too."""

import functools

import pytest

from tests.support.warehouse.built_models import only
from tests.support.warehouse.house import NOW
from tests.support.warehouse.workspace_story import DAY
from transforms.runner.incremental.increments import MOST_FAILING


def test_a_check_that_has_passed_looks_at_changed_conversations_only(quiet, tmp_path):
    """One that has failed looks at all."""
    check = "fct_conversations_counts_agree"
    quiet.build = functools.partial(quiet.build, folder=only(tmp_path / "models", check))
    assert failed(quiet, check) == 0
    quiet.execute("update intercom.fct_conversations set count_closes = 0 where conversation_id = '3'")
    assert failed(quiet, check) == 0  # a row that nothing has touched is not looked at again
    quiet.execute("update intercom_raw.conversations set _dlt_load_id = 'new' where id in ('3', '2')")
    quiet.execute("delete from intercom_staging.model_versions where name like '%_agree'")
    assert failed(quiet, check) == 0
    quiet.execute("update intercom.fct_conversations set count_closes = 0 where conversation_id = '0'")
    quiet.execute("delete from intercom_staging.model_versions where name like '%_agree'")
    assert failed(quiet, check) == 1
    assert failed(quiet, check) == 0  # what had failed is built again


def test_a_check_that_reads_a_seed_looks_at_changed_conversations_only(quiet, tmp_path):
    """What it asks of the clock, a conversation that is settled has answered for good."""
    check = "fct_backlog_conversations_ends_with_what_is_open_now"
    quiet.build = functools.partial(quiet.build, folder=only(tmp_path / "models", check))
    assert failed(quiet, check) == 0
    quiet.execute("update intercom.fct_conversations set state = 'open' where conversation_id = '3'")
    assert failed(quiet, check) == 0


@pytest.mark.parametrize(("count_failing", "count_seen"), [(MOST_FAILING, 0), (MOST_FAILING + 1, 1)])
def test_a_check_that_has_failed_for_few_looks_at_these_and_the_changed_ones(
    house, tmp_path, count_failing, count_seen
):
    """And at every conversation where they are many."""
    for number, count in enumerate([*[9] * count_failing, 2, 2]):
        counted = {"state": "closed", "statistics__count_conversation_parts": count}
        house.raw.conversation(str(number), NOW - 30 * DAY, **counted).closes(NOW - 20 * DAY)
    check = "qa_conversation_completeness_misses_nothing"
    house.build = functools.partial(house.build, folder=only(tmp_path / "models", check))
    assert failed(house, check) == count_failing
    unchanged = f"conversation_id = '{count_failing}'"
    house.execute(f"update intercom.qa_conversation_completeness set count_missing = 7 where {unchanged}")
    assert failed(house, check) == count_failing + count_seen
    counted = "statistics__count_conversation_parts = 2"
    house.execute(f"update intercom_raw.conversations set _dlt_load_id = 'new', {counted} where id = '0'")
    assert failed(house, check) == count_failing + count_seen - 1


def failed(house, check):
    return next(result.count_failing_rows for result in house.build().checks if result.name == check)


def test_a_check_of_a_view_looks_at_changed_conversations_too(quiet, tmp_path):
    check = "qa_reconciliation_agrees_with_intercom"
    quiet.build = functools.partial(quiet.build, folder=only(tmp_path / "models", check))
    assert failed(quiet, check) == 0
    figures = "statistics__count_reopens = 7, statistics__count_conversation_parts = 2"
    wrong = f"update intercom_raw.conversations set {figures}"
    quiet.execute(f"{wrong} where id = '3'")
    assert failed(quiet, check) == 0  # nothing says that it was loaded anew
    quiet.execute(f"{wrong}, _dlt_load_id = 'new' where id = '2'")
    of_it = "qa_reconciliation where is_exact and not is_equal and conversation_id = '2'"
    assert failed(quiet, check) == len(quiet.rows(of_it)) > 0
