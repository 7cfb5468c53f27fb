"""Figures that change without moving `updated_at`: all records of a list are read in full once a day."""

import time

import pytest

from sources.intercom.api.errors import BadAnswer, RecordsUnread
from sources.intercom.api.identity import Identity
from sources.intercom.reading.unreadable_records import MOST_UNREAD
from sources.intercom.resources import RESOURCES
from tests.support.network.loopback import Reply

ARTICLES = RESOURCES["articles"]


def test_articles_are_read_in_full_once_a_day_because_their_figures_move_no_time(serve, begin):
    now, state, views = 1_772_366_400, {}, {"1": 10, "2": 0}

    def answer(request):
        identity = request.path.removeprefix("/articles").strip("/")
        listed = [{"id": one, "updated_at": 1} for one in views]
        figures = {"statistics": {"type": "article_statistics", "views": views.get(identity)}}
        return {"id": identity, "updated_at": 1, **figures} if identity else {"data": listed, "pages": {}}

    _, client = serve(answer)
    read_views = []
    for hours_later in (0, 1, 20, 21, 44, 43):  # the clock goes back at last
        identity = Identity(clock_offset_seconds=now + hours_later * 3_600 - time.time())
        reading = begin(client, state, resource="articles", identity=identity)
        [tables] = ARTICLES.read(reading)
        read_views.append(
            [row["statistics__views"] for table, rows in tables if table.name == "articles" for row in rows]
        )
        views["1"] += 1
    assert read_views == [[10, 0], [], [12, 0], [], [14, 0], [15, 0]]


def test_an_article_that_could_not_be_read_again_is_asked_for_by_the_next_run(serve, begin):
    state, asked = {}, []

    def whole(identity):
        return {"id": identity, "updated_at": 1}

    def answer(request):
        identity = request.path.removeprefix("/articles").strip("/")
        if not identity:
            return {"data": [whole("1"), whole("2")], "pages": {}}
        asked.append(identity)
        return Reply({"type": "error.list", "errors": []}, 500) if is_broken and identity == "2" else whole(identity)

    _, client = serve(answer)
    is_broken = False
    list(ARTICLES.read(begin(client, state, resource="articles")))
    state["whole_at"], is_broken = 0, True
    with pytest.raises(RecordsUnread):
        list(ARTICLES.read(begin(client, state, resource="articles")))
    asked.clear()
    is_broken = False
    [[(_, rows), _]] = ARTICLES.read(begin(client, state, resource="articles"))
    assert ([row["id"] for row in rows], asked) == (["2"], ["2"])


def test_what_has_changed_is_loaded_where_the_figures_of_all_others_cannot_be_read(serve, begin):
    state, ids = {}, [str(number) for number in range(1, MOST_UNREAD + 10)]
    changed_at = dict.fromkeys(ids, 1)

    def answer(request):
        identity = request.path.removeprefix("/articles").strip("/")
        if identity in broken:
            return Reply({"type": "error.list", "errors": []}, 500)
        whole = [{"id": one, "updated_at": at} for one, at in changed_at.items()]
        return next((one for one in whole if one["id"] == identity), {"data": whole, "pages": {}})

    _, client = serve(answer)
    broken = set()
    list(ARTICLES.read(begin(client, state, resource="articles")))
    state["whole_at"], changed_at["1"], broken = 0, 2, {*ids[1:]}
    read = ARTICLES.read(begin(client, state, resource="articles"))
    [(_, rows), _] = next(read)
    assert [row["id"] for row in rows] == ["1"]
    with pytest.raises(BadAnswer):
        next(read)
    assert (state["known"]["1"], state["whole_at"]) == (2, 0)
