"""The report in a real browser, and the SQL of the cookbook."""

import json
import re
import shutil
import subprocess
from base64 import b64decode
from datetime import timedelta

import duckdb
import pytest

from tests.support.documents.pages import ROOT

COOKBOOK = ROOT / "docs" / "cookbook.md"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: apt-get install chromium)")
NAMESAKE = "Sam"
HOSTILE = "</script><img src=x onerror=\"document.body.dataset.broken='yes'\"> & 'Team'"
# While the charts are drawn for the first time, somebody chooses a team that has nothing; later all of them.
HURRY = """
show();
control("team").append(make("option", { value: "nobody's" }));
control("team").value = "nobody's";
await show();
await new Promise((resolve) => setTimeout(resolve, 2000));
const emptied = document.querySelectorAll(".chart .empty").length;
control("team").lastChild.remove();
await show();
"""
SNAPSHOTS = """
const unfolded = () => document.querySelectorAll("details[open]").length;
const held = { opened: document.documentElement.outerHTML };
held.emptied = emptied;
held.charts = [...document.querySelectorAll(".chart")].map((place) => place.querySelectorAll("svg").length);
dispatchEvent(new Event("beforeprint"));
held.unfolded = [unfolded()];
dispatchEvent(new Event("afterprint"));
held.unfolded.push(unfolded());
for (const [name, values] of Object.entries(CHOICES)) {
  for (const id of ["from", "to", "channel"]) control(id).value = values[id] ?? "";
  await show();
  held[name] = {
    tiles: document.getElementById("summary").outerHTML,
    figures: summaryFigures,
    earlier: earlierFigures,
    rows: Object.fromEntries([...views].map(([id, view]) => [id, view.data("rows")])),
    compared: document.getElementById("compared").textContent,
  };
  control("filters").dispatchEvent(new Event("focusout"));
  held[name].days = ["from", "to"].map((id) => control(id).value);
}
held.requests = performance.getEntriesByType("resource").length;
document.body.dataset.held = btoa(unescape(encodeURIComponent(JSON.stringify(held))));
"""


def shown(page, folder, choices):
    """Return what the page shows after each choice of its filters, and what the browser says of it all.

    `choices`: name -> control -> value; the first is made when the page has just been opened. Of each: the figures of
    the `tiles` as they are read, `figures` and `earlier` as they were counted, chart -> `rows`, what all is `compared`
    with, and the `days` that the controls show in the end. Beside them the page as `opened`, how many charts were
    `emptied` in a hurry and how many each of the `charts` has then, how many tables are `unfolded` on paper and after
    it, its `errors` and its `requests`.
    """
    script = SNAPSHOTS.replace("CHOICES", json.dumps(choices))
    copy = folder / "shown.html"
    copy.write_text(page.replace("await show();\n", f"{HURRY}{script}\n"), encoding="utf-8")
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
    held = re.search(r'data-held="([^"]*)"', done.stdout)
    assert held, errors
    return json.loads(b64decode(held[1])) | {"errors": errors}


def figure(folder, sql):
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        connection.execute("SET search_path = 'intercom,intercom_staging'")
        return connection.execute(sql).fetchone()[0]


def question(number):
    """Return the SQL of a question of docs/cookbook.md, without its limit."""
    text = COOKBOOK.read_text(encoding="utf-8")
    sql = re.search(rf"^## {number}\. .*?```sql\n(.*?)```", text, re.DOTALL | re.MULTILINE)[1]
    return sql.replace("limit 5", "")


BUSIEST = f"SELECT starts_on FROM ({question(1)}) ORDER BY count_inbound_conversations DESC, starts_on LIMIT 1"
EARLIEST = "SELECT least((SELECT min(created_on) FROM fct_conversations), (SELECT min(created_on) FROM fct_tickets))"


def last_sunday(folder):
    """Return the end of the last whole week."""
    last = figure(folder, "SELECT today FROM build_clock")
    return last - timedelta(days=last.weekday() + 1)
