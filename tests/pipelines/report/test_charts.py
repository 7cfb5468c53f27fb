"""What the charts of the report show is what the cookbook answers: their rows, as Vega holds them in a browser."""

from collections import Counter, defaultdict

import duckdb
import pytest

from tests.support.documents.report_page import HOSTILE, NAMESAKE, browser, last_sunday, question

pytestmark = [pytest.mark.end_to_end, browser]
CHARTS = 14
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
OF_INBOUND = "FROM fct_conversations WHERE direction = 'inbound'"


@pytest.fixture
def whole(page):
    return page["whole"]["rows"]


def series(rows, key="when", **fixed):
    """Return series -> place -> value of a chart's rows; places of nothing are left out."""
    found = defaultdict(dict)
    for row in rows:
        if row["value"] and all(row[column] == value for column, value in fixed.items()):
            found[row.get("series")][row[key][:10] if key == "when" else row[key]] = row["value"]
    return dict(found)


def asked(folder, sql):
    """Return the rows of SQL on the marts as dictionaries."""
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        connection.execute("SET search_path = 'intercom,intercom_staging'")
        rows = connection.execute(sql)
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def by_week(folder, number, column, factor=1):
    """Return week -> a column of a question, asked for weeks; weeks that have nothing are left out."""
    rows = asked(folder, question(number).replace("'month'", "'week'"))
    return {str(row.get("week_start") or row["starts_on"]): row[column] * factor for row in rows if row[column]}


def test_every_chart_has_something_to_show(whole):
    assert len(whole) == CHARTS


def test_a_choice_that_is_made_while_charts_are_drawn_is_the_one_that_is_shown(page):
    assert (page["emptied"], page["charts"]) == (CHARTS, [1] * CHARTS)


def test_volume_and_first_responses_are_those_of_every_week(workspace, whole):
    volume, response = series(whole["volume"]), series(whole["response"], hours="all hours")
    assert volume["begun"] == by_week(workspace, 1, "count_inbound_conversations")
    assert volume["first closed"] == by_week(workspace, 12, "count_first_closed")
    assert response["median"] == pytest.approx(by_week(workspace, 1, "median_minutes", 1 / 60))
    assert response["p90"] == pytest.approx(by_week(workspace, 1, "p90_minutes", 1 / 60))
    office = series(whole["response"], hours="office hours")
    assert office["median"] == pytest.approx(by_week(workspace, 1, "median_business_minutes", 1 / 60))


def test_channels_and_teams_are_those_of_all_months(workspace, whole):
    channels, teams = Counter(), Counter()
    of_all_months = question(2).replace("starts_on >= current_date - 62 and ", "")
    for part in asked(workspace, of_all_months.replace("team_name", "team_id")):
        channels[part["channel"]] += part["count_inbound_conversations"]
        name = "No team" if part["team_id"] == "none" else f"{HOSTILE} ({part['team_id']})"  # the name of all teams
        teams[name] += part["count_inbound_conversations"]
    assert series(whole["channels"], "name")[None] == +channels
    assert series(whole["teams"], "name")[None] == +teams


def test_the_backlog_is_that_of_every_day(workspace, whole):
    days = Counter()
    for row in asked(workspace, question(5)):
        days[str(row["day"])] += row["count_conversations"]
    assert series(whole["backlog"])["open"] == +days


def test_ratings_are_those_of_the_happy_and_the_unhappy(workspace, whole):
    shown, unhappy = series(whole["csat"]), question(10)
    assert sum(shown["1 to 3"].values()) == len(asked(workspace, unhappy))
    assert sum(shown["4 and 5"].values()) == len(asked(workspace, unhappy.replace("not is_positive", "is_positive")))


def test_what_came_back_and_what_the_bot_kept_are_those_of_every_week(workspace, page):
    reopened, shown = by_week(workspace, 12, "reopen_rate"), series(page["whole"]["rows"]["quality"])["reopened"]
    # In the cookbook a week has no rate until the seven days of all that was closed in it are over.
    assert {week: share for week, share in shown.items() if week in reopened} == pytest.approx(reopened)
    bot = series(page["channel"]["rows"]["bot"])
    assert bot.get("deflected", {}) == by_week(workspace, 13, "count_deflected")
    all_of_them = Counter(bot.get("deflected", {})) + Counter(bot["passed on"])
    assert all_of_them == by_week(workspace, 13, "count_bot_involved")


def test_promises_are_kept_and_broken_as_often(workspace, whole):
    promises = asked(workspace, question(14))
    shown = series([row for row in whole["sla"] if row["name"] != "Own targets"], "name")
    hits = sum(row["hit"] for row in promises)
    assert sum(shown["hit"].values()) == hits > 0
    decided = sum(round(row["hit"] / row["hit_rate"]) for row in promises if row["hit_rate"])
    assert sum(shown.get("missed", {}).values()) >= decided - hits, "a team that kept none has no rate to count from"


def test_tags_grow_as_the_weeks_of_the_cookbook_do(workspace, page):
    tags, sunday = Counter(), last_sunday(workspace)
    for row in asked(workspace, question(15)):
        age = (sunday - row["week_start"]).days
        tags[row["tag_name"]] += row["count_conversations"] * ((1 if age < 28 else -1) if 0 <= age < 56 else 0)
    shown = series(page["weeks"]["rows"].get("tags", []), "name").get(None, {})
    assert shown.items() <= (+tags).items()
    assert len(shown) == min(len(+tags), 12)


def test_tickets_are_as_many_of_each_kind(workspace, whole):
    shown = series(whole["tickets"], "name")
    wanted = {row["ticket_type_name"]: row["tickets"] for row in asked(workspace, question(20))}
    assert Counter(shown["resolved"]) + Counter(shown["unresolved"]) == wanted


def test_charts_without_a_question_of_the_cookbook_are_those_of_the_mart(workspace, whole):
    counted = f"SELECT created_weekday AS day, created_hour AS hour, count(*) AS n {OF_INBOUND} GROUP BY ALL"
    cells = {(WEEKDAYS[cell["day"] - 1], cell["hour"]): cell["n"] for cell in asked(workspace, counted)}
    assert {(cell["name"], cell["hour"]): cell["value"] for cell in whole["hours"] if cell["value"]} == cells
    weekly = "SELECT CAST(date_trunc('week', created_on) AS DATE) AS week, median(resolution_seconds) / 3600 AS hours,"
    touch = "avg(CASE WHEN is_closed THEN CAST(is_one_touch AS INT) END) AS one_touch"
    weeks = asked(workspace, f"{weekly} {touch} {OF_INBOUND} GROUP BY 1")
    resolution = series(whole["resolution"], hours="all hours")["median"]
    assert resolution == pytest.approx({str(row["week"]): row["hours"] for row in weeks if row["hours"]})
    one_touch = {str(row["week"]): row["one_touch"] for row in weeks if row["one_touch"]}
    assert series(whole["quality"])["one touch"] == pytest.approx(one_touch)


def test_teammates_of_one_name_are_two_and_one_without_a_name_is_shown(workspace, whole):
    closed = f"SELECT last_closed_by_admin_id AS id, count(*) AS n {OF_INBOUND} AND is_closed GROUP BY 1"
    named = {row["admin_id"]: row["name"] for row in asked(workspace, "SELECT admin_id, name FROM dim_teammates")}
    labels = {
        admin: f"{name} ({admin})" if name == NAMESAKE else name or f"Teammate {admin}" for admin, name in named.items()
    }
    people = {labels[row["id"]]: row["n"] for row in asked(workspace, closed) if row["id"]}
    shown = series(whole["teammates"], "name")[None]
    assert shown.items() <= people.items()
    assert sorted(shown.values()) == sorted(people.values())[-15:]
    assert [*named.values()].count(NAMESAKE) == 2 == sum(name.startswith(NAMESAKE) for name in shown)
    assert sum(name.startswith("Teammate ") for name in shown) == 1
