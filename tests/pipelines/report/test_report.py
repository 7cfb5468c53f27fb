"""The report in a real browser: nothing fetched, nothing complained of, and every figure that of the SQL."""

import json
import re
import stat
from datetime import timedelta
from html.parser import HTMLParser

import duckdb
import pytest

from pipelines.report.encoding import script_json
from tests.support.documents.report_page import BUSIEST, EARLIEST, HOSTILE, browser, figure, question

pytestmark = pytest.mark.end_to_end


def tiles(dom):
    return dict(re.findall(r'data-figure="(\w+)">([^<]*)<', dom))


INBOUND = "SELECT count(*) FROM fct_conversations WHERE direction = 'inbound'"
CSAT = "SELECT printf('%.1f %%', 100.0 * avg(CASE WHEN rating >= 4 THEN 1 ELSE 0 END)) FROM fct_csat"


@browser
def test_the_page_shows_what_the_sql_says_without_a_request(workspace, page):
    assert page["errors"] == []
    assert page["requests"] == 0
    dom = page["opened"]
    assert 'data-ready="yes"' in dom
    assert "data-broken" not in dom
    assert dom.count("<svg") >= 8
    shown = tiles(dom)
    assert shown["inbound"] == f"{figure(workspace, INBOUND):,}"
    assert shown["csat"] == figure(workspace, CSAT)
    assert "metrics agree with Intercom's own statistics" in dom
    assert "<td" in dom[dom.index("The last audit") :]
    assert HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in dom


@browser
def test_filters_move_the_figures(workspace, page):
    of_email, found = f"{INBOUND} AND channel = 'email'", page["email"]["figures"]
    assert tiles(page["email"]["tiles"])["inbound"] == str(figure(workspace, of_email))
    assert figure(workspace, of_email) != figure(workspace, INBOUND)
    answered = of_email.replace("count(*)", "{}") + " AND NOT was_closed_before_first_reply"
    assert found["response"] == figure(workspace, answered.format("median(first_response_seconds)"))
    p90 = figure(workspace, answered.format("quantile_cont(first_response_seconds, 0.9)"))
    assert found["responseP90"] == pytest.approx(p90)
    assert found["resolution"] == figure(workspace, of_email.replace("count(*)", "median(resolution_seconds)"))


@browser
def test_the_days_are_compared_with_as_many_before(workspace, page):
    first = figure(workspace, "SELECT today - 89 FROM build_clock")
    found = page["90 days"]["earlier"]
    earlier = (
        f"{INBOUND} AND created_on BETWEEN DATE '{first - timedelta(days=90)}' AND DATE '{first - timedelta(days=1)}'"
    )
    assert found["inbound"] == figure(workspace, earlier) > 0
    opened = f"SELECT sum(1) FROM fct_backlog_conversations WHERE day = DATE '{first - timedelta(days=1)}'"
    assert found["backlog"] == figure(workspace, opened)
    now = figure(workspace, f"{INBOUND} AND created_on >= DATE '{first}'")
    percent = 100 * (now / found["inbound"] - 1)
    assert (
        re.search(r"<i[^>]*>(.*?)</i>", page["90 days"]["tiles"])[1]
        == f"{'▲' if percent > 0 else '▼'} {abs(percent):.{int(abs(percent) < 9.95)}f} %"
    )


@browser
def test_days_of_which_not_all_is_loaded_are_compared_with_nothing(page):
    whole = page["whole"]
    assert whole["earlier"] is None
    assert set(re.findall(r"<i[^>]*>(.*?)</i>", whole["tiles"])) == {"no figure to compare with"}
    assert whole["compared"].startswith("Not compared with the ")
    assert ", so that of days before it only those are here that changed later. " in whole["compared"]
    assert page["month"]["compared"].startswith("Compared with the ")


@browser
def test_a_day_that_the_page_does_not_have_is_the_nearest_that_it_has(workspace, page):
    whole, outside, backwards = page["whole"], page["outside"], page["backwards"]
    assert (outside["figures"], outside["earlier"]) == (whole["figures"], whole["earlier"])
    last = figure(workspace, "SELECT today FROM build_clock")
    assert outside["days"] == [str(figure(workspace, EARLIEST)), str(last)]
    first = last - timedelta(days=5)
    assert backwards["figures"]["inbound"] == figure(workspace, f"{INBOUND} AND created_on >= DATE '{first}'")
    assert backwards["compared"].startswith("Compared with the 6 days before: ")
    assert page["day"]["compared"].startswith("Compared with the day before: ")


@browser
def test_the_tables_are_on_paper(page):
    assert page["unfolded"] == [14, 0]


def test_the_file_is_private_and_small(workspace):
    file = workspace / "report.html"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page = file.read_text(encoding="utf-8")
    assert len(page) < 1_500_000
    assert '"options":" --database w.duckdb"' in page  # of the commands that it proposes
    parser = Scripts()
    parser.feed(page)
    assert parser.count == 4  # a name ended none of them
    assert not re.search(r'(?:src|href)="(?!data:)', page[: page.index('<script type="module">')])


class Scripts(HTMLParser):
    count = 0

    def handle_starttag(self, tag, attrs):
        self.count += tag == "script"


def test_without_models_the_command_says_which_command_builds_them(invoke, tmp_path):
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    assert "sync --database empty.duckdb\n" in invoke("report", "--database", "empty.duckdb")[2]
    with duckdb.connect(str(tmp_path / "empty.duckdb")) as connection:
        connection.execute("CREATE SCHEMA intercom_raw; CREATE SCHEMA support_raw")
        connection.execute("CREATE TABLE intercom_raw.tags (id TEXT); CREATE TABLE support_raw.tags (id TEXT)")
    code, _, errors = invoke("report", "--database", "empty.duckdb")
    assert code == 64
    assert "intercom-elt transform --database empty.duckdb" in " ".join(errors.split())
    (tmp_path / "empty.duckdb").rename(tmp_path / "a b.duckdb")
    elsewhere = ("--database", "a b.duckdb", "--dataset", "support")
    assert "transform --database 'a b.duckdb' --dataset support\n" in invoke("report", *elsewhere)[2]
    (tmp_path / "a b.duckdb").unlink()
    assert "sync --database 'a b.duckdb'" in " ".join(invoke("report", "--database", "a b.duckdb")[2].split())


def test_no_text_ends_the_script_that_holds_it():
    text = script_json({"name": HOSTILE + "\u2028<!--"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["name"] == HOSTILE + "\u2028<!--"


def answer(folder, number, where="true"):
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        connection.execute("SET search_path = 'intercom,intercom_staging'")
        [row] = connection.execute(f"SELECT * FROM ({question(number)}) WHERE {where}").fetchall()
        return dict(zip([column[0] for column in connection.description], row, strict=True))


@browser
def test_the_tiles_are_the_answers_of_the_cookbook(workspace, page):
    whole, month = page["whole"]["figures"], page["month"]["figures"]
    starts = f"starts_on = DATE '{figure(workspace, BUSIEST)}'"
    response = answer(workspace, 1, starts)
    assert month["inbound"] == response["count_inbound_conversations"] > 0
    assert month["response"] / 60 == pytest.approx(response["median_minutes"])
    assert month["responseP90"] / 60 == pytest.approx(response["p90_minutes"])
    assert month["responseOffice"] / 60 == pytest.approx(response["median_business_minutes"])
    ratings = answer(workspace, 9, starts)
    assert (month["csat"], month["ratings"]) == (pytest.approx(ratings["csat"]), ratings["count_rated"])
    assert month["rated"] == pytest.approx(ratings["csat_response_rate"])
    backlog = f"SELECT sum(1) FROM ({question(6)})"
    assert whole["backlog"] == figure(workspace, backlog)
    kept = f"SELECT sum(hit) FROM ({question(14)})"
    assert whole["sla"] * whole["decided"] == pytest.approx(figure(workspace, kept))
