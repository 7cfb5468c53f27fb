"""The report in a real browser: nothing fetched, nothing complained of, and every figure that of the SQL."""

import json
import re
import shutil
import stat
import subprocess
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from pipelines.report.encoding import script_json
from tests.pipelines.conftest import Command

COOKBOOK = Path(__file__).parents[3] / "docs" / "cookbook.md"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.end_to_end
browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: apt-get install chromium)")
HOSTILE = "</script><img src=x onerror=\"document.body.dataset.broken='yes'\"> & 'Team'"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, simulator):
    """Return the database, with a team of a hostile name, and its report."""
    folder = tmp_path_factory.mktemp("report")
    command = Command(folder)
    command.point_at(simulator)
    code, _, errors = command.run("sync", "--database", "w.duckdb", "--quiet")
    assert code == 0, errors
    with duckdb.connect(str(folder / "w.duckdb")) as connection:
        connection.execute("UPDATE intercom_raw.teams SET name = ?", [HOSTILE])
        connection.execute("UPDATE intercom.dim_teams SET name = ? WHERE team_id <> 'none'", [HOSTILE])
    code, _, errors = command.run("audit", "--database", "w.duckdb", "--sample", "1")
    assert code == 0, errors
    code, output, errors = command.run("report", "--database", "w.duckdb", "--since", "2000-01-01")
    assert code == 0, errors
    assert "report.html" in output
    return folder


def rendered(page, folder, script=""):
    """Return what the page's tiles show after its scripts (and `script`) ran, its errors and its requests."""
    copy = folder / "shown.html"
    script += "\ndocument.body.dataset.requests = performance.getEntriesByType('resource').length;"
    copy.write_text(page.replace("await show();\n", f"await show();\n{script}\n"), encoding="utf-8")
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--enable-logging=stderr",
    ]
    flags += [f"--user-data-dir={folder / 'profile'}", "--disable-component-update", "--virtual-time-budget=20000"]
    # What the browser asks for itself goes nowhere, either.
    flags += ["--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--no-first-run"]
    done = subprocess.run(
        [CHROMIUM, *flags, "--dump-dom", copy.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    # Vega warns of a height that follows from the rows, which is what is meant.
    errors = [line for line in done.stderr.splitlines() if "CONSOLE" in line and '"WARN Dropping "fit-y"' not in line]
    requests = re.search(r'data-requests="(\d+)"', done.stdout)
    return done.stdout, errors, requests and int(requests[1])


def tiles(dom):
    return dict(re.findall(r'data-figure="(\w+)">([^<]*)<', dom))


def figure(folder, sql):
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        connection.execute("SET search_path = 'intercom,intercom_staging'")
        return connection.execute(sql).fetchone()[0]


INBOUND = "SELECT count(*) FROM fct_conversations WHERE direction = 'inbound'"
CSAT = "SELECT printf('%.1f %%', 100.0 * avg(CASE WHEN rating >= 4 THEN 1 ELSE 0 END)) FROM fct_csat"


@browser
def test_the_page_shows_what_the_sql_says_without_a_request(workspace):
    dom, errors, requests = rendered((workspace / "report.html").read_text(encoding="utf-8"), workspace)
    assert errors == []
    assert requests == 0
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
def test_filters_move_the_figures(workspace):
    page = (workspace / "report.html").read_text(encoding="utf-8")
    script = 'control("channel").value = "email"; await show(); document.body.append(JSON.stringify(summaryFigures));'
    dom, errors, _ = rendered(page, workspace, script)
    assert errors == []
    of_email = f"{INBOUND} AND channel = 'email'"
    assert tiles(dom)["inbound"] == str(figure(workspace, of_email))
    assert figure(workspace, of_email) != figure(workspace, INBOUND)
    found = json.loads(re.search(r'\{"inbound".*?\}', dom)[0])
    answered = of_email.replace("count(*)", "{}") + " AND NOT was_closed_before_first_reply"
    assert found["response"] == figure(workspace, answered.format("median(first_response_seconds)"))
    p90 = figure(workspace, answered.format("quantile_cont(first_response_seconds, 0.9)"))
    assert found["responseP90"] == pytest.approx(p90)
    assert found["resolution"] == figure(workspace, of_email.replace("count(*)", "median(resolution_seconds)"))


@browser
def test_the_days_are_compared_with_as_many_before_and_the_tables_are_on_paper(workspace):
    page = (workspace / "report.html").read_text(encoding="utf-8")
    last = figure(workspace, "SELECT today FROM build_clock")
    first = last - timedelta(days=89)
    script = f"""
        control("from").value = "{first}"; await show(); document.body.append(JSON.stringify(earlierFigures));
        dispatchEvent(new Event("beforeprint"));
        document.body.dataset.open = document.querySelectorAll("details[open]").length;
        dispatchEvent(new Event("afterprint"));
        document.body.dataset.still = document.querySelectorAll("details[open]").length;
    """
    dom, errors, _ = rendered(page, workspace, script)
    assert errors == []
    found = json.loads(re.search(r'\{"inbound".*?\}', dom)[0])
    earlier = (
        f"{INBOUND} AND created_on BETWEEN DATE '{first - timedelta(days=90)}' AND DATE '{first - timedelta(days=1)}'"
    )
    assert found["inbound"] == figure(workspace, earlier) > 0
    opened = f"SELECT sum(1) FROM fct_backlog_conversations WHERE day = DATE '{first - timedelta(days=1)}'"
    assert found["backlog"] == figure(workspace, opened)
    now = figure(workspace, f"{INBOUND} AND created_on >= DATE '{first}'")
    percent = 100 * (now / found["inbound"] - 1)
    assert (
        re.search(r"<i[^>]*>(.*?)</i>", dom)[1]
        == f"{'▲' if percent > 0 else '▼'} {abs(percent):.{int(abs(percent) < 9.95)}f} %"
    )
    assert 'data-open="14"' in dom
    assert 'data-still="0"' in dom


def test_the_file_is_private_and_small(workspace):
    file = workspace / "report.html"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page = file.read_text(encoding="utf-8")
    assert len(page) < 1_500_000
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
    code, _, errors = invoke("report", "--database", "empty.duckdb")
    assert code == 64
    assert "intercom-elt transform --database empty.duckdb" in " ".join(errors.split())


def test_no_text_ends_the_script_that_holds_it():
    text = script_json({"name": HOSTILE + "\u2028<!--"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["name"] == HOSTILE + "\u2028<!--"


def question(number):
    """Return the SQL of a question of docs/cookbook.md, without its limit."""
    text = COOKBOOK.read_text(encoding="utf-8")
    sql = re.search(rf"^## {number}\. .*?```sql\n(.*?)```", text, re.DOTALL | re.MULTILINE)[1]
    return sql.replace("limit 5", "")


def answer(folder, number, where="true"):
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        connection.execute("SET search_path = 'intercom,intercom_staging'")
        [row] = connection.execute(f"SELECT * FROM ({question(number)}) WHERE {where}").fetchall()
        return dict(zip([column[0] for column in connection.description], row, strict=True))


@browser
def test_the_tiles_are_the_answers_of_the_cookbook(workspace):
    busiest = f"SELECT starts_on FROM ({question(1)}) WHERE count_inbound_conversations > 0"
    first = figure(workspace, f"{busiest} ORDER BY count_inbound_conversations DESC LIMIT 1")
    last = figure(workspace, f"SELECT last_day(DATE '{first}')")
    script = f"""
        document.body.append("whole" + JSON.stringify(summaryFigures));
        control("from").value = "{first}"; control("to").value = "{last}"; await show();
        document.body.append("month" + JSON.stringify(summaryFigures));
    """
    dom, errors, _ = rendered((workspace / "report.html").read_text(encoding="utf-8"), workspace, script)
    assert errors == []
    whole, month = (json.loads(re.search(rf'{name}(\{{"inbound".*?\}})', dom)[1]) for name in ("whole", "month"))
    response = answer(workspace, 1, f"starts_on = DATE '{first}'")
    assert month["inbound"] == response["count_inbound_conversations"]
    assert month["response"] / 60 == pytest.approx(response["median_minutes"])
    assert month["responseP90"] / 60 == pytest.approx(response["p90_minutes"])
    assert month["responseOffice"] / 60 == pytest.approx(response["median_business_minutes"])
    ratings = answer(workspace, 9, f"starts_on = DATE '{first}'")
    assert (month["csat"], month["ratings"]) == (pytest.approx(ratings["csat"]), ratings["count_rated"])
    assert month["rated"] == pytest.approx(ratings["csat_response_rate"])
    backlog = f"SELECT sum(1) FROM ({question(6)})"
    assert whole["backlog"] == figure(workspace, backlog)
    kept = f"SELECT sum(hit) FROM ({question(14)})"
    assert whole["sla"] * whole["decided"] == pytest.approx(figure(workspace, kept))
