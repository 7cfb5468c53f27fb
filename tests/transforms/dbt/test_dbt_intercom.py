"""Fivetran's own package dbt_intercom runs unchanged on our views in its shape, and `compat_conversations` counts so.

The package is not ours to ship: `dbt deps` in any dbt project that asks for `fivetran/intercom` fetches it.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.processes.dbt_command import dbt_build
from tests.support.warehouse.workspace_story import tell
from tests.transforms.runner.test_engines import SETTINGS, comparable

HOW_TO_GET = "dbt_intercom is not run: name the folder that `dbt deps` made of it, with --dbt-packages dbt_packages"
PROJECT = """
name: reader
version: "1.0"
profile: reader
packages-install-path: {packages}
vars:
  intercom_schema: {schema}
  intercom_database: {database}
"""
PROFILE = """
reader:
  target: test
  outputs:
    test: {{type: postgres, host: 127.0.0.1, port: {port}, user: tester, password: trusted, dbname: {database},
            schema: reader, threads: 2}}
"""
THEIRS = "reader_intercom.intercom__conversation_metrics"


@pytest.fixture
def packages(request):
    folder = request.config.getoption("--dbt-packages")
    if folder is None:
        pytest.skip(HOW_TO_GET)
    return Path(folder).resolve()


def columns_of(house, schema, table):
    found = house.execute(
        "select column_name from information_schema.columns "
        f"where table_schema = '{schema}' and table_name = '{table}' order by ordinal_position"
    )
    return [name for (name,) in found]


def test_dbt_intercom_runs_on_the_views_and_counts_what_we_count(postgres_house, postgres, tmp_path, packages, dbt):
    house = postgres_house
    tell(house.raw, 7, conversations=200)
    assert house.build(settings=SETTINGS, fivetran=True).is_ok
    address = urlsplit(postgres)
    database, schema = address.path[1:], house.datasets.fivetran
    (tmp_path / "dbt_project.yml").write_text(PROJECT.format(packages=packages, schema=schema, database=database))
    (tmp_path / "profiles.yml").write_text(PROFILE.format(port=address.port, database=database))
    dbt_build(dbt, tmp_path, "{}")
    theirs = columns_of(house, *THEIRS.split("."))
    ours = columns_of(house, house.datasets.marts, "compat_conversations")
    assert set(ours) <= set(theirs)
    for name in ours:
        sql = f"select conversation_id, {name} from {{}} order by 1"
        counted = house.execute(sql.format(f"{house.datasets.marts}.compat_conversations"))
        expected = house.execute(sql.format(THEIRS))
        assert [(key, comparable(value)) for key, value in counted] == [
            (key, comparable(value)) for key, value in expected
        ], name
        assert any(value is not None for _, value in counted), name
