"""The log of builds says what is gone, and is deleted from only when something in it is old."""

import pytest

from transforms.runner.build_log import KEPT_SECONDS, log_build, to_forget
from transforms.runner.build_plan import ModelFiles
from transforms.runner.build_report import RUNS_COLUMNS, RUNS_TABLE, BuildReport
from transforms.runner.model_graph.model import FIVETRAN
from transforms.runner.model_graph.shipped_models import MODELS_FOLDER, names_of_kind
from transforms.runner.warehouse.inventory.built_models import BUILT_MODELS, BUILT_MODELS_COLUMNS
from transforms.runner.warehouse.warehouse import Warehouse

LONG_AGO, NOT_LONG_AGO = 1_600_000_000, 1_600_000_000 + KEPT_SECONDS


@pytest.fixture
def gone(house):
    """Return what a build without own models says to be gone, after builds that logged and left something.

    `logged`: name -> kind; `built`: name -> is_own, of models that stand.
    """

    def after(logged, built=(), *, has_memory=True):
        files = ModelFiles.read(MODELS_FOLDER, None, house.datasets, fivetran=False)
        rows = [(LONG_AGO, name, kind, "failed", 0.0, None, None, None) for name, kind in logged.items()]
        places = dict.fromkeys([RUNS_TABLE, BUILT_MODELS, *dict(built)], house.datasets.staging)
        with house.client as client:
            warehouse = Warehouse(client, "duckdb", house.datasets, places)
            warehouse.begin(places, [])
            warehouse.ensure_table(RUNS_TABLE, RUNS_COLUMNS)
            warehouse.append(RUNS_TABLE, RUNS_COLUMNS, rows)
            if built:
                left = [(name, False, "[]", is_own) for name, is_own in built.items()]
                warehouse.ensure_table(BUILT_MODELS, BUILT_MODELS_COLUMNS)
                warehouse.append(BUILT_MODELS, BUILT_MODELS_COLUMNS, left)
                for name in built:
                    warehouse.ensure_table(name, {"n": "bigint"})
            warehouse.begin(places, [])
            names = (files if has_memory else files.without_memory()).names
            log_build(warehouse, BuildReport(), names, has_own=False)
            return {name for (name,) in warehouse.rows(f"select name from {RUNS_TABLE} where status = 'gone'")}

    return after


def test_what_finds_changes_is_gone_where_a_build_can_remember_nothing(gone):
    logged = {"changed_names": "changes", "fct_conversations": "marts", "fct_mine": "marts"}
    assert gone(logged, has_memory=False) == {"changed_names"}


def test_what_finds_changes_is_not_gone_where_a_build_remembers(gone):
    assert gone({"changed_names": "changes"}) == set()


def test_checks_of_a_model_that_an_upgrade_removed_are_gone_with_it_though_own_models_stand(gone):
    logged = {"fct_former": "marts", "fct_former_has_no_row_twice": "check", "mine_is_two": "check"}
    built = {"fct_former": False, "fct_mine": True}
    assert gone(logged, built) == {"fct_former", "fct_former_has_no_row_twice"}


def test_views_in_the_shape_of_fivetran_that_an_earlier_version_built_are_nobodys_own_models(gone):
    view = min(names_of_kind(FIVETRAN, MODELS_FOLDER))
    assert gone({view: "fivetran", "fct_mine": "marts"}, {view: None}) == {"fct_mine"}


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
