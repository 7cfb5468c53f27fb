"""The catalogue of raw tables, written from the declarations that load them: `docs/tables.md`."""

from collections.abc import Iterator

from pipelines.journal.audit_log_table import AUDIT_RESULTS
from pipelines.journal.run_log_tables import SYNC_RESOURCES, SYNC_RUNS
from sources.intercom import RESOURCES
from sources.intercom.privacy.forgotten_people import FORGOTTEN_RECORDS
from sources.intercom.reading.resource import Resource
from sources.intercom.rows.deleted_records import DELETED_RECORDS
from sources.intercom.rows.table import Column, Table
from sources.intercom.rows.unreadable_table import UNREADABLE_RECORDS

TYPES = {"text": "text", "bigint": "integer", "double": "number", "bool": "true/false", "json": "JSON", "date": "date"}
OPT_IN = "only when named or with `--all`"
REPLACED = {
    "row": "a row is overwritten when it is read again",
    "parent": "all rows of a parent are replaced when it is read again",
    "whole": "the table is replaced",
}
HEAD = """# Raw tables

Every table of the dataset `intercom_raw`, written by `python -m pipelines.tables_page` from the code that loads them.
Names and values are Intercom's: nested objects are flattened with `__`, ids are text, times are unix seconds (UTC),
free-form objects are JSON. Fields that Intercom sends and this page does not name are loaded, too. dlt adds
`_dlt_load_id` (the load package) and `_dlt_id` to every row. Tables whose rows can be removed by themselves also have
`_is_removed`, which is NULL in every row that is there.

The column "personal" says what kind of personal data a column holds. The privacy rule `bodies` (kinds written and
attached) and `intercom-elt forget` use it.
"""


def catalogue() -> str:
    """Return the page about the raw tables, `docs/tables.md`, as Markdown."""
    lines = [HEAD, "| table | one row is | key | read from | stays fresh |", "|---|---|---|---|---|"]
    entries = list(_entries())
    for table, source, freshness in entries:
        key = ", ".join(table.key)
        lines.append(f"| [{table.name}](#{table.name}) | {table.one_row} | {key} | {source} | {freshness} |")
    for table, _, _ in entries:
        lines += [
            "",
            f"## {table.name}",
            "",
            f"One row is {table.one_row}.",
            "",
            "| column | type | personal | meaning |",
            "|---|---|---|---|",
        ]
        lines += [
            _line(name, table.columns[name]) for name in sorted(table.columns, key=lambda name: name not in table.key)
        ]
    return "\n".join(lines) + "\n"


def _line(name: str, column: Column) -> str:
    personal = "" if column.personal == "impersonal" else column.personal.replace("_", " ")
    return f"| {name} | {TYPES[column.data_type]} | {personal} | {column.meaning} |"


def _entries() -> Iterator[tuple[Table, str, str]]:
    for resource in RESOURCES.values():
        for table in resource.tables:
            yield table, _operations(resource), "; ".join(_freshness(resource, table))
    yield DELETED_RECORDS, "listings that are whole", "a mark is taken away when the record comes back"
    yield UNREADABLE_RECORDS, "everything that is read", "a row goes when its record could be read and loaded"
    yield FORGOTTEN_RECORDS, "`intercom-elt forget`", "stays, and keeps the records from being loaded again"
    for table in (SYNC_RUNS, SYNC_RESOURCES):
        yield table, "this pipeline", "written by every run"
    yield AUDIT_RESULTS, "this pipeline", "written by every audit"


def _freshness(resource: Resource, table: Table) -> Iterator[str]:
    yield resource.continuation.value
    if resource.is_opt_in:
        yield OPT_IN
    yield REPLACED[table.replaced]


def _operations(resource: Resource) -> str:
    return ", ".join(f"`{operation}`" for operation in resource.operations)


if __name__ == "__main__":
    import sys

    sys.stdout.write(catalogue())
