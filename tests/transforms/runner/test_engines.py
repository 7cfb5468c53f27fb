"""DuckDB and PostgreSQL give the same rows, and any story of events leaves every check in peace."""

import datetime
import json
import re
from decimal import Decimal

import pytest

from tests.support.databases.postgres import own_database
from tests.support.warehouse.house import house_of_postgres
from tests.support.warehouse.workspace_story import tell
from tests.transforms.test_cookbook import QUESTIONS
from transforms.runner.attributes.marts import attribute_models
from transforms.runner.build_report import RUNS_TABLE
from transforms.runner.incremental.build_memory import MEMORY_QUERIES
from transforms.runner.model_graph.model import CHANGES, FIVETRAN, names
from transforms.runner.model_graph.shipped_models import read_models
from transforms.seeds.seed import SEED_NAMES
from transforms.seeds.settings import parse_settings

SETTINGS = parse_settings(
    {
        "schedules": {
            "default": {"time_zone": "Europe/Berlin", "monday": ["09:00-12:15"], "saturday": ["00:00-24:00"]},
            "late": {"teams": ["t1"], "wednesday": ["18:00-24:00"], "holidays": [datetime.date(2024, 5, 1)]},
        },
        "sla_targets": [{"first_response_seconds": 600}, {"team_id": "t2", "resolution_seconds": 90_000}],
    }
)
MODELS = [model for model in read_models(FIVETRAN, CHANGES) if not model.is_check]
TABLES = [*MODELS, *attribute_models({}, names(MODELS))]
STORY = 7
READ_BY_SOMEBODY = "stg_admins fct_csat"


def comparable(value):
    """Numbers as rounded floats and moments in UTC: drivers differ in types, not in what they mean."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return round(float(value), 6)
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC)
    return value


def all_rows(house, models=TABLES):
    with house.client as client:
        return {model.name: _rows(client, f"{house.datasets.of_kind(model.kind)}.{model.name}") for model in models}


def _rows(client, table):
    with client.execute_query(f"select * from {table}") as found:
        names = [column[0] for column in found.description]
        return sorted(
            ({name: comparable(value) for name, value in zip(names, row, strict=True)} for row in found.fetchall()),
            key=repr,
        )


def build_story(house, seed):
    tell(house.raw, seed)
    report = house.build(settings=SETTINGS, fivetran=True)
    assert report.is_ok, [*report.failed_models, *report.failed_checks()]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_check_holds_whatever_happens(house, seed):
    build_story(house, seed)


@pytest.fixture(scope="module")
def built_story(postgres_server, tmp_path_factory):
    """The URL of a database of PostgreSQL in which a story is told and built, to be copied."""
    with own_database(postgres_server) as url:
        build_story(house_of_postgres(url, tmp_path_factory.mktemp("story")), STORY)
        yield url


@pytest.fixture
def postgres_story(postgres_server, built_story, tmp_path):
    """A copy of it."""
    with own_database(postgres_server, built_story) as url:
        house = house_of_postgres(url, tmp_path)
        house.is_loaded = True
        yield house


def test_postgres_gives_the_rows_of_duckdb(house, postgres_story):
    build_story(house, STORY)
    expected, found = all_rows(house), all_rows(postgres_story)
    for name, rows in expected.items():
        assert found[name] == rows, name
    assert [name for name, rows in expected.items() if not rows] == ["touched_days"], "which a whole build leaves empty"


def test_every_question_of_the_cookbook_is_answered_by_postgres(postgres_story):
    for question, sql in QUESTIONS:
        assert postgres_story.execute(re.sub(r"\bfrom ((?:fct|dim)_)", r"from intercom.\1", sql)) is not None, question


def test_postgres_swaps_and_records_a_second_build(postgres_story):
    assert postgres_story.build(settings=SETTINGS, fivetran=True).is_ok
    counted = "select count(*) from intercom_staging.model_runs where status = 'built'"
    seeds_and_models = (
        len(TABLES) - len(MEMORY_QUERIES) + len(SEED_NAMES)
    )  # those are no results, but what is remembered
    assert postgres_story.execute(counted) == [(2 * seeds_and_models,)]


def test_postgres_analyzes_every_table_before_another_is_made_of_it(postgres_story):
    """Without that a join with a table of one row is planned for thousands, and takes hours in a large workspace."""
    unseen = postgres_story.execute(
        "select relname from pg_class where relkind = 'r' and reltuples < 0 and relnamespace::regnamespace::text in "
        "('intercom', 'intercom_staging', 'intercom_raw')"
    )
    assert {name for (name,) in unseen} <= {RUNS_TABLE, "workspace", "unreadable_records"}  # of which no model is made


@pytest.fixture
def view_of_somebody(postgres_story):
    postgres_story.execute("create schema if not exists reports")
    postgres_story.execute(
        "create view reports.csat as select fct_csat.*, stg_admins.name as admin from intercom.fct_csat "
        "cross join intercom_staging.stg_admins"
    )
    return "reports.csat"


def test_views_of_others_see_the_rows_of_the_next_build(postgres_story, view_of_somebody):
    expected = postgres_story.execute(f"select count(*) from {view_of_somebody}")
    postgres_story.execute("delete from intercom.fct_csat")
    report = postgres_story.build(READ_BY_SOMEBODY, settings=SETTINGS, full=True)
    assert report.is_ok, [*report.failed_models, *report.failed_checks()]
    assert postgres_story.execute(f"select count(*) from {view_of_somebody}") == expected != [(0,)]


@pytest.mark.usefixtures("view_of_somebody")
def test_a_view_that_is_in_the_way_of_other_columns_is_named(postgres_story):
    postgres_story.execute("alter table intercom.fct_csat add column earlier_version integer")
    postgres_story.execute("create view reports.earlier as select earlier_version from intercom.fct_csat")
    postgres_story.execute(
        "update intercom_staging.built_models set column_names = (column_names::jsonb || '[\"earlier_version\"]')::text"
    )
    (failed,) = postgres_story.build(READ_BY_SOMEBODY, settings=SETTINGS, full=True).failed_models
    assert failed.name == "fct_csat"
    assert "view reports.earlier depends on column earlier_version of table intercom.fct_csat" in failed.error
