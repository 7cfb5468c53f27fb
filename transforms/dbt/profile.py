"""What a dbt project must know about its warehouse: how to say "now" there, and how a profile for it looks."""

NOW_EPOCH = {
    "bigquery": "unix_seconds(current_timestamp())",
    "databricks": "unix_timestamp()",
    "duckdb": "floor(epoch(now()))",
    "postgres": "floor(extract(epoch from now()))",
    "redshift": "extract(epoch from getdate())",
    "snowflake": "date_part(epoch_second, current_timestamp())",
    "spark": "unix_timestamp()",
}

CONNECTIONS = {
    "bigquery": ("method: oauth", "project: my-project", "dataset: {schema}"),
    "databricks": (
        "host: my-workspace.cloud.databricks.com",
        "http_path: /sql/1.0/warehouses/my-warehouse",
        "token: \"{{{{ env_var('DBT_PASSWORD') }}}}\"",
        "schema: {schema}",
    ),
    "duckdb": ("path: intercom_data.duckdb", "schema: {schema}"),
    "postgres": (
        "host: localhost",
        "port: 5432",
        "user: me",
        "password: \"{{{{ env_var('DBT_PASSWORD') }}}}\"",
        "dbname: my_database",
        "schema: {schema}",
    ),
    "redshift": (
        "host: my-cluster.redshift.amazonaws.com",
        "port: 5439",
        "user: me",
        "password: \"{{{{ env_var('DBT_PASSWORD') }}}}\"",
        "dbname: my_database",
        "schema: {schema}",
    ),
    "snowflake": (
        "account: my-account",
        "user: me",
        "password: \"{{{{ env_var('DBT_PASSWORD') }}}}\"",
        "database: my_database",
        "warehouse: my_warehouse",
        "schema: {schema}",
    ),
    "spark": ("method: thrift", "host: localhost", "port: 10000", "schema: {schema}"),
}


def profile(dialect: str, name: str, schema: str) -> str:
    """Return the text of an example of `profiles.yml` for the dialect: marts go to the schema."""
    lines = (line.format(schema=schema) for line in (f"type: {dialect}", *CONNECTIONS[dialect], "threads: 4"))
    return (
        "# Fill in, and save as profiles.yml here or in ~/.dbt.\n"
        f"{name}:\n  target: warehouse\n  outputs:\n    warehouse:\n" + "".join(f"      {line}\n" for line in lines)
    )
