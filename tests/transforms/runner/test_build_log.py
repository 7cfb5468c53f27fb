"""The log of builds says what is gone, and is deleted from only when something in it is old."""

from transforms.runner.build_log import KEPT_SECONDS, to_forget

LONG_AGO, NOT_LONG_AGO = 1_600_000_000, 1_600_000_000 + KEPT_SECONDS


def test_what_is_old_is_deleted_from_the_log_but_for_last_results():
    built_again = ("fct_a", "marts", LONG_AGO, NOT_LONG_AGO, 0)
    kept = ("fct_b", "marts", LONG_AGO, LONG_AGO, 0)
    assert to_forget([built_again, kept], {"fct_a"}, LONG_AGO + 1, "duckdb") == (
        f"built_at_epoch < {LONG_AGO + 1} AND NOT (name = 'fct_b' AND built_at_epoch = {LONG_AGO})"
    )
    gone = ("fct_c", "marts", LONG_AGO, LONG_AGO, LONG_AGO)
    assert to_forget([gone], set(), LONG_AGO + 1, "duckdb") == f"built_at_epoch < {LONG_AGO + 1}"


def test_a_last_result_that_is_kept_has_nothing_deleted_in_each_build():
    kept, young = ("fct_b", "marts", LONG_AGO, LONG_AGO, 0), ("fct_a", "marts", NOT_LONG_AGO, NOT_LONG_AGO, 0)
    assert to_forget([kept, young], {"fct_a"}, LONG_AGO + 1, "duckdb") is None
