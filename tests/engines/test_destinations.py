"""With the credentials of docs/warehouses.md, each destination gets its client, dialect, lock and comments.

Nothing is connected to: dlt builds its clients without a network.
"""

import json
import os
import re
import subprocess

import pytest

from tests.engines.programs import PROGRAMS
from tests.support.processes.own_environment import ROOT, locked_packages, programs_of

pytestmark = pytest.mark.engines

PROGRAM = PROGRAMS / "describe_destinations.py"
EXTRAS = ("postgres", "snowflake", "bigquery", "lake")
DRIVERS = "dlt[clickhouse,databricks,redshift,motherduck,s3]==1.31.0"

EXPECTED = {  # client, table, dialect, lock, comments, transactions
    "duckdb": ("DuckDbSqlClient", '"intercom_raw"."workspace"', "duckdb", "beside intercom_data.duckdb", True, True),
    "postgres": ("Psycopg2SqlClient", '"intercom_raw"."workspace"', "postgres", "AdvisoryLock", True, True),
    "snowflake": ("SnowflakeSqlClient", '"INTERCOM_RAW"."WORKSPACE"', "snowflake", "RowLock", True, True),
    "bigquery": ("BigQuerySqlClient", "`support`.`intercom_raw`.`workspace`", "bigquery", "RowLock", False, False),
    "clickhouse": (
        "ClickHouseSqlClient",
        "`support`.`intercom_raw___workspace`",
        "clickhouse",
        "RowLock",
        False,
        False,
    ),
    "databricks": (
        "DatabricksSqlClient",
        "`support`.`intercom_raw`.`workspace`",
        "databricks",
        "RowLock",
        False,
        False,
    ),
    "redshift": ("RedshiftSqlClient", '"intercom_raw"."workspace"', "redshift", "RowLock", True, True),
    "motherduck": ("MotherDuckSqlClient", '"support"."intercom_raw"."workspace"', "duckdb", "RowLock", True, True),
    "ducklake": ("DuckLakeSqlClient", '"intercom_raw"."workspace"', "duckdb", "beside lake.sqlite", True, True),
}
# A statement of ours on a raw table, and where the marts are listed.
STATEMENTS = {
    "duckdb": (
        'SELECT "id" FROM "intercom_raw"."contacts" WHERE email = %s',
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'intercom'",
    ),
    "postgres": (
        'SELECT "id" FROM "intercom_raw"."contacts" WHERE email = %s',
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'intercom'",
    ),
    "snowflake": (
        'SELECT "ID" FROM "INTERCOM_RAW"."CONTACTS" WHERE email = %s',
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'INTERCOM'",
    ),
    "bigquery": (
        "SELECT `id` FROM `support`.`intercom_raw`.`contacts` WHERE email = %s",
        "`support`.`intercom`.INFORMATION_SCHEMA.TABLES WHERE table_schema = 'intercom' AND table_catalog = 'support'",
    ),
    "clickhouse": (
        'SELECT "id" FROM "support"."intercom_raw___contacts" WHERE email = %s',
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'support'",
    ),
    "databricks": (
        "SELECT `id` FROM `support`.`intercom_raw`.`contacts` WHERE email = %s",
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'intercom' AND table_catalog = 'support'",
    ),
    "redshift": (
        'SELECT "id" FROM "intercom_raw"."contacts" WHERE email = %s',
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'intercom'",
    ),
    "motherduck": (
        'SELECT "id" FROM "support"."intercom_raw"."contacts" WHERE email = %s',
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'intercom' AND table_catalog = 'support'",
    ),
    "ducklake": (
        'SELECT "id" FROM "intercom_raw"."contacts" WHERE email = %s',
        "INFORMATION_SCHEMA.TABLES WHERE table_schema = 'intercom'",
    ),
}


def test_the_credentials_of_the_page_build_the_right_client(tmp_path):
    python = programs_of(tmp_path / "environment", *locked_packages(*EXTRAS), DRIVERS, str(ROOT)) / "python"
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "warehouses.md").read_text(), re.DOTALL)
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "secrets.toml").write_text(example)
    done = subprocess.run(
        [python, PROGRAM, *EXPECTED],
        cwd=tmp_path,
        env=os.environ | {"DLT_DATA_DIR": str(tmp_path / "dlt")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    described = json.loads(done.stdout)
    assert [found.pop("listed") for found in described.values()] == [{"dim_teams": False}] * len(EXPECTED)
    assert {name: (found.pop("statement"), found.pop("listing")) for name, found in described.items()} == STATEMENTS
    assert {name: tuple(found.values()) for name, found in described.items()} == EXPECTED
