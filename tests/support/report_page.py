"""The report in a real browser, and the SQL of the cookbook."""

import re
import shutil
import subprocess

import duckdb
import pytest

from tests.support.pages import ROOT

COOKBOOK = ROOT / "docs" / "cookbook.md"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: apt-get install chromium)")
HOSTILE = "</script><img src=x onerror=\"document.body.dataset.broken='yes'\"> & 'Team'"


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


def figure(folder, sql):
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        connection.execute("SET search_path = 'intercom,intercom_staging'")
        return connection.execute(sql).fetchone()[0]


def question(number):
    """Return the SQL of a question of docs/cookbook.md, without its limit."""
    text = COOKBOOK.read_text(encoding="utf-8")
    sql = re.search(rf"^## {number}\. .*?```sql\n(.*?)```", text, re.DOTALL | re.MULTILINE)[1]
    return sql.replace("limit 5", "")
