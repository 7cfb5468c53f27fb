"""The exported dbt project: whole, of its own kind, and with the rows of our own build when dbt builds it."""

import csv
import dataclasses
import json
import re
from urllib.parse import urlsplit

import pytest
import yaml

from tests.support.hostile_names import HOSTILE_NAMES
from tests.support.processes.dbt_command import dbt_build, dbt_run
from tests.support.warehouse.house import duckdb_house, held_open
from tests.support.warehouse.workspace_story import tell
from tests.transforms.runner.test_engines import SETTINGS, TABLES, all_rows
from transforms import Described, Exposure, export_dbt
from transforms.dbt.model_sql import dbt_sql
from transforms.dbt.profile import CONNECTIONS, NOW_EPOCH, profile
from transforms.dbt.project_files import EXAMPLE, FIRST_LINE, PROJECT, write_dbt_project
from transforms.dbt.yaml_text import plain, yaml_text
from transforms.runner.model_graph.model import CHANGES, FIVETRAN, parse_model
from transforms.runner.model_graph.shipped_models import read_models
from transforms.seeds.seed import SEED_NAMES

NOW = 1_717_200_000
EXPORTED = [model for model in TABLES if model.kind != CHANGES]  # dbt builds in full
OF_THE_CALENDAR = ("local_slots", "business_slots", "int_period_days", "int_periods")  # dbt's days reach further ahead


PACKAGE_OF = "packages:\n  - local: {}\n"
READER = """
name: reader
version: "1.0"
profile: intercom_elt
vars:
  intercom_elt_raw_schema: intercom_raw
"""


MEANING = "One row is a teammate: {{ any }}."


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project of a workspace with one conversation, for tests that only read it."""
    folder = tmp_path_factory.mktemp("project")
    house = duckdb_house(folder, "support")
    house.raw.add("workspace", id_code="w", timezone="America/New_York")
    house.raw.conversation("1", 1_714_564_800)
    exposure = Exposure("board", "The board: all of it", 'It says "hello"', ["fct_csat"])
    described = Described({"admins": (MEANING, {"id": "key"})}, [exposure])
    return exported(house, folder / "project", described=described)


def exported(house, folder, **options):
    house.load()
    export_dbt(house.pipeline.sql_client, house.dialect, folder, **options)
    return folder


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
    columns = manifest["nodes"]["model.intercom_elt.dim_contact_attributes"]["columns"]
    return {column["description"] for column in columns.values()}


def built_by_dbt(project):
    results = json.loads((project / "target/run_results.json").read_text())["results"]
    return {result["unique_id"].rpartition(".")[2] for result in results if result["status"] == "success"}


def test_dbt_builds_the_rows_of_our_own_build(house_for_others, tmp_path, dbt):
    house = house_for_others
    tell_with_any_names(house.raw)
    connection = {"path": str(tmp_path / "support.duckdb")}
    models = [model for model in EXPORTED if model.kind != FIVETRAN]
    with held_open(tmp_path / "support.duckdb"):
        project = exported(house, tmp_path / "project", settings=SETTINGS, connection=connection)
        assert house.build(settings=SETTINGS).is_ok
        ours = all_rows(house, models)
        for dataset in (house.datasets.staging, house.datasets.marts):
            house.execute(f"drop schema {dataset} cascade")
    dbt_build(dbt, project, f"{{intercom_elt_now_epoch: {NOW}}}")
    with held_open(tmp_path / "support.duckdb"):
        compare(ours, all_rows(house, models))
    assert {f"{' '.join(name.split())} (string)" for name in HOSTILE_NAMES} <= described(project)
    assert house.execute("select 1 from information_schema.schemata where schema_name = 'intercom_fivetran'") == []


def test_dbt_builds_the_rows_of_our_own_build_as_a_package_on_postgres(postgres_house, postgres, tmp_path, dbt):
    """What our own build of all models there does not prove: one of each kind, and all that are for a package."""
    tell_with_any_names(postgres_house.raw)
    address = urlsplit(postgres)
    connection = {"host": "127.0.0.1", "port": address.port, "user": "tester", "dbname": address.path[1:]}
    project = exported(postgres_house, tmp_path / "project", settings=SETTINGS, connection=connection)
    wanted = ["fct_csat", "dim_contact_attributes", *(model.name for model in EXPORTED if model.kind == FIVETRAN)]
    select = " ".join(f"+{name}" for name in wanted)
    report = postgres_house.build(select, settings=SETTINGS, fivetran=True)
    assert report.is_ok
    built = {result.name for result in report.models}
    models = [model for model in EXPORTED if model.name in built]
    ours = all_rows(postgres_house, models)
    for dataset in dataclasses.astuple(postgres_house.datasets)[1:]:
        postgres_house.execute(f"drop schema {dataset} cascade")
    reader = tmp_path / "reader"
    reader.mkdir()
    (reader / "dbt_project.yml").write_text(READER)
    (reader / "packages.yml").write_text(PACKAGE_OF.format(project))
    (reader / "profiles.yml").write_text((project / "profiles.yml").read_text())
    dbt_run(dbt, "deps", reader)
    dbt_build(dbt, reader, f"{{intercom_elt_now_epoch: {NOW}, intercom_elt_fivetran: true}}", select)
    theirs = [model for model in models if model.name in built_by_dbt(reader)]  # ours also builds what it keeps up with
    assert {*wanted} <= {model.name for model in theirs}
    compare({model.name: ours[model.name] for model in theirs}, all_rows(postgres_house, theirs))


def test_every_model_check_and_seed_is_in_the_project(project):
    found = {path.stem: path.parent.name for path in project.rglob("*.sql")}
    checks = {model.name: "tests" for model in read_models() if model.is_check}
    assert found == {model.name: model.kind for model in EXPORTED} | checks | {"build_clock": "intermediate"}
    assert {path.stem for path in project.rglob("*.csv")} == set(SEED_NAMES) - {"build_clock"}
    files = "".join(path.read_text() for path in project.glob("models/*/*.yml"))
    described = re.findall(r"^  - name: (\w+)\n    description", files, re.MULTILINE)
    assert sorted(described) == sorted(model.name for model in EXPORTED)


def test_names_are_dbts_references(project):
    admins = (project / "models/staging/stg_admins.sql").read_text()
    assert "FROM {{ source('intercom_elt_raw', 'admins') }} AS admins" in admins
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


def test_the_calendar_begins_with_the_data_and_reaches_a_year_ahead(project):
    with (project / "seeds/calendar_days.csv").open(newline="") as file:
        days = list(csv.DictReader(file))
    assert days[0]["day"] == "2024-05-01"
    assert days[0]["starts_at_epoch"] == str(1_714_564_800 - 8 * 3600)
    assert f"end on {days[-1]['day']}" in (project / "dbt_project.yml").read_text()


def test_the_project_documents_its_exposures_and_sources(project):
    assert "depends_on:\n      - ref('fct_csat')\n" in (project / "models/exposures.yml").read_text()
    sources = (project / "models/sources.yml").read_text()
    assert f"      - name: admins\n        description: {yaml_text(MEANING)}\n" in sources


def test_a_project_of_somebody_else_is_not_written_over(tmp_path):
    (tmp_path / "dbt_project.yml").write_text("name: mine\n")
    with pytest.raises(FileExistsError, match="another dbt project"):
        write_dbt_project(tmp_path, {"models/a.sql": "select 1"}, with_profile=False)
    assert [path.name for path in tmp_path.glob("m*")] == []


def test_a_second_export_writes_over_the_first(tmp_path):
    files = {"dbt_project.yml": FIRST_LINE, "models/staging/stg_tags.sql": "select 1", "models/gone.sql": "select 2"}
    write_dbt_project(tmp_path, files, with_profile=False)
    (tmp_path / "models/staging/stg_tags.sql").write_text("")
    (tmp_path / "models/mine.sql").write_text("select 3")
    write_dbt_project(tmp_path, {name: files[name] for name in files if "gone" not in name}, with_profile=False)
    found = {path.name: path.read_text() for path in tmp_path.glob("models/**/*.sql")}
    assert found == {"stg_tags.sql": "select 1", "mine.sql": "select 3"}


@pytest.mark.parametrize("left", ["", FIRST_LINE[:9]])
def test_what_a_full_disk_left_of_an_export_is_no_project_of_somebody_else(tmp_path, left):
    (tmp_path / "dbt_project.yml").write_text(left)
    write_dbt_project(tmp_path, {"dbt_project.yml": FIRST_LINE}, with_profile=False)
    assert (tmp_path / "dbt_project.yml").read_text() == FIRST_LINE


@pytest.mark.parametrize("path", ["/C#/support.duckdb", "/sup?port.duckdb", "/a;b.duckdb", "/a;b/support.duckdb"])
def test_a_file_whose_name_dbt_gets_wrong_is_attached_under_another_one(path):
    settings = yaml.safe_load(profile("duckdb", PROJECT, "intercom", {"path": path}))[PROJECT]["outputs"]["warehouse"]
    assert settings["attach"] == [{"path": path, "alias": settings["database"]}]
    assert (settings["path"], settings["schema"]) == (":memory:", "intercom")


def test_a_profile_is_ready_for_use_and_one_that_was_changed_stays(tmp_path):
    def written(path):
        files = {"dbt_project.yml": FIRST_LINE, EXAMPLE: profile("duckdb", PROJECT, "intercom", {"path": path})}
        write_dbt_project(tmp_path, files, with_profile=True)
        return (tmp_path / "profiles.yml").read_text()

    for path in ("/data/first.duckdb", '/data/it\'s a "{{ second }}".duckdb'):
        text = written(path)
        assert f"path: {yaml_text(path)}\n" in text
    (tmp_path / "profiles.yml").write_text(text[:9])  # as a full disk leaves it
    assert written("/data/second.duckdb") == text.replace(yaml_text(path), yaml_text("/data/second.duckdb"))
    (tmp_path / "profiles.yml").write_text(text + "# mine\n")
    assert written("/data/third.duckdb") == text + "# mine\n"


def test_a_profile_of_another_database_does_not_stay(tmp_path):
    """Unless somebody has changed it: dbt would build that database with the SQL of this one."""
    files = {"dbt_project.yml": FIRST_LINE, EXAMPLE: profile("duckdb", PROJECT, "intercom", {"path": "/a.duckdb"})}
    write_dbt_project(tmp_path, files, with_profile=True)
    elsewhere = {**files, EXAMPLE: profile("snowflake", PROJECT, "intercom", {})}
    write_dbt_project(tmp_path, elsewhere, with_profile=False)
    assert not (tmp_path / "profiles.yml").exists()
    (tmp_path / "profiles.yml").write_text("mine")
    write_dbt_project(tmp_path, files, with_profile=True)
    assert (tmp_path / "profiles.yml").read_text() == "mine"


def test_a_first_line_with_braces_is_a_comment_in_dbt_too():
    """Jinja runs in comments of SQL, too."""
    own = parse_model("marts", "fct_own", "-- One row per {{ team }}, {% if %} and {#.\nselect 1 as n")
    first_line = dbt_sql(own, PROJECT, "duckdb").partition("\n")[0]
    assert first_line == f"-- {plain('One row per {{ team }}, {% if %} and {#.')}"
    assert "{% if" not in first_line
