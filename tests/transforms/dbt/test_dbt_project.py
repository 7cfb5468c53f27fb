"""The exported dbt project: whole, of its own kind, and with the rows of our own build when dbt builds it."""

import csv
import dataclasses
import json
import re

import pytest

from tests.support.dbt_command import dbt_build
from tests.support.hostile_names import HOSTILE_NAMES
from tests.support.workspace_story import tell
from tests.transforms.runner.test_engines import SETTINGS, TABLES, all_rows
from transforms import export_dbt
from transforms.dbt.profile import CONNECTIONS, NOW_EPOCH
from transforms.runner.model import CHANGES, FIVETRAN, read_models
from transforms.seeds.seed import SEED_NAMES

NOW = 1_717_200_000
EXPORTED = [model for model in TABLES if model.kind != CHANGES]  # dbt builds in full
OF_THE_CALENDAR = ("local_slots", "business_slots")  # dbt's days reach further ahead


def exported(house, folder, **options):
    house.load()
    export_dbt(house.pipeline.sql_client, house.dialect, folder, **options)
    return folder


def built_by_dbt(dbt, project, connection, variables):
    example = (project / "profiles.example.yml").read_text()
    for old, new in connection.items():
        assert old in example
        example = example.replace(old, new)
    (project / "profiles.yml").write_text(example)
    dbt_build(dbt, project, f"{{now_epoch: {NOW}{variables}}}")


def compare(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, rows in ours.items():
        if name not in OF_THE_CALENDAR:
            assert theirs[name] == rows, name


def tell_with_any_names(raw):
    """A story whose contacts also have attributes that are called as people could call them, and as nobody should."""
    tell(raw, 7)
    for name in HOSTILE_NAMES:
        raw.attribute("contact", name)
    raw.attribute("contact", "desks", "integer")
    for desks in (5, "about 30"):
        values = {name: f"{desks} {number}" for number, name in enumerate(HOSTILE_NAMES)}
        raw.add("contacts", id=f"named {desks}", custom_attributes=values | {"desks": desks})


def described(project):
    """What dbt has understood of the columns of the contacts' attributes."""
    manifest = json.loads((project / "target/manifest.json").read_text())
    columns = manifest["nodes"]["model.intercom.dim_contact_attributes"]["columns"]
    return {column["description"] for column in columns.values()}


def test_dbt_builds_the_rows_of_our_own_build(house, tmp_path, dbt):
    tell_with_any_names(house.raw)
    project = exported(house, tmp_path / "project", settings=SETTINGS)
    assert house.build(settings=SETTINGS).is_ok
    models = [model for model in EXPORTED if model.kind != FIVETRAN]
    ours = all_rows(house, models)
    for dataset in (house.datasets.staging, house.datasets.marts):
        house.execute(f"drop schema {dataset} cascade")
    built_by_dbt(dbt, project, {"intercom_data.duckdb": str(tmp_path / "support.duckdb")}, "")
    compare(ours, all_rows(house, models))
    assert {f"{' '.join(name.split())} (string)" for name in HOSTILE_NAMES} <= described(project)
    assert house.execute("select 1 from information_schema.schemata where schema_name = 'intercom_fivetran'") == []


def test_dbt_builds_the_rows_of_our_own_build_on_postgres(postgres_house, postgres_url, tmp_path, dbt):
    tell_with_any_names(postgres_house.raw)
    project = exported(postgres_house, tmp_path / "project", settings=SETTINGS)
    assert postgres_house.build(settings=SETTINGS, fivetran=True).is_ok
    ours = all_rows(postgres_house, EXPORTED)
    for dataset in dataclasses.astuple(postgres_house.datasets)[1:]:
        postgres_house.execute(f"drop schema {dataset} cascade")
    port = re.search(r":(\d+)/", postgres_url)[1]
    places = {"localhost": "127.0.0.1", "5432": port, "user: me": "user: tester", "my_database": "postgres"}
    built_by_dbt(dbt, project, places, ", fivetran: true")
    compare(ours, all_rows(postgres_house, EXPORTED))


def test_every_model_check_and_seed_is_in_the_project(house, tmp_path):
    project = exported(house, tmp_path / "project")
    found = {path.stem: path.parent.name for path in project.rglob("*.sql")}
    checks = {model.name: "tests" for model in read_models() if model.is_check}
    assert found == {model.name: model.kind for model in EXPORTED} | checks | {"build_clock": "intermediate"}
    assert {path.stem for path in project.rglob("*.csv")} == set(SEED_NAMES) - {"build_clock"}
    described = re.findall(r"  - name: (\w+)\n    description", "".join(p.read_text() for p in project.rglob("*.yml")))
    assert sorted(described) == sorted(model.name for model in EXPORTED)


def test_names_are_dbts_references(house, tmp_path):
    project = exported(house, tmp_path / "project")
    admins = (project / "models/staging/stg_admins.sql").read_text()
    assert "FROM {{ source('intercom_raw', 'admins') }} AS admins" in admins
    assert (
        "{{ ref('stg_conversations') }} AS stg_conversations"
        in (project / "models/intermediate/int_events.sql").read_text()
    )
    warning = (project / "tests/fct_support_daily_has_yesterday.sql").read_text()
    assert warning.startswith("-- A day on which")
    assert "{{ config(severity='warn') }}" in warning
    sources = (project / "models/sources.yml").read_text()
    assert "      - name: conversations\n" in sources
    assert "dbt__" not in sources


@pytest.mark.parametrize("dialect", sorted(NOW_EPOCH))
def test_a_project_can_be_written_for_another_warehouse(house, tmp_path, dialect):
    project = exported(house, tmp_path / "project", dialect=dialect)
    assert f"type: {dialect}\n" in (project / "profiles.example.yml").read_text()
    assert NOW_EPOCH[dialect] in (project / "models/intermediate/build_clock.sql").read_text()
    assert not [path.name for path in project.rglob("*.sql") if "dbt__" in path.read_text()]
    assert NOW_EPOCH.keys() == CONNECTIONS.keys()


def test_the_calendar_begins_with_the_data_and_reaches_a_year_ahead(house, tmp_path):
    house.raw.add("workspace", id_code="w", timezone="America/New_York")
    house.raw.conversation("1", 1_714_564_800)
    project = exported(house, tmp_path / "project")
    with (project / "seeds/calendar_days.csv").open(newline="") as file:
        days = list(csv.DictReader(file))
    assert days[0]["day"] == "2024-05-01"
    assert days[0]["starts_at_epoch"] == str(1_714_564_800 - 8 * 3600)
    assert f"end on {days[-1]['day']}" in (project / "dbt_project.yml").read_text()


def test_a_project_of_somebody_else_is_not_written_over(house, tmp_path):
    (tmp_path / "dbt_project.yml").write_text("name: mine\n")
    with pytest.raises(FileExistsError, match="another dbt project"):
        exported(house, tmp_path)
    assert [path.name for path in tmp_path.glob("m*")] == []


def test_a_second_export_writes_over_the_first(house, tmp_path):
    project = exported(house, tmp_path / "project")
    (project / "models/staging/stg_tags.sql").write_text("")
    export_dbt(house.pipeline.sql_client, house.dialect, project)
    assert "tags.id AS tag_id" in (project / "models/staging/stg_tags.sql").read_text()
