"""Where a schedule is played: a simulator, a database, and what has to hold after every run."""

import os
import shutil
import signal
import subprocess
from collections import Counter
from contextlib import suppress

from pipelines.stop import Stop
from sources.intercom import RESOURCES
from tests.chaos.claims import complete_resources, count_rescued, doubled_keys, repeated_calls
from tests.ground_truth.comparison import differences
from tests.support.processes.launched import Launched
from tests.support.workspace import load, marks, rows, swept

SWEPT = {"contacts", "companies", "conversations", "tickets"}
NEVER = ("extracting", 10**9, 0)
LONGEST_RUN_SECONDS = 180
LOOK_SECONDS = 0.005
CALM_KNOBS = {
    "index_lag_seconds": 0,
    "uneven_index_lag": False,
    "scroll_token_changes": False,
    "scroll_page_size": 100,
    "null_next": False,
    "events_end_empty": False,
    "over_max_per_page": "clamp",
    "inclusive_search_bounds": False,
    "compressed": False,
    "chunked": False,
    "heavy_search_per_page": 0,
    "rate_limit": 0,
    "export_polls": 2,
    "export_container": "zip",
}
LARGEST_SMALL_CHUNK = 12
SETTLED_SECONDS = 700  # longer than any lag of a schedule, and than a company scroll stays open


class Stage:
    """Takes the steps of one schedule; each is a method. What does not hold is an AssertionError."""

    def __init__(self, simulator, folder):
        self.simulator = simulator
        self.database = folder / "chaos.duckdb"
        self.backup = folder / "backup.duckdb"
        self.figures = Counter()
        self._churn_every = 0
        self._has_faults = False
        self._lags_until = 0
        self._killed = None  # requests of a killed run, as long as nothing has happened since
        self._told_runs = set()

    def perform(self, step):
        """Take one step."""
        killed, self._killed = self._killed, None
        getattr(self, step.name)(**step.arguments)
        if step.name == "sync" and killed and not {"full_refresh", "hours"} & step.arguments.keys():
            self._compare_calls(*killed)

    def end(self):
        """A quiet sync and a sweep after all that: the tables are equal to the truth, and what is gone is marked."""
        self.calm()
        self.simulator.knobs(**CALM_KNOBS)
        self.simulator.clock(advance=SETTLED_SECONDS)
        self._lags_until = 0
        outcome = load(self.simulator, self.database, everything=True)
        assert outcome.status == "complete", outcome.facts()
        self._check_runs()
        wrong = differences(self.simulator, self.database)
        assert not wrong, wrong[:20]
        self.sweep()
        for table, gone in self.simulator.gone().items():
            if table in SWEPT:
                missed = {item["record"]["id"] for item in gone} - marks(self.database, table).keys()
                held = {row[0] for row in rows(self.database, f"SELECT id FROM intercom_raw.{table}")}
                assert not missed & held, (table, missed & held)
        self._check_survivors()
        self.figures["schedules with rescued records"] = int(count_rescued(self.database) > 0)

    # What happens between runs.

    def changes(self, count, seed, kinds):
        self.simulator.mutate(count, seed=seed, kinds=kinds)

    def churn(self, every):
        self._churn_every = every
        self.simulator.churn(every=every)

    def clock(self, advance):
        self.simulator.clock(advance=advance)

    def lag(self, seconds, is_uneven):
        self._lags_until = float("inf")
        self.simulator.knobs(index_lag_seconds=seconds, uneven_index_lag=is_uneven)

    def faults(self, faults):
        self._has_faults = True
        self.simulator.faults(*faults)

    def knobs(self, **knobs):
        self.simulator.knobs(**knobs)

    def calm(self):
        self._has_faults = False
        self.simulator.faults()
        self.churn(every=0)

    def back_up(self):
        if self.database.exists():
            with suppress(FileNotFoundError):
                shutil.copy(self._log_of(self.database), self._log_of(self.backup))
            shutil.copy(self.database, self.backup)

    def restore(self):
        self.database.unlink(missing_ok=True)
        self._log_of(self.database).unlink(missing_ok=True)
        if self.backup.exists():
            with suppress(FileNotFoundError):
                shutil.copy(self._log_of(self.backup), self._log_of(self.database))
            shutil.copy(self.backup, self.database)

    # Runs.

    def sync(self, names=(), hours=None, full_refresh=False, **settings):
        since = None if hours is None else self.simulator.clock() - hours * 3_600
        self.simulator.clear_requests()
        load(
            self.simulator,
            self.database,
            *names,
            everything=not names,
            settings=settings,
            since=since,
            full_refresh=full_refresh,
        )
        self.figures["runs"] += 1
        self._check_runs()

    def sweep(self):
        """A sweep may find nothing to compare with, or an occupied scroll; what it says is compared like a sync's."""
        if not self.database.exists():
            return
        with suppress(Stop):
            swept(self.simulator, self.database)
        self.figures["sweeps"] += 1
        self._check_runs()

    def killed_at(self, moment, count, delay_seconds, **settings):
        process = self._start((moment, count, delay_seconds), **settings)
        process.communicate(timeout=LONGEST_RUN_SECONDS)
        self._check_killed(process, settings)

    def killed_after_calls(self, count, **settings):
        process = self._start(NEVER, **settings)
        self._wait_for_calls(process, count)
        process.kill()
        process.communicate(timeout=LONGEST_RUN_SECONDS)
        self._check_killed(process, settings)

    def interrupted(self, calls, times, **settings):
        process = self._start(NEVER, **settings)
        self._wait_for_calls(process, calls)
        for _ in range(times):
            process.send_signal(signal.SIGINT)
        said = "".join(process.communicate(timeout=LONGEST_RUN_SECONDS))
        has_begun = any(call["path"] != "/me" for call in self.simulator.requests())
        if times == 1 and process.returncode and has_begun:
            assert "run the same command again to continue" in said, said[-2_000:]
        self.figures["interruptions"] += 1
        self._check_runs()

    def _start(self, moment, names=(), **settings):
        self.simulator.clear_requests()
        visitors = [visitor["user_id"] for visitor in self.simulator.truth()["visitors"]]
        given = {
            **settings,
            "base_url": self.simulator.url,
            "access_token": self.simulator.token,
            "export_poll_seconds": 0.01,
            "export_hours": 0,
            "visitor_user_ids": str(visitors).replace("'", '"'),
        }
        environment = {f"SOURCES__INTERCOM__{name.upper()}": str(value) for name, value in given.items()}
        sync = ["sync", *(names or ["--all"]), "--no-transform", "--database", self.database]
        return Launched("tests.chaos.doomed", *moment, *sync, environment={**os.environ, **environment})

    def _wait_for_calls(self, process, count):
        while process.poll() is None and sum(self.simulator.counters()["operations"].values()) < count:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_SECONDS)

    # What has to hold.

    @property
    def _is_quiet(self):
        return not self._churn_every and self.simulator.clock() >= self._lags_until

    def _check_killed(self, process, settings):
        was_killed = process.returncode == -signal.SIGKILL
        self.figures["kills"] += was_killed
        self._check_runs()
        if was_killed and self._is_quiet and not self._has_faults:
            self._killed = (self.simulator.requests(), settings["chunk_records"])

    def _check_runs(self):
        """No row is doubled, and what was called complete is complete."""
        if not self.database.exists():
            return
        doubled = doubled_keys(self.database)
        assert not doubled, doubled
        claims = complete_resources(self.database, self._told_runs)
        wrong = differences(self.simulator, self.database) if self._is_quiet and claims else []
        for resources in claims:
            read = [RESOURCES[name] for name in resources if name in RESOURCES]
            tables = {table.name for resource in read for table in resource.tables}
            false = [line for line in wrong if line.split(" ", 1)[0] in tables]
            assert not false, (sorted(resources), false[:20])

    def _check_survivors(self):
        """Whoever is marked as merged was: into the contact that is named, or into one whose place that one took."""
        into = {item["record"]["id"]: item.get("into") for item in self.simulator.gone()["contacts"]}
        for contact_id, (reason, survivor_id) in marks(self.database, "contacts").items():
            if reason == "merged":
                possible, following = set(), contact_id
                while (following := into.get(following)) and following not in possible:
                    possible.add(following)
                assert survivor_id in possible, (contact_id, survivor_id, possible)
                self.figures["survivors found"] += 1

    def _compare_calls(self, requests, chunk_records):
        """A chunk ends with the page that fills it, so it may hold nearly a page more."""
        repeated = repeated_calls(requests, self.simulator.requests())
        most = max(repeated.values(), default=0)
        assert most < 2 * chunk_records, repeated
        self.figures["resumed kills"] += 1
        if chunk_records <= LARGEST_SMALL_CHUNK:
            self.figures["most calls repeated of a resource"] = max(
                self.figures["most calls repeated of a resource"], most
            )

    @staticmethod
    def _log_of(database):
        return database.with_name(database.name + ".wal")
