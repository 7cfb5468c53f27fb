"""Lists against the number of records that Intercom names: what is missing, hidden, or counted too often."""

import math

import pytest

from sources.intercom.api.call import Call
from sources.intercom.api.completeness.overstated_totals import Excess
from sources.intercom.api.completeness.shortfall import Count, conclude
from sources.intercom.api.errors import IncompleteListing, RecordsHidden
from sources.intercom.api.http.client import Tally
from sources.intercom.api.lists.list_answer import total_count_in
from sources.intercom.api.lists.pagination import listed

CALL = Call("GET", "/tags")


def outcome(count, known=0, *, is_loaded=False):
    """Return what the end of a listing does: the error, what counts as not listed, and what is known from then on."""
    state, tally, error = {"excess": {"/tags": known}} if known else {}, Tally(), None
    try:
        conclude(count, CALL, Excess(state, "/tags"), tally, is_loaded=is_loaded)
    except IncompleteListing as raised:
        error = type(raised)
    return error, tally.unlisted, state.get("excess", {}).get("/tags", 0)


@pytest.mark.parametrize(
    ("count", "known", "is_doubtful", "at_the_end", "where_it_is_loaded"),
    [
        (Count(300, 300), 0, False, (None, 0, 0), (None, 0, 0)),
        (Count(301, 300, came_again=9, is_contradicted=True), 0, False, (None, 0, 0), (None, 0, 0)),
        (Count(300, 300), 4, False, (None, 0, 0), (None, 0, 0)),
        (Count(9, None), 0, False, (None, 0, 0), (None, 0, 0)),
        (Count(9, None, came_again=1), 0, True, (None, 0, 0), (None, 0, 0)),
        (Count(297, 300), 0, False, (None, 3, 0), (None, 3, 0)),
        (Count(297, 300), 2, False, (None, 3, 2), (None, 3, 2)),
        (Count(296, 300), 0, True, (None, 4, 4), (None, 4, 4)),
        (Count(296, 300), 4, False, (None, 4, 4), (None, 4, 4)),
        (Count(296, 300, came_again=1, is_contradicted=True), 4, False, (None, 4, 4), (None, 4, 4)),
        (Count(292, 300), 0, True, (None, 8, 8), (None, 8, 8)),
        (Count(291, 300), 0, True, (IncompleteListing, 0, 0), (IncompleteListing, 0, 0)),
        (Count(299, 300, came_again=1), 0, True, (IncompleteListing, 0, 0), (RecordsHidden, 0, 1)),
        (Count(299, 300, is_contradicted=True), 0, True, (IncompleteListing, 0, 0), (IncompleteListing, 0, 0)),
    ],
)
def test_the_end_of_a_listing_says_what_is_missing_or_stops(count, known, is_doubtful, at_the_end, where_it_is_loaded):
    assert count.is_doubtful(known) == is_doubtful
    assert outcome(count, known) == at_the_end
    assert outcome(count, known, is_loaded=True) == where_it_is_loaded


def test_a_list_that_brings_far_less_than_it_counts_is_an_error(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "total_count": 40})
    with pytest.raises(IncompleteListing, match="counts 40 records and listed 1"):
        list(listed(client, "/tags"))


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_records_without_an_id_count_one_by_one(serve, blank):
    """Which are named then; the list is whole, and not read twice."""
    records = [{"id": blank, "name": str(number)} for number in range(9)]
    server, client = serve(lambda request: {"data": records, "total_count": 9})
    assert [len(page.records) for page in listed(client, "/tags")] == [9]
    assert len(server.requests) == 1


def test_records_without_an_id_that_are_the_same_count_one_by_one(serve):
    server, client = serve(lambda request: {"data": [{"id": "1"}, None, None, {}, {}], "total_count": 5})
    assert [len(page.records) for page in listed(client, "/tags")] == [5]
    assert len(server.requests) == 1


def test_a_list_whose_count_moved_while_it_was_read_is_whole(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "total_count": 4})
    assert {record["id"] for page in listed(client, "/tags", kept_in={}) for record in page.records} == {"1"}
    assert client.tally.unlisted == 3


def answers_pages(pages, total_counts, family):
    """Answer a list of pages of ids; `family`: P with an address, C with an object."""
    following = {
        "P": lambda number: f"https://api.intercom.io/tags?page={number + 1}",
        "C": lambda number: {"page": number + 1, "starting_after": str(number + 1)},
    }[family]

    def answer(request):
        number = int(request.query.get("page") or request.query.get("starting_after") or 1)
        is_last = number == len(pages)
        return {
            "data": [{"id": identity} for identity in pages[number - 1]],
            "pages": {"next": None if is_last else following(number)},
            "total_count": total_counts[number - 1],
        }

    return answer


@pytest.mark.parametrize("family", ["P", "C"])
@pytest.mark.parametrize(
    ("pages", "total_counts"),
    [
        (["ab", "bc"], [4, 4]),
        (["abc", "abd"], [6, 6]),
        (["ab", "cd", ""], [8, 8, 0]),
        (["abcdefghij", "abcdefghij"], [20, 20]),
        (["ab", ""], [3, 0]),
    ],
)
def test_a_list_that_repeats_records_and_hides_others_is_an_error_after_a_second_look(
    serve, family, pages, total_counts
):
    server, client = serve(answers_pages(pages, total_counts, family))
    distinct = len(set("".join(pages)))
    with pytest.raises(IncompleteListing, match=f"counts {total_counts[0]} records and listed {distinct}"):
        list(listed(client, "/tags"))
    assert len(server.requests) == 2 * len(pages)


def test_a_list_that_is_whole_at_the_second_look_is_whole(serve):
    looks = [["a", "b", "b"], ["a", "c", "b"]]
    _, client = serve(lambda request: {"data": [{"id": each} for each in looks.pop(0)], "total_count": 3})
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == set("abc")


def test_a_small_gap_in_a_list_in_which_a_record_came_twice_is_looked_at_again(serve):
    whole = [{"id": str(number)} for number in range(200)]
    looks = [[*whole[:-1], whole[0]], whole]
    _, client = serve(lambda request: {"data": looks.pop(0), "total_count": 200})
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == set(map(str, range(200)))


def test_a_small_gap_that_was_seen_once_is_not_known_as_a_number_that_is_too_high(serve):
    """Somebody may have deleted a record while the list was read; the next time as many may be hidden."""
    whole = [{"id": str(number)} for number in range(200)]
    looks = [whole[:-1], *[[*whole[:-1], whole[0]]] * 2]
    _, client = serve(lambda request: {"data": looks.pop(0), "total_count": 200})
    state = {}
    assert len(list(listed(client, "/tags", kept_in=state))) == 1
    with pytest.raises(IncompleteListing, match="counts 200 records and listed 199, some of them twice"):
        list(listed(client, "/tags", kept_in=state))


def test_a_list_without_a_number_is_read_again_where_a_record_comes_twice(serve, caplog):
    """What Intercom names no number of may hide a record behind each repeated one."""
    looks = [["a", "b", "b"], ["a", "c", "b"]]
    server, client = serve(lambda request: {"data": [{"id": each} for each in looks[len(server.requests) % 2 - 1]]})
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == set("abc")
    assert not caplog.records
    looks[1] = looks[0]
    assert {record["id"] for page in listed(client, "/tags") for record in page.records} == set("ab")
    assert len(server.requests) == 4
    assert [record.message for record in caplog.records] == [
        "/tags: the list has some records twice (1 times) and names no number; others may be hidden"
    ]


def test_a_number_that_stays_too_high_is_said_and_remembered(serve, caplog):
    server, client = serve(lambda request: {"data": [{"id": "1"}, {"id": "2"}], "total_count": 3})
    state = {}
    for calls in (2, 3, 4):
        caplog.clear()
        pages = listed(client, "/tags", kept_in=state)
        assert {record["id"] for page in pages for record in page.records} == {"1", "2"}
        assert len(server.requests) == calls
        assert [record.message for record in caplog.records] == [
            "/tags: Intercom counts 3 records but lists 2; those are loaded"
        ]
    assert state == {"excess": {"/tags?": 1}}


def test_of_the_lists_of_single_records_nothing_is_remembered_or_counted(serve, caplog):
    """There are as many as contacts, and the state is written with every load package."""
    _, client = serve(lambda request: {"data": [{"id": "1"}, {"id": "2"}], "total_count": 3})
    pages = listed(client, "/contacts/c1/tags")
    assert {record["id"] for page in pages for record in page.records} == {"1", "2"}
    assert client.tally.unlisted == 0
    assert [record.message for record in caplog.records] == [
        "/contacts/c1/tags: Intercom counts 3 records but lists 2; those are loaded"
    ]


@pytest.mark.parametrize(
    ("total", "number"),
    [
        *((7, 7), ("7", 7), (7.0, 7), (0, 0), ("0", 0), ("9" * 19, None)),
        *((-1, None), ("-1", None), (7.5, None), ("7.0", None), (True, None), ("", None), ("seven", None), ("²", None)),
        *(([7], None), ({"value": 7}, None), (None, None), ("9" * 5_000, None)),
        *((2**63 - 1, 2**63 - 1), (2**63, None), (1e308, None), (math.nan, None)),
    ],
)
def test_a_number_of_records_counts_however_it_is_written(total, number):
    assert total_count_in({"total_count": total}) == number
    assert total_count_in({}) is None


def test_a_search_that_hides_records_is_found_out_by_a_number_that_is_a_text(serve):
    _, client = serve(lambda request: {"data": [{"id": "1"}], "total_count": "300"})
    with pytest.raises(IncompleteListing, match=r"counts 300 records and listed 1"):
        list(listed(client, "/articles"))
