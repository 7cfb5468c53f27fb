"""Contacts: complete lists, and every form of their fields."""

import pytest

from sources.intercom import TABLES
from sources.intercom.api.errors import BadAnswer, NotFound
from sources.intercom.records.single_record import Whole
from sources.intercom.resources.contacts import CONTACT, contact_rows, whole_contact
from sources.intercom.resources.cut_lists import complete_lists, lists_with_calls_of_their_own, with_lists
from sources.intercom.rows.table import REMOVES
from tests.support.network.loopback import GATEWAY_NOT_FOUND, NOT_FOUND


def cut(*ids, total_count=None, has_more=None):
    told = {"total_count": total_count, "has_more": has_more}
    return {"type": "list", "data": [{"type": "tag", "id": one, "url": f"/tags/{one}"} for one in ids]} | {
        name: value for name, value in told.items() if value is not None
    }


def lists_of(serve, contact, pages=()):
    """Return the contact's complete lists and which lists were asked for."""

    def answer(request):
        number = int(request.query.get("page", 1))
        following = f"https://api.intercom.io{request.path}?page={number + 1}" if number < len(pages) else None
        return {"type": "list", "data": pages[number - 1], "pages": {"next": following}}

    server, client = serve(answer)
    return complete_lists(client, contact), [request.path for request in server.requests]


def rows_of(name, contact, lists=None):
    tables = {table.name: rows for table, rows in contact_rows([(contact, {"id": contact["id"]} | (lists or {}))])}
    return tables[name]


def test_a_list_that_is_shown_whole_costs_no_call(serve):
    contact = {"id": "c", "tags": cut("1", total_count=1, has_more=False), "companies": cut(), "notes": cut()}
    lists, asked = lists_of(serve, contact)
    assert [tag["id"] for tag in lists["tags"]] == ["1"]
    assert asked == []


def test_a_contact_that_shows_its_lists_whole_has_the_rows_of_its_complete_lists(serve):
    notes = {"type": "list", "data": [], "total_count": 0}
    contact = {"id": "c", "tags": cut("1", "2", total_count=2), "companies": {"data": [{"id": 5}]}, "notes": notes}
    lists, asked = lists_of(serve, contact)
    assert contact_rows([(contact, contact)]) == contact_rows([(contact, lists)])
    assert asked == lists_with_calls_of_their_own(contact) == []


@pytest.mark.parametrize("listed", [{"id": "c", "updated_at": 5}, {"type": "contact", "id": "c", "url": "/contacts/c"}])
def test_a_contact_that_is_only_named_is_asked_for(serve, listed):
    whole = {"type": "contact", "id": "c", "email": "ann@example.com", "updated_at": 7, "tags": cut("1")}
    server, client = serve(lambda request: whole)
    (contact, lists), *_ = CONTACT.completed(client, listed)
    assert (contact["email"], [tag["id"] for tag in lists["tags"]]) == ("ann@example.com", ["1"])
    assert [request.path for request in server.requests] == ["/contacts/c"]


@pytest.mark.parametrize(
    "told", [{"has_more": True}, {"total_count": 3}, {"total_count": "3"}, {"total_count": 3, "has_more": False}]
)
def test_a_list_that_is_cut_is_read_page_by_page(serve, told):
    pages = [[{"id": "1", "applied_at": 5}, {"id": "2"}], [{"id": "3"}]]
    lists, asked = lists_of(serve, {"id": "c", "tags": cut("1", **told)}, pages)
    assert lists["tags"] == [*pages[0], *pages[1]]
    assert asked == ["/contacts/c/tags"] * 2


@pytest.mark.parametrize(
    "shown",
    [
        cut(*map(str, range(10))),
        {**cut(*map(str, range(10))), "has_more": None, "total_count": None},
        {"url": "/contacts/c/tags"},
        {"type": "list", "data": None, "url": "/contacts/c/tags"},
        {"data": None, "url": "/contacts/c/tags", "total_count": None, "has_more": None},
    ],
)
def test_a_list_that_may_be_cut_is_asked_for(serve, shown):
    pages = [[{"id": str(number)} for number in range(12)]]
    assert lists_with_calls_of_their_own({"id": "c", "tags": shown}) == ["tags"]
    lists, asked = lists_of(serve, {"id": "c", "tags": shown}, pages)
    assert (lists["tags"], asked) == (pages[0], ["/contacts/c/tags"])


@pytest.mark.parametrize(
    "shown",
    [
        {**cut(*map(str, range(10))), "has_more": False},
        cut(*map(str, range(10)), total_count=10),
        *(cut(*map(str, range(9))), cut(*map(str, range(12)))),
        {"data": None, "url": "/contacts/c/tags", "total_count": 0},
        {"data": [], "url": "/contacts/c/tags"},
        {"tags": [{"id": "1"}], "url": "/contacts/c/tags"},
    ],
)
def test_a_list_that_cannot_be_cut_is_not_asked_for(shown):
    assert lists_with_calls_of_their_own({"id": "c", "tags": shown}) == []


def test_notes_are_always_read_because_the_contact_names_only_their_ids(serve):
    lists, asked = lists_of(serve, {"id": "c", "notes": cut("7", total_count=1)}, [[{"id": "7", "body": "hi"}]])
    assert lists["notes"] == [{"id": "7", "body": "hi"}]
    assert asked == ["/contacts/c/notes"]


@pytest.mark.parametrize(
    ("field", "answers", "listed", "unlisted"),
    [
        ("companies", [[], ["1", "2", "3"]], ["1", "2", "3"], 0),
        ("companies", [["1"], ["2", "3"]], ["1", "2", "3"], 0),
        ("companies", [["1", "2"], ["1", "2"]], ["1", "2"], 0),
        ("companies", [["1", "2"], NOT_FOUND], ["1", "2"], 0),
        ("companies", [[], []], [], 3),
        ("companies", [NOT_FOUND, None, NOT_FOUND], ["1"], 2),  # what the contact shows is all that can be loaded
        ("tags", [[], ["1", "2", "3"]], ["1", "2", "3"], 0),
        ("tags", [["1", "2"]], ["1", "2"], 0),  # an archived tag stays in the count
        ("tags", [[], []], [], 1),
    ],
)
def test_a_list_with_fewer_items_than_the_contact_counts_is_read_once_more(serve, field, answers, listed, unlisted):
    left = iter(answers)
    contact = {"id": "c", field: cut("1", total_count=3, has_more=True)}

    def answer(request):
        found = next(left)
        if request.path == "/contacts/c":
            return contact
        return found if found is NOT_FOUND else {"data": [{"id": one} for one in found], "total_count": 0}

    server, client = serve(answer)
    (_, lists), *_ = with_lists(client, Whole(contact, 0, None))
    assert [item["id"] for item in lists[field]] == listed
    assert (client.tally.unlisted, len(server.requests)) == (unlisted, len(answers))


def test_items_that_are_not_listed_are_counted_while_other_threads_count_theirs(serve):
    _, client = serve(lambda _: {"type": "list", "data": []})

    class Meanwhile(dict):
        """A contact of which whatever is asked, another contact has one item that is not listed."""

        def get(self, *arguments):
            client.tally.unlisted += 1
            self.count_asked = getattr(self, "count_asked", 0) + 1
            return super().get(*arguments)

    contact = Meanwhile(id="c", companies=cut(total_count=3, has_more=True))
    with_lists(client, Whole(contact, 5, None))
    assert client.tally.unlisted == 3 + contact.count_asked


def test_a_list_whose_next_page_is_not_found_is_not_taken_for_whole(serve):
    contact = {"id": "c", "notes": cut("1", total_count=60, has_more=True)}
    first = {"data": [{"id": "1"}], "pages": {"next": "https://api.intercom.io/contacts/c/notes?page=2"}}
    server, client = serve(lambda request: first if "page" not in request.query else NOT_FOUND)
    with pytest.raises(NotFound):
        complete_lists(client, contact)
    assert len(server.requests) == 2


@pytest.mark.parametrize("value", [{}, {"tags": None}, {"tags": {}}, {"tags": {"data": None, "total_count": None}}])
def test_a_missing_list_is_empty(serve, value):
    lists, asked = lists_of(serve, {"id": "c", **value})
    assert (lists["tags"], asked) == ([], [])


@pytest.mark.parametrize(
    ("avatar", "columns"),
    [
        ({}, {}),
        ({"avatar": None}, {}),
        ({"avatar": "https://x/a"}, {"avatar__image_url": "https://x/a"}),
        ({"avatar": {"type": "avatar", "image_url": None}}, {"avatar__type": "avatar"}),
    ],
)
def test_a_picture_comes_in_every_form(avatar, columns):
    assert rows_of("contacts", {"id": "c", **avatar}) == [{"id": "c"} | columns]


def test_free_form_attributes_stay_whole_whatever_their_names():
    attributes = {"plan": 1, "Plan": "1", "with space": None, "list": [{"a": 1}], "id": 5, "nested": {"x": 1}}
    [row] = rows_of("contacts", {"id": "c", "custom_attributes": attributes})
    assert row == {"id": "c", "custom_attributes": attributes}


def test_counts_of_cut_lists_are_kept_and_the_lists_are_not():
    [row] = rows_of("contacts", {"id": "c", "owner_id": 5, "tags": cut("1", total_count=11, has_more=True)})
    assert row == {"id": "c", "owner_id": "5", "tags__total_count": 11, "tags__has_more": True}


def test_subscriptions_that_a_contact_shows_are_kept_with_it():
    chosen = {"type": "subscription", "id": "37846", "url": "/subscription_types/37846"}
    lists = {
        "opted_out_subscription_types": {"type": "list", "data": [chosen], "total_count": 1, "has_more": False},
        "opted_in_subscription_types": {"type": "list", "data": [], "total_count": 0, "has_more": False},
    }
    [row] = rows_of("contacts", {"id": "c", **lists})
    assert row == {
        "id": "c",
        "opted_out_subscription_types__data": [chosen],
        "opted_out_subscription_types__total_count": 1,
        "opted_out_subscription_types__has_more": False,
        "opted_in_subscription_types__total_count": 0,
        "opted_in_subscription_types__has_more": False,
    }


@pytest.mark.parametrize("table", ["contact_tags", "contact_companies", "contact_notes", "contact_social_profiles"])
def test_every_list_that_is_empty_empties_its_table(table):
    assert rows_of(table, {"id": "c"}) == [{"contact_id": "c", REMOVES: True}]


def test_a_tag_tells_who_applied_it_where_that_is_known():
    tag = {"type": "tag", "id": 1, "name": "vip", "applied_at": 5, "applied_by": {"type": "admin", "id": 9}}
    assert rows_of("contact_tags", {"id": "c"}, {"tags": [tag]}) == [
        {
            "contact_id": "c",
            "tag_id": "1",
            "type": "tag",
            "name": "vip",
            "applied_at": 5,
            "applied_by__type": "admin",
            "applied_by__id": "9",
        }
    ]


def test_a_note_that_two_pages_repeat_is_one_row():
    note = {"type": "note", "id": "7", "body": "x", "contact": {"id": "c"}, "author": {"id": 5}}
    assert rows_of("contact_notes", {"id": "c"}, {"notes": [note, note]}) == [
        {"contact_id": "c", "type": "note", "id": "7", "body": "x", "author__id": "5"}
    ]


@pytest.mark.parametrize("avatar", ["https://x/a", {"image_url": "https://x/a"}])
def test_the_picture_of_a_notes_author_has_one_column(avatar):
    note = {"type": "note", "id": "7", "author": {"id": 5, "avatar": avatar}}
    [row] = rows_of("contact_notes", {"id": "c"}, {"notes": [note]})
    assert row == {
        "contact_id": "c",
        "type": "note",
        "id": "7",
        "author__id": "5",
        "author__avatar__image_url": "https://x/a",
    }
    assert row.keys() <= TABLES["contact_notes"].columns.keys()


def test_social_profiles_keep_their_place():
    profiles = {"type": "list", "data": [{"name": "X", "url": "u"}, {"name": "X", "url": "v"}]}
    assert rows_of("contact_social_profiles", {"id": "c", "social_profiles": profiles}) == [
        {"contact_id": "c", "position": 0, "name": "X", "url": "u"},
        {"contact_id": "c", "position": 1, "name": "X", "url": "v"},
    ]


@pytest.mark.parametrize(
    ("tags", "row"),
    [
        ([None], {REMOVES: True}),
        (["vip"], {"tag_id": None, "value": "vip"}),
        ([7], {"tag_id": None, "value": 7}),
        ([{"id": "1"}, None], {"tag_id": "1"}),
    ],
)
def test_an_item_that_is_no_object_does_no_harm(tags, row):
    assert rows_of("contact_tags", {"id": "c"}, {"tags": tags}) == [{"contact_id": "c", **row}]


def test_a_contact_whose_notes_are_not_found_is_loaded_without_them(serve, caplog):
    shown = {"id": "c1", "notes": {"data": [{"id": "n1"}]}, "tags": {"data": [{"id": "t1"}]}}

    def answer(request):
        return NOT_FOUND if "notes" in request.path else shown

    _, client = serve(answer)
    contact, lists = whole_contact(client, "c1").detail
    assert (contact["id"], lists["notes"], lists["tags"]) == ("c1", [], [{"id": "t1"}])
    assert "contact c1 exists, but one of its lists does not" in caplog.text
    assert client.tally.unlisted == 1


@pytest.mark.parametrize("lost", ["/contacts/c1/notes", "/contacts/c1"])
def test_what_a_gateway_does_not_find_of_a_contact_is_neither_empty_nor_gone(serve, lost):
    shown = {"id": "c1", "notes": {"data": [{"id": "n1"}]}}
    _, client = serve(lambda request: GATEWAY_NOT_FOUND if request.path == lost else shown)
    with pytest.raises(BadAnswer, match="404"):
        whole_contact(client, "c1")
