"""Random conversations, through two syncs and builds, have the figures that their definitions give, mart by mart."""

import random
import shutil

import pytest

from tests.support.told.conversation import ANN, AUTHORS, at
from tests.support.told.loaded_workspace import built as built_again
from tests.support.told.loaded_workspace import synced_and_built
from tests.support.workspace import rows
from tests.transforms.models.definitions import (
    backlog,
    bots,
    conversations,
    handovers,
    missing_parts,
    people,
    periods,
    ratings,
    relations,
    service_levels,
    tickets,
    turns,
    weeks,
)
from tests.transforms.models.definitions.history import DAY_SECONDS, WEEK_SECONDS
from tests.transforms.models.definitions.random_history import random_history
from tests.transforms.models.definitions.record import record
from tests.transforms.models.definitions.workspace import SETTINGS, Workspace
from transforms.seeds.settings import parse_settings

COUNT = 300
MIDDLE, NOW = at("04-03 11:30"), at("05-01 14:00") + 17
FIRST, LAST = at("03-01 00:00"), at("04-26 00:00")
CLOCK_CHANGE = at("03-29 01:30")
TICKET_TYPE = {
    **tickets.TYPE,
    "description": "",
    "archived": False,
    "created_at": FIRST,
    "updated_at": FIRST,
    "ticket_type_attributes": {"type": "list", "data": []},
}
BOTH_SUPPORT_MARTS = """(
    select 'day' as period, day as starts_on, * from intercom.fct_support_daily
    union all by name select * from intercom.fct_support_periods
)"""


@pytest.fixture(scope="module", params=[1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def workspace(request):
    draw = random.Random(request.param)
    contacts = [f"{number:024x}" for number in range(COUNT // 2)]
    histories = []
    for number in range(1_000, 1_000 + COUNT):
        histories.append(come_back(draw, number, histories) or told(draw, number, draw.choice(contacts)))
    for history in draw.sample(histories, COUNT // 10):
        history.contact, history.guest = sorted((history.contact, draw.choice(contacts)))
    made = [tickets.random_ticket(draw, number, draw.randrange(FIRST, LAST), NOW) for number in range(5_000, 5_150)]
    return Workspace(histories, NOW, people.random_people(draw, histories, NOW), made)


def come_back(draw, number, histories):
    """One in five is of a contact whose other conversation has just ended, by a bot if possible; None if it is not."""
    ended = [each for each in histories if conversations.is_deflected_by_bot(each)] or histories
    before = draw.choice(ended) if ended and draw.random() < 0.2 else None
    began = before and before.events[-1].at + draw.choice((0, 60, 3_600, DAY_SECONDS, DAY_SECONDS + 1, WEEK_SECONDS))
    return random_history(draw, number, began, NOW, before.contact) if before and began < LAST else None


def told(draw, number, contact):
    """One that begins at any time, at a quarter of an hour, at a midnight of Berlin, or while clocks change."""
    moment = draw.randrange(FIRST, LAST)
    midnight = moment // DAY_SECONDS * DAY_SECONDS - 7_200
    began = draw.choice((moment, moment // 900 * 900, midnight, CLOCK_CHANGE + moment % 7_200))
    return random_history(draw, number, began, NOW, contact)


@pytest.fixture(scope="module")
def built(workspace, tmp_path_factory):
    """The database, and the reports of two builds: rows of what went on after the first come from the second."""
    folder = tmp_path_factory.mktemp("definitions")
    others = {
        "companies": [people.company_record(company, NOW) for company in people.COMPANIES],
        "ticket_types": [TICKET_TYPE],
        "admins": [{**AUTHORS[ANN], "team_ids": []}],  # Ben has left
        "teams": [{"type": "team", "id": team, "name": team} for team in ("601", "602", "603")],
    }
    reports = []
    for now in (MIDDLE, NOW):
        begun = [history.until(now) for history in workspace.histories if history.began <= now]
        gone = people.marks(workspace.people) if now == NOW else []
        others |= {
            "contacts": [people.contact_record(each) for each in workspace.people if not each.is_gone or now < NOW],
            "tickets": [tickets.record(each.until(now)) for each in workspace.tickets if each.created_at <= now],
        }
        told_then, settings = [*map(record, begun)], parse_settings(SETTINGS)
        database, report = synced_and_built(folder, told_then, now, settings, gone, **others)
        reports.append(report)
    return database, reports


@pytest.fixture(scope="module")
def database(built):
    return built[0]


def differing(database, mart, expected, key):
    """Key -> column -> (what the mart has, what the definitions give), where the two differ."""
    wanted = {tuple(row[name] for name in key): rounded(row) for row in expected}
    columns = list(next(iter(wanted.values())))
    assert [name for name in columns if len({row[name] for row in wanted.values()}) == 1] == []
    held = [
        rounded(dict(zip(columns, values, strict=True)))
        for values in rows(database, f"select {', '.join(columns)} from {mart}")
    ]
    found = {tuple(row[name] for name in key): row for row in held}
    assert len(held) == len(found), "a key comes once"
    no_row = dict.fromkeys(columns, "no row")
    pairs = {each: (found.get(each, no_row), wanted.get(each, no_row)) for each in {*found, *wanted}}
    return {
        each: {name: (got[name], want[name]) for name in columns if got[name] != want[name]}
        for each, (got, want) in pairs.items()
        if got != want
    }


def rounded(row):
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in row.items()}


def test_all_checks_pass(built):
    _, reports = built
    assert [report.failed_checks() for report in reports] == [[], []]


def test_conversations(database, workspace):
    expected = conversations.rows(workspace)
    assert differing(database, "intercom.fct_conversations", expected, ["conversation_id"]) == {}


def test_turns(database, workspace):
    key = ["conversation_id", "turn"]
    assert differing(database, "intercom.fct_response_turns", turns.rows(workspace), key) == {}


def test_handovers(database, workspace):
    key = ["conversation_id", "handover"]
    assert differing(database, "intercom.fct_handovers", handovers.rows(workspace), key) == {}


def test_service_levels(database, workspace):
    expected = service_levels.rows(workspace)
    assert differing(database, "intercom.fct_sla", expected, ["conversation_id"]) == {}


def test_ratings(database, workspace):
    assert differing(database, "intercom.fct_csat", ratings.rows(workspace), ["conversation_id"]) == {}


def test_backlog(database, workspace):
    stock = backlog.stock(workspace)
    assert differing(database, "intercom.fct_backlog_conversations", stock, ["day", "conversation_id"]) == {}


def test_backlog_of_each_team(database, workspace):
    mart = "(from intercom.fct_backlog_daily where count_conversations > 0)"
    assert differing(database, mart, backlog.daily(workspace), ["day", "team_id", "state"]) == {}


def test_what_came_into_the_backlog_and_left_it(database, workspace):
    columns = ", ".join(f"sum({name})::int as {name}" for name in ("count_opened", "count_reopened", "count_closed"))
    mart = f"(select day, {columns} from intercom.fct_backlog_daily group by day)"
    assert differing(database, mart, backlog.flows(workspace), ["day"]) == {}


def test_weeks_of_teammates(database, workspace):
    expected = weeks.rows(workspace)
    assert differing(database, "intercom.fct_teammate_weekly", expected, ["admin_id", "week_start"]) == {}


def test_days_weeks_and_months(database, workspace):
    key = ["period", "starts_on", "channel", "team_id"]
    assert differing(database, BOTH_SUPPORT_MARTS, periods.rows(workspace), key) == {}


def test_weeks_of_bots(database, workspace):
    key = ["week_start", "channel"]
    assert differing(database, "intercom.fct_bot_weekly", bots.rows(workspace), key) == {}


def test_tickets(database, workspace):
    assert differing(database, "intercom.fct_tickets", tickets.rows(workspace), ["ticket_id"]) == {}


def test_contacts(database, workspace):
    """Merged ones have become the survivor since the first build, and deleted ones have no row."""
    moments = "epoch({0}_conversation_at)::bigint as {0}_conversation_at_epoch"
    mart = f"(select *, {moments.format('first')}, {moments.format('last')} from intercom.dim_contacts)"
    assert differing(database, mart, relations.contacts(workspace), ["contact_id"]) == {}


def test_companies(database, workspace):
    mart = "(select *, epoch(oldest_open_at)::bigint as oldest_open_at_epoch from intercom.dim_companies)"
    assert differing(database, mart, relations.companies(workspace), ["company_id"]) == {}


@pytest.fixture(scope="module")
def without_parts(database, workspace, tmp_path_factory):
    """The database after the loss of the oldest parts of most conversations, and the ids of these."""
    copy = shutil.copy(database, tmp_path_factory.mktemp("lost") / "lost.duckdb")
    lost = missing_parts.lose_parts(copy, random.Random(len(workspace.histories)), workspace.histories)
    marts = " ".join(f"+{mart}" for mart in missing_parts.OTHERWISE)
    built_again(copy, NOW, parse_settings(SETTINGS), f"{marts} +fct_response_turns +fct_handovers")
    return copy, lost


def test_no_figure_is_made_of_parts_that_are_left(without_parts, workspace):
    """Where parts are missing it is what it would be with them, or Intercom's own, or not known."""
    copy, lost = without_parts
    held = missing_parts.with_intercoms_own(conversations.rows(workspace), workspace.histories, lost)
    for mart, expected, key in (
        ("fct_conversations", held, ["conversation_id"]),
        ("fct_response_turns", turns.rows(workspace), ["conversation_id", "turn"]),
        ("fct_handovers", handovers.rows(workspace), ["conversation_id", "handover"]),
        ("fct_sla", service_levels.rows(workspace), ["conversation_id"]),
    ):
        differences = differing(copy, f"intercom.{mart}", expected, key)
        assert missing_parts.invented(differences, lost) == {}


@pytest.mark.parametrize("mart", missing_parts.OTHERWISE)
def test_no_column_tells_more_than_with_all_parts(without_parts, database, mart):
    """Of all columns, also those of which no definition is written: they are what they were, or not known."""
    copy, _ = without_parts
    names, before = missing_parts.by_conversation(database, mart)
    _, after = missing_parts.by_conversation(copy, mart)
    assert before.keys() == after.keys()
    told = {
        name: (left, whole)
        for key, values in after.items()
        for name, left, whole in zip(names, values, before[key], strict=True)
        if left != whole and left not in missing_parts.UNKNOWN
    }
    assert {name: pair for name, pair in told.items() if name not in missing_parts.OTHERWISE[mart]} == {}
