"""The log of builds, `model_runs`: the results of each, and which models and checks are gone since."""

from collections.abc import Collection, Iterable

from transforms.runner.build_report import RUNS_COLUMNS, RUNS_TABLE, BuildReport
from transforms.runner.model_graph.model import CHANGES
from transforms.runner.warehouse.inventory.inventory import Inventory
from transforms.runner.warehouse.values import Row, literal
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.calendar import epoch_now

GONE = "gone"
KEPT_SECONDS = 90 * 86_400  # a build every quarter of an hour adds seven million rows a year
# Also whether later builds have said that it is gone.
LOGGED = f"""
    SELECT name, max(kind) AS kind, min(built_at_epoch) AS first_at, max(built_at_epoch) AS last_at,
        max(CASE WHEN status = '{GONE}' THEN built_at_epoch ELSE 0 END) AS gone_at
    FROM {RUNS_TABLE} GROUP BY name
"""  # noqa: S608 - our own table


def log_build(warehouse: Warehouse, report: BuildReport, known: Collection[str], *, has_own: bool) -> None:
    """Log a build: record its results, and what the log has under names that no file has any more.

    A build without the folder of own models (`has_own`) does not know their names. If one of them stands in the
    database, or nothing says what stands there, only what came with the connector is said to be gone. What is older
    than 90 days leaves the log, except for the last result of each model and check.
    """
    warehouse.ensure_table(RUNS_TABLE, RUNS_COLUMNS)
    logged = warehouse.rows(LOGGED)
    inventory, at = warehouse.inventory, epoch_now()
    # An earlier version did not say whose models it built: those that have a file of ours are not the user's.
    knows_all = has_own or (bool(inventory.built_before) and not inventory.own_before - {*known})
    gone: list[Row] = [
        (at, name, kind, GONE, 0.0, None, None, None)
        for name, kind, _, last_at, gone_at in logged
        if last_at > gone_at and name not in known and (knows_all or _is_of_ours(name, kind, known, inventory))
    ]
    rows = [*report.rows(at), *gone]
    warehouse.append(RUNS_TABLE, RUNS_COLUMNS, rows)
    if condition := to_forget(logged, {str(name) for _, name, *_ in rows}, at - KEPT_SECONDS, warehouse.dialect):
        warehouse.delete(RUNS_TABLE, condition)


def _is_of_ours(name: str, kind: str, known: Collection[str], inventory: Inventory) -> bool:
    """Return True for a logged model of ours, and for a check whose name begins with that of a model, as ours do.

    What finds changes is ours also where the warehouse is not asked what builds have made.
    """
    if kind == "check":
        return any(name.startswith(f"{model}_") for model in {*known, *inventory.of_ours_before})
    return kind == CHANGES or name in inventory.of_ours_before


def to_forget(logged: Iterable[Row], again: Collection[str], before: int, dialect: str) -> str | None:
    """Return the condition of what leaves the log: what is older, but not last results of what has none again.

    None if there is nothing: a statement that deletes is a mutation in some warehouses.
    """
    old = [(name, first_at, last_at, gone_at) for name, _, first_at, last_at, gone_at in logged if first_at < before]
    last = [(name, last_at) for name, _, last_at, gone_at in old if gone_at < last_at < before and name not in again]
    if all((name, first_at) in last for name, first_at, _, _ in old):
        return None
    kept = [f"NOT (name = {literal(name, dialect)} AND built_at_epoch = {at})" for name, at in last]
    return " AND ".join([f"built_at_epoch < {before}", *kept])
