"""What is listed whole in every run is loaded where it is not there as it is: never too little, and mostly nothing."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.destination.target import Target
from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.chunk_source import chunk_source
from sources.intercom.incremental.unchanged_lists import changed
from sources.intercom.privacy.guard import Guard
from sources.intercom.privacy.rules import Privacy, Rule
from sources.intercom.reading.resource import Resource
from sources.intercom.resources.companies import COMPANIES_TABLE
from sources.intercom.resources.reference import TAGS_TABLE

AT = 1_700_000_000


def at(moment):
    ours = Identity()
    return Identity(clock_offset_seconds=moment - ours.now())


@pytest.fixture(scope="module")
def client():
    """Nobody asks it anything."""
    with Client.connect("http://127.0.0.1:9", "token", 0.9, 1) as client:
        yield client


@pytest.fixture
def brought(begin, client):
    """Return what reads batches in a new run, and returns those that are to be loaded."""
    state = {}

    def bring(*batches, moment=AT, marked=None, guard=None, resource="tags", **options):
        reading = begin(client, state, resource=resource, identity=at(moment), **options)
        reading.session.marked |= marked or {}
        if guard is not None:
            reading.session.guard = guard
        return list(changed(reading, batches))

    return bring


def tags(*names):
    return [(TAGS_TABLE, [{"id": name, "name": name} for name in names])]


def test_a_list_is_loaded_once_a_day_as_long_as_it_stays_as_it_is(brought):
    assert brought(tags("a", "b")) == [tags("a", "b")]
    assert brought(tags("a", "b")) == []
    assert brought(tags("b", "a")) == []  # in which order it comes says nothing
    assert brought(tags("a", "b"), moment=AT + 86_400) == [tags("a", "b")]
    assert brought(tags("a", "b"), moment=AT + 86_400) == []


@pytest.mark.parametrize("now", [tags("a"), tags("a", "b", "c"), tags("a", "B"), tags()])
def test_any_change_is_loaded(brought, now):
    brought(tags("a", "b"))
    assert brought(now) == [now]
    assert brought(tags("a", "b")) == [tags("a", "b")]  # also back to what it was


@pytest.mark.parametrize("wish", [{"from_scratch": True}, {"since": 1}])
def test_who_wishes_for_everything_again_gets_it(brought, wish):
    brought(tags("a"))
    assert brought(tags("a"), **wish) == [tags("a")]


def test_other_privacy_rules_and_another_limit_of_columns_make_other_rows(brought):
    brought(tags("a"))
    strict = Guard(Privacy((Rule("redact", "tags", "name"),)))
    assert brought(tags("a"), guard=strict) == [tags("a")]
    assert brought(tags("a"), guard=strict) == []
    assert brought(tags("a"), guard=strict, max_columns=1) == [tags("a")]


def test_a_record_that_is_back_is_loaded_to_lose_its_mark(brought):
    page = [(COMPANIES_TABLE, [{"id": "1"}])]
    assert brought(page, resource="companies") == [page]
    assert brought(page, resource="companies", marked={"companies": {"2"}}) == []
    assert brought(page, resource="companies", marked={"companies": {"1"}}) == [page]


def test_a_number_of_twenty_digits_is_loaded_every_time(brought):
    page = [(TAGS_TABLE, [{"id": "1", "count": 10**20}])]
    assert brought(page) == brought(page) == [page]


@pytest.fixture
def companies(begin, client):
    return begin(client, resource="companies", identity=at(AT))


PAGES = st.lists(st.lists(st.sampled_from("abcdef"), max_size=3, unique=True), max_size=4)
READINGS = st.lists(st.tuples(PAGES, st.integers(1, 3), st.booleans()), min_size=1, max_size=6)


@given(READINGS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # of which the examples change nothing
def test_whatever_was_read_and_broke_off_before_a_whole_reading_leaves_the_newest_version_loaded(companies, readings):
    state, loaded = {}, {}
    for pages, version, breaks in readings:
        listed = {}
        for page in pages:  # each record once, as resources see to it
            listed |= dict.fromkeys(page, version)
        batches = [
            [(COMPANIES_TABLE, [{"id": identity, "name": version} for identity in dict.fromkeys(page)])]
            for page in _each_once(pages)
        ]
        try:
            for batch in changed(replace(companies, state=state), _until(batches, breaks=breaks)):
                loaded |= {row["id"]: row["name"] for row in batch[0][1]}
        except ConnectionError:
            continue
        assert {identity: loaded.get(identity) for identity in listed} == listed


def _each_once(pages):
    taken = set()
    for page in pages:
        yield [identity for identity in page if identity not in taken]
        taken |= set(page)


def _until(batches, *, breaks):
    for number, batch in enumerate(batches):
        if breaks and number == len(batches) // 2:
            raise ConnectionError
        yield batch
    if breaks:
        raise ConnectionError


@pytest.mark.end_to_end
def test_rows_that_another_resource_loads_make_a_list_be_loaded_whole(begin, tmp_path):
    """A sweep loads a company as it was for a minute; as it is again, the list must bring it."""
    pipeline = Target(database=tmp_path / "taken_over.duckdb").pipeline()

    def run(resource, name):
        batch = [(COMPANIES_TABLE, [{"id": "1", "name": name}])]
        whole = resource == "companies"
        read = (lambda reading: changed(reading, [batch])) if whole else (lambda reading: iter([batch]))
        client = Client.connect("http://127.0.0.1:9", "token", 0.9, connections=1)
        begun = begin(client, resource=resource, identity=at(AT))
        pipeline.run(chunk_source(begun.session, begun.chunk, (Resource(resource, (COMPANIES_TABLE,), read, ()),)))
        return begun.session.report.of(resource).count_rows["companies"]

    asked = [("companies", "old"), ("companies", "old"), ("sweep_companies", "for a minute"), ("companies", "old")]
    assert [run(*each) for each in asked] == [1, 0, 1, 1]
    with pipeline.sql_client() as sql:
        assert sql.execute_sql("SELECT name FROM companies") == [("old",)]
