"""What `status` shows a person: how long ago something was."""

import pytest

from pipelines.status.status_tables import ago


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 s ago"), (62, "1 min 2 s ago"), (3_600, "1 h 0 min ago"), (200_000, "2 d 7 h ago")],
)
def test_an_age_is_short_enough_for_a_column(seconds, shown):
    assert ago(seconds) == shown
