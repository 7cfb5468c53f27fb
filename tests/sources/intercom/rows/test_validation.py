"""Whatever JSON is in place of a field, a record's rows can be loaded, or the record or its row is named."""

import copy
import functools

import pytest
from dlt.common.schema import Schema
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import SimulatorProcess
from sources.intercom.api.errors import BadAnswer, Failure, IntercomError, RecordsUnread, TooManyUnread
from sources.intercom.api.lists.page import Stray
from sources.intercom.reading.resource_report import ResourceReport
from sources.intercom.reading.unreadable_records import UnreadableRecords
from sources.intercom.reading.unreadable_state import MOST_REMEMBERED, UnreadableFacts
from sources.intercom.records.entity import shaped, shaped_together
from sources.intercom.records.single_record import Whole
from sources.intercom.resources import companies, contacts, conversations, reference, staff, tickets
from sources.intercom.rows.arrow import arrow_table
from sources.intercom.rows.column_types import ColumnTypes
from sources.intercom.rows.table import REMOVES, Table, integer, json, text
from sources.intercom.rows.validation import SHAPE_ERRORS, Misshapen, fitting, merged, problem_in


def nested(levels):
    """Lists in lists."""
    value = []
    for _ in range(levels):
        value = [value]
    return value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
) | st.integers(100, 900).map(nested)

THINGS = Table(
    "things", "a thing", ("id",), text("impersonal", id="id") | integer(n="n") | json("impersonal", free="free")
)
OF_THINGS = Table(
    "thing_tags",
    "a tag",
    ("thing_id", "position"),
    text("impersonal", thing_id="thing") | integer(position="place"),
    replaced="parent",
)


@functools.cache
def truth():
    """Records of each kind, as the API shows them."""
    with SimulatorProcess(
        contacts=12, companies=6, conversations=12, tickets=8, articles=2, now="1772366400"
    ) as simulator:
        return simulator.truth()


def contact_rows(records):
    lists = [
        {"id": one["id"], **{field: contacts.inner_list(one, field) for field in contacts.CUT_LISTS}} for one in records
    ]
    return contacts.contact_rows(list(zip(records, lists, strict=True)))


KINDS = {
    "conversations": conversations.conversation_rows,
    "tickets": tickets.ticket_rows,
    "contacts": contact_rows,
    "companies": companies.company_rows,
    "teams": staff.team_rows,
    "admins": staff.admin_rows,
    "ticket_types": reference.ticket_type_rows,
}


def places(value, *above):
    """Yield the way to everything inside of a record but its id, which the listing has checked."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in inside:
        if (*above, step) != ("id",):
            yield (*above, step)
            yield from places(inner, *above, step)


def altered(record, way, value):
    record = copy.deepcopy(record)
    *above, last = way
    functools.reduce(lambda holder, step: holder[step], above, record)[last] = value
    return record


def loaded(rows_of_tables):
    """Return table -> count of rows; raises what makes a load fail."""
    counts = {}
    for table, rows in rows_of_tables:
        if rows:
            batch = arrow_table(table, ColumnTypes(table, Schema("intercom")).columns(rows), len(rows), "load")
            batch.validate(full=True)
            for column in table.key:
                assert any(REMOVES in row for row in rows) or batch[column].null_count == 0
        counts[table.name] = len(rows)
    return counts


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(data=st.data(), value=JSON)
def test_any_json_in_place_of_any_field_costs_at_most_its_record(kind, data, value):
    records = truth()[kind]
    record = data.draw(st.sampled_from(records))
    odd = altered(record, data.draw(st.sampled_from(list(places(record)))), value)
    try:
        whole = shaped(Whole(odd, 0, None), KINDS[kind])
    except SHAPE_ERRORS:
        return  # it is named, and nothing of it is loaded
    before, after = loaded(KINDS[kind]([record])), loaded(whole.detail)
    own = next(iter(before))
    assert before[own] == after[own] == 1
    for misfit in whole.misfits:
        assert (misfit.entity in before, misfit.entity != own, bool(misfit.reason)) == (True, True, True)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"n": 1}, "id is missing"),
        ({"id": None}, "id is missing"),
        ({"id": ""}, "id is missing"),
        ({"id": " \t"}, "id is missing"),
        ({"id": {"a": 1}}, "id is an object"),
        ({"id": ["a"]}, "id is a list"),
        ({"id": True}, "id is true or false"),
        ({"id": 1.5}, "id is a number with a fraction"),
        ({"id": "1", "free": nested(1_000)}, "free is nested too deep"),
        ({"id": "1", "alice@example.com": nested(300)}, "a field is nested too deep"),
        ({"id": "1", "free": nested(200), "n": 2**64}, None),
        ({REMOVES: True}, None),
    ],
)
def test_a_row_needs_its_key_and_an_end(row, reason):
    assert problem_in(THINGS, row) == reason


KEYS = st.sampled_from(["1", "a", 7, "", " ", None, True, 1.5, {}, ["a"]])
ROWS = st.fixed_dictionaries(
    {}, optional={"id": KEYS, "free": JSON, "odd": JSON, "thing_id": KEYS, "position": KEYS, REMOVES: st.just(True)}
)


@given(st.lists(ROWS, max_size=12), st.sampled_from([THINGS, OF_THINGS]))
def test_rows_that_come_together_fit_as_each_does_alone(rows, table):
    problems = [problem_in(table, row) for row in rows]
    [(_, fit)], misfits = fitting([(table, rows)])
    expected = [row for row, problem in zip(rows, problems, strict=True) if problem is None]
    assert fit[: len(expected)] == expected
    assert fit[len(expected) :] == [] or table.replaced == "parent"
    assert [misfit.reason for misfit in misfits] == [problem for problem in problems if problem is not None]


@pytest.mark.parametrize("kind", ["contacts", "tickets"])
@settings(max_examples=20)
@given(data=st.data(), value=JSON)
def test_records_that_are_shaped_together_have_the_rows_of_each(kind, data, value):
    records, rows_of = truth()[kind], KINDS[kind]
    place = data.draw(st.integers(0, len(records) - 1))
    odd = altered(records[place], data.draw(st.sampled_from(list(places(records[place])))), value)
    records = [*records[:place], odd, *records[place + 1 :]]
    together = shaped_together(records, rows_of)
    try:
        alone = [shaped(Whole(record, 0, None), rows_of) for record in records]
    except SHAPE_ERRORS:
        assert together is None
    else:
        has_misfits = any(whole.misfits for whole in alone)
        assert together == (None if has_misfits else merged(whole.detail for whole in alone))


def test_an_empty_id_is_one_where_things_are_told_apart_by_others():
    built_in = {"model": "contact", "full_name": "email", "id": ""}
    assert problem_in(reference.DATA_ATTRIBUTES_TABLE, built_in) is None
    assert problem_in(reference.DATA_ATTRIBUTES_TABLE, built_in | {"full_name": ""}) == "full_name is missing"


@pytest.mark.parametrize("blank", ["", " ", None])
def test_each_row_without_an_id_is_named(blank):
    parts = [{"id": blank, "body": body} for body in ("first", "second", "second")]
    rows = tickets.ticket_rows([{"id": "1", "ticket_parts": {"ticket_parts": parts}}])
    names = [misfit.id for misfit in fitting(rows)[1]]
    assert names == ["1, place 1", "1, place 2", "1, place 3"]


def test_attributes_without_an_id_are_named_by_their_ticket_type():
    types = [{"id": one, "ticket_type_attributes": [{"name": "size"}]} for one in ("7", "8")]
    run = Resource().run()
    run.rows_of(types, reference.ticket_type_rows)
    assert [(row["entity"], row["id"]) for row in run.rows()] == [
        ("ticket_type_attributes", "7, place 1"),
        ("ticket_type_attributes", "8, place 1"),
    ]


def test_a_row_that_does_not_fit_costs_itself_and_is_named_by_parent_and_place():
    rows = [{"thing_id": "7", "position": 0}, {"thing_id": "7", "position": None}, {"thing_id": "7", "position": 2}]
    fit, [misfit] = fitting([(THINGS, [{"id": "7"}]), (OF_THINGS, rows)], THINGS)
    assert fit == [(THINGS, [{"id": "7"}]), (OF_THINGS, [rows[0], rows[2]])]
    assert (misfit.entity, misfit.id, misfit.reason) == ("thing_tags", "7, place 2", "position is missing")


def test_of_a_list_in_which_nothing_fits_the_rows_that_were_loaded_before_go():
    """As those go that are not in a list of which something fits."""
    others = [{"thing_id": "8", "position": 0}, {"thing_id": "8"}]
    rows = [{"thing_id": "7"}, {"thing_id": "7"}, *others, {"thing_id": None}]
    [(_, fit)], misfits = fitting([(OF_THINGS, rows)])
    assert fit == [others[0], {"thing_id": "7", REMOVES: True}]
    assert len(misfits) == 4
    assert fitting([(THINGS, [{"n": 1}])])[0] == [(THINGS, [])]


def test_without_its_own_row_a_record_has_no_others():
    with pytest.raises(Misshapen, match="id is missing"):
        fitting([(THINGS, [{}]), (OF_THINGS, [{"thing_id": "7", "position": 0}])], THINGS)


class Resource:
    """One resource over many runs: its state stays, and each run has a report of its own."""

    def __init__(self):
        self.state, self.now = {}, 100.0

    def run(self, strays=()):
        self.now += 1
        facts = UnreadableFacts(self.state, ResourceReport("things"), lambda: self.now, MOST_REMEMBERED)
        return UnreadableRecords(facts, list(strays))


def rows_of(records):
    return [(THINGS, [{"id": one["id"], "free": one.get("free")} for one in records])]


def test_a_record_is_counted_once_a_run_since_it_was_met_first_and_leaves_once_it_is_read():
    resource = Resource()
    for tries in (1, 2, 3):
        run = resource.run()
        for _ in range(2):  # the search, and its overlap
            assert run.rows_of([{"id": "1", "free": nested(500)}, {"id": "2"}], rows_of) == rows_of([{"id": "2"}])
        [row] = run.rows()
        assert (row["entity"], row["id"], row["reason"]) == ("things", "1", "free is nested too deep")
        assert (row["first_seen_at"], row["last_seen_at"], row["tries"]) == (101, 100 + tries, tries)
        with pytest.raises(RecordsUnread, match=r"id 1\); things 1: free is nested too deep"):
            run.check()
    run = resource.run()
    run.rows_of([{"id": "1"}, {"id": "2"}], rows_of)
    assert run.rows() == [{"entity": "things", "id": "1", REMOVES: True}]
    run.check()


@pytest.mark.parametrize(
    ("status", "code", "is_denied"),
    [
        (403, "forbidden", True),
        (401, "token_unauthorized", True),
        (402, "payment_required", True),
        (403, None, False),
        (403, "403", False),
        (500, "server_error", False),
    ],
)
def test_of_a_record_that_may_not_be_read_the_permission_is_named_and_of_a_gateways_refusal_none(
    status, code, is_denied
):
    run = Resource().run()
    run.undelivered("1", IntercomError(Failure("GET", "/things/1", status, code)))
    with pytest.raises(RecordsUnread, match=f"answered {status}") as raised:
        run.check()
    assert ("the app's permissions" in str(raised.value)) is is_denied


def test_more_records_than_can_be_remembered_stop_the_resource_and_are_still_a_thousand_rows():
    resource = Resource()
    run = resource.run()
    records = [{"id": str(number), "free": nested(500)} for number in range(1_001)]
    run.rows_of(records[:1_000], rows_of)
    with pytest.raises(TooManyUnread, match=r"1,000 or more listed .* The resource was stopped"):
        run.rows_of(records[1_000:], rows_of)
    assert len(run.rows()) == 1_000


def test_strays_that_are_too_many_do_not_keep_from_the_destination_what_was_read_with_them():
    """They are looked at when everything else was read, and counts as loaded: an error then would cost its rows."""
    strays = [Stray(f"GET /things, place {place}", "no object, but null") for place in range(2_000)]
    run = Resource().run(strays)
    run.take_strays()
    assert len(run.rows()) == 1_000
    with pytest.raises(RecordsUnread, match="1,000 or more listed"):
        run.check()


def test_what_has_no_id_is_forgotten_when_the_whole_list_came_without_it():
    resource = Resource()
    run = resource.run()
    run.rows_of([{"id": "1", "free": nested(500)}], rows_of)
    run = resource.run()
    run.is_listed_whole = False
    with pytest.raises(RecordsUnread, match="id 1"):  # it is still missing, though nobody has met it
        run.check()
    assert run.rows() == []
    run.is_listed_whole = True
    run.check()
    assert [REMOVES in row for row in run.rows()] == [True]


def test_the_reason_quotes_nothing_of_the_record():
    resource = Resource().run()
    resource.rows_of([{"id": "1"}], lambda records: rows_of(records) if not records else int("alice@example.com"))
    [row] = resource.rows()
    assert row["reason"].startswith("another shape than is known (ValueError in")
    assert "alice" not in str(row)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (
            Failure("GET", "/contacts/1", 500, "server_error", "alice@example.com"),
            "GET /contacts/1 answered 500 server_error",
        ),
        (
            Failure("GET", "/contacts/1", message="a record without id: ['alice']"),
            "GET /contacts/1: a record without id",
        ),
        (Failure("GET", "/x", message="no way on in {'alice': 1}"), "GET /x: no way on in"),
    ],
)
def test_the_reason_of_an_error_quotes_nothing_of_an_answer(failure, reason):
    resource = Resource().run()
    resource.undelivered("1", BadAnswer(failure))
    assert [row["reason"] for row in resource.rows()] == [reason]
