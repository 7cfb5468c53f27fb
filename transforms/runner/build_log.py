"""The log of builds, `model_runs`: the results of each, and which models and checks are gone since."""

from collections.abc import Collection

from transforms.runner.build_report import RUNS_COLUMNS, RUNS_TABLE, BuildReport
from transforms.runner.warehouse.values import Row
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.calendar import epoch_now

GONE = "gone"
# What later builds have not said to be gone.
KNOWN_BEFORE = f"""
    SELECT name, max(kind) AS kind FROM {RUNS_TABLE} GROUP BY name
    HAVING max(built_at_epoch) > max(CASE WHEN status = '{GONE}' THEN built_at_epoch ELSE 0 END)
"""  # noqa: S608 - our own table


def log_build(warehouse: Warehouse, report: BuildReport, known: Collection[str], *, has_own: bool) -> None:
    """Log a build: record its results, and what the log has under names that no file has any more.

    A build without the folder of own models (`has_own`) does not know their names. If one of them stands in the
    database, or nothing says what stands there, only checks of our models are said to be gone.
    """
    warehouse.ensure_table(RUNS_TABLE, RUNS_COLUMNS)
    knows_all = has_own or (bool(warehouse.built_before) and warehouse.built_before <= {*known})
    at = epoch_now()
    gone: list[Row] = [
        (at, name, kind, GONE, 0.0, None, None, None)
        for name, kind in warehouse.rows(KNOWN_BEFORE)
        if name not in known and (knows_all or _is_of_ours(name, kind, known))
    ]
    warehouse.append(RUNS_TABLE, RUNS_COLUMNS, [*report.rows(at), *gone])


def _is_of_ours(name: str, kind: str, known: Collection[str]) -> bool:
    """Return True for a logged check whose name begins with that of a model, as the names of our checks do."""
    return kind == "check" and any(name.startswith(f"{model}_") for model in known)
