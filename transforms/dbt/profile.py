"""What a dbt project must know about its warehouse: how to write "now" there, and what a profile for it looks like."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from transforms.dbt.yaml_text import yaml_text

NOW_EPOCH = {
    "bigquery": "unix_seconds(current_timestamp())",
    "databricks": "unix_timestamp()",
    "duckdb": "floor(epoch(now()))",
    "postgres": "floor(extract(epoch from now()))",
    "redshift": "extract(epoch from getdate())",
    "snowflake": "date_part(epoch_second, current_timestamp())",
    "spark": "unix_timestamp()",
}

ATTACHED = "warehouse"  # dbt's name for a DuckDB file whose own it would get wrong
FROM_OUTSIDE = "\"{{ env_var('DBT_PASSWORD') }}\""  # dbt's Jinja: a password is in no file
CONNECTIONS = {
    "bigquery": {"method": "oauth", "project": "my-project"},
    "databricks": {
        "host": "my-workspace.cloud.databricks.com",
        "http_path": "/sql/1.0/warehouses/my-warehouse",
        "token": FROM_OUTSIDE,
    },
    "duckdb": {"path": "intercom_data.duckdb"},
    "postgres": {
        "host": "localhost",
        "port": "5432",
        "user": "me",
        "password": FROM_OUTSIDE,
        "dbname": "my_database",
    },
    "redshift": {
        "host": "my-cluster.redshift.amazonaws.com",
        "port": "5439",
        "user": "me",
        "password": FROM_OUTSIDE,
        "dbname": "my_database",
    },
    "snowflake": {
        "account": "my-account",
        "user": "me",
        "password": FROM_OUTSIDE,
        "database": "my_database",
        "warehouse": "my_warehouse",
    },
    "spark": {"method": "thrift", "host": "localhost", "port": "10000"},
}


def profile(dialect: str, name: str, schema: str, connection: Mapping[str, str | int]) -> str:
    """Return dbt's profile for the dialect, the text of `profiles.yml`: marts go to the schema.

    `connection` has the known settings of the warehouse, by the names of dbt's profile; unknown ones get an example.
    """
    settings = CONNECTIONS[dialect] | {key: yaml_text(value) for key, value in connection.items()}
    if dialect == "duckdb" and not _is_read_as_it_is(str(connection.get("path", ""))):
        attached = f"[{{path: {settings['path']}, alias: {ATTACHED}}}]"
        settings |= {"path": yaml_text(":memory:"), "attach": attached, "database": ATTACHED}
    settings["dataset" if dialect == "bigquery" else "schema"] = schema
    lines = (f"{key}: {value}" for key, value in {"type": dialect, **settings, "threads": "4"}.items())
    head = (
        "# How dbt gets to the warehouse." if connection else "# Fill in, and save as profiles.yml here or in ~/.dbt."
    )
    return f"{head}\n{name}:\n  target: warehouse\n  outputs:\n    warehouse:\n" + "".join(
        f"      {line}\n" for line in lines
    )


def _is_read_as_it_is(path: str) -> bool:
    """Return True if dbt finds a DuckDB file's name in its path: it reads that as a URL, which ends at some signs."""
    return ";" not in path and urlsplit(path).path == path
