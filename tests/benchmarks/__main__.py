"""What a sync costs, as a table and as JSON: `./run python -m tests.benchmarks [MEASURE]…`.

cpu: processor time against another commit, in the same run on the same machine. wall: time of a first sync against the
time in which Intercom would allow its calls. ranges: time of a first sync of many contacts against that of their pages
one after the other. growth: the same changes in a small and in a large database. memory: the peak at two sizes of
workspace. connectors: a first sync here and by two other readers of Intercom, of the same workspace.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from simulator import SimulatorProcess
from sources.intercom.api.http.client import Client
from sources.intercom.resources.contacts import SEARCH as CONTACTS
from tests.benchmarks.connectors import READERS, REAL_ADDRESS
from tests.benchmarks.large_raw import hold_conversations, write_contacts
from tests.benchmarks.measured_command import ROOT, as_json, measured
from tests.support.processes.checkout import checked_out
from tests.support.processes.own_environment import NotInstalled, installed

BASELINE = "4df704f"
NOW = "2026-03-01T12:00:00Z"
SECONDS_PER_MINUTE = 60
CPU_CASES = {
    "conversations": {"conversations": 5_000, "contacts": 200, "companies": 20, "tickets": 20},
    "contacts": {"conversations": 20, "contacts": 12_000, "companies": 20, "tickets": 20},
}
WALL_SIZES = {"conversations": 1_500, "contacts": 2_000, "companies": 200, "tickets": 200}
LATENCIES_MS = (50, 200)
LIMITS = (10_000, 1_000)  # calls a minute
MEMORY_CONVERSATIONS = (20_000, 200_000)
RANGES_CONTACTS = 100_000
RANGES_LATENCY_MS = 200
GROWTH_CONVERSATIONS = (50_000, 1_000_000)
GROWTH_CHANGED = 1_000


def cpu(folder, baseline, scale, repeats=2):
    """Yield one fact a case: processor seconds here and in `baseline`, of a first sync and of one without changes."""
    with checked_out(baseline) as before:
        for name, sizes in CPU_CASES.items():
            scaled = {entity: max(int(count * scale), 20) for entity, count in sizes.items()}
            with SimulatorProcess(now=NOW, rate_limit=0, **scaled) as simulator:
                runs = {"first": {ROOT: [], before: []}, "quiet": {ROOT: [], before: []}}
                for number in range(repeats):
                    for checkout in (before, ROOT):  # in turn, so that a busy machine is busy for both
                        database = folder / f"{name}_{checkout.name}_{number}" / "intercom.duckdb"
                        database.parent.mkdir()
                        for run in runs.values():
                            run[checkout].append(measured(simulator, database, name, checkout=checkout).cpu_seconds)
            for kind, run in runs.items():
                ours, theirs = min(run[ROOT]), min(run[before])
                facts = {"seconds": ours, f"seconds in {baseline}": theirs, "ratio": round(ours / theirs, 2)}
                yield {"measure": "cpu", "case": f"{kind} sync, {scaled[name]:,} {name}", **facts}


def wall(folder, scale):
    """Yield one fact for each latency and limit: seconds of a first sync of everything, against calls / limit."""
    sizes = {entity: max(int(count * scale), 20) for entity, count in WALL_SIZES.items()}
    for limit in LIMITS:
        for latency in LATENCIES_MS:
            database = folder / f"wall_{limit}_{latency}" / "intercom.duckdb"
            database.parent.mkdir()
            with SimulatorProcess(now=NOW, rate_limit=limit, latency_ms=latency, **sizes) as simulator:
                run = measured(simulator, database)
            allowed_seconds = run.calls / limit * SECONDS_PER_MINUTE
            yield {
                "measure": "wall",
                "case": f"first sync, {latency} ms, {limit:,} calls a minute",
                "seconds": run.seconds,
                "calls": run.calls,
                "calls / limit": round(allowed_seconds, 1),
                "ratio": round(run.seconds / allowed_seconds, 2),
                "429": run.rate_limited,
            }


def memory(folder, scale):
    """Yield the peak of a first sync of conversations at two sizes."""
    for count in MEMORY_CONVERSATIONS:
        database = folder / f"memory_{count}" / "intercom.duckdb"
        database.parent.mkdir()
        sizes = {"conversations": int(count * scale), "contacts": 200, "companies": 20, "tickets": 20}
        with SimulatorProcess(now=NOW, rate_limit=0, **sizes) as simulator:
            run = measured(simulator, database, "conversations")
        case = f"{sizes['conversations']:,} conversations"
        yield {"measure": "memory", "case": case, "seconds": run.seconds, "peak MB": run.peak_bytes // 10**6}


def ranges(folder, scale):
    """Yield seconds of a first sync of contacts that nobody limits, against their pages read one after the other."""
    count = int(RANGES_CONTACTS * scale)
    recorded = folder / "contacts"
    write_contacts(recorded, count)
    limits = {"rate_limit": 0, "latency_ms": RANGES_LATENCY_MS}
    with SimulatorProcess(fill_from=str(recorded), now=NOW, **limits) as simulator:
        started = time.monotonic()
        with Client.connect(simulator.url, simulator.token, 1.0, 1) as client:
            pages = sum(1 for _ in CONTACTS.pages(client, 0, None))
        page_after_page = time.monotonic() - started
        run = measured(simulator, folder / "ranges.duckdb", "contacts")
    yield {
        "measure": "ranges",
        "case": f"first sync of {count:,} contacts, {RANGES_LATENCY_MS} ms",
        "seconds": run.seconds,
        "CPU": run.cpu_seconds,
        "calls": run.calls,
        "pages": pages,
        "page after page": round(page_after_page, 1),
        "ratio": round(page_after_page / run.seconds, 1),
    }


def growth(folder, scale):
    """Yield what a sync of the same changed conversations costs in databases of two sizes."""
    changed = int(GROWTH_CHANGED * scale)
    sizes = {"conversations": changed, "contacts": 200, "companies": 20, "tickets": 20}
    for count in GROWTH_CONVERSATIONS:
        database = folder / f"growth_{count}.duckdb"
        with SimulatorProcess(now=NOW, rate_limit=0, **sizes) as simulator:
            measured(simulator, database, "tags")  # makes the tables
            held = int(count * scale)
            hold_conversations(database, held)
            run = measured(simulator, database, "conversations")
        case = f"{changed:,} changed conversations among {held:,}"
        yield {"measure": "growth", "case": case, "seconds": run.seconds, "CPU": run.cpu_seconds, "calls": run.calls}


def connectors(folder, scale):
    """Yield one fact for each reader of Intercom: seconds, calls and rows of a first sync of the same workspace."""
    sizes = {entity: max(int(count * scale), 20) for entity, count in WALL_SIZES.items()}
    knobs = {"rate_limit": LIMITS[0], "latency_ms": LATENCIES_MS[0], "admin_avatar": "object"}
    with SimulatorProcess(now=NOW, link_base_url=REAL_ADDRESS, **knobs, **sizes) as simulator:
        database = folder / "connectors" / "intercom.duckdb"
        database.parent.mkdir()
        run = measured(simulator, database)
        ours = {"seconds": run.seconds, "calls": run.calls, "429": run.rate_limited, **rows_in(database)}
        yield {"measure": "connectors", "case": "intercom-elt sync --no-transform", **ours}
        for package, read in READERS.items():
            fact = {"measure": "connectors", "case": package}
            try:
                programs = installed(folder / package, package)
            except NotInstalled as reason:
                sys.stderr.write(f"{package} is left out: {reason}\n")
                continue
            simulator.clear_requests()
            reading = read(programs, simulator, folder)
            statuses = simulator.counters()["statuses"]
            fact |= {"seconds": reading.seconds, "calls": sum(statuses.values()), "429": statuses.get("429", 0)}
            rows = sum(map(len, reading.records.values()))
            yield {**fact, "rows": rows, "tables": len(reading.records)}


def rows_in(database):
    """Return how many rows Intercom's tables hold, and how many of them hold any; those of the run log are left out."""
    with duckdb.connect(str(database), read_only=True) as connection:
        named = connection.execute(
            """
            select table_name from duckdb_tables() where schema_name = 'intercom_raw'
            and not (starts_with(table_name, '_dlt') or starts_with(table_name, 'sync_'))
            """
        ).fetchall()
        counts = [connection.execute(f"select count(*) from intercom_raw.{table}").fetchone()[0] for (table,) in named]
    return {"rows": sum(counts), "tables": sum(count > 0 for count in counts)}


def shown(facts):
    """Return facts as a table; a measure that does not have a column leaves it empty."""
    names = list(dict.fromkeys(name for fact in facts for name in fact))
    table = Table(*names)
    for fact in facts:
        table.add_row(*(str(fact.get(name, "")) for name in names))
    return table


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "measures", nargs="*", metavar="cpu|wall|ranges|growth|memory|connectors", help="default: cpu and wall"
    )
    parser.add_argument("--baseline", default=BASELINE, help=f"commit to hold CPU against (default: {BASELINE})")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual sizes, such as 0.1")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    options = parser.parse_args(arguments)
    facts = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        measures = {
            "cpu": lambda: cpu(folder, options.baseline, options.scale),
            "wall": lambda: wall(folder, options.scale),
            "ranges": lambda: ranges(folder, options.scale),
            "growth": lambda: growth(folder, options.scale),
            "memory": lambda: memory(folder, options.scale),
            "connectors": lambda: connectors(folder, options.scale),
        }
        for name in options.measures or ["cpu", "wall"]:
            if name not in measures:
                parser.error(f"there is no measure {name!r}; measures: {', '.join(measures)}")
            for fact in measures[name]():
                facts.append(fact)
                sys.stderr.write(f"{fact}\n")
    Console().print(shown(facts))
    if options.json:
        options.json.write_text(as_json(facts))


if __name__ == "__main__":
    main()
