"""The product on a lake: DuckLake with a catalog in SQLite and files on the disk, loaded, merged, built and checked.

DuckLake's extension comes as a package for another version of DuckDB than the lock's: an environment of its own.
"""

import os
import shutil
import subprocess

import pytest

from simulator import SimulatorProcess
from tests.engines.programs import PROGRAMS
from tests.ground_truth.comparison import differences
from tests.support.processes.own_environment import ROOT, locked_packages, programs_of
from tests.support.workspace import rows

pytestmark = [pytest.mark.engines, pytest.mark.timeout(1_800)]

DUCKDB = "1.5.5"
EXTENSIONS = ("duckdb-extension-ducklake", "duckdb-extension-sqlite-scanner")
SIZES = {"contacts": 12, "companies": 4, "conversations": 10, "tickets": 4, "rate_limit": 0}


class Lake:
    """An empty folder for a lake, and the product's command in an environment that has DuckLake."""

    def __init__(self, folder, simulator):
        self.folder = folder
        packages = [package for package in locked_packages("lake") if not package.startswith("duckdb==")]
        wanted = [f"{name}=={DUCKDB}" for name in ("duckdb", *EXTENSIONS)]
        self.programs = programs_of(folder / "environment", *packages, *wanted, str(ROOT))
        self.environment = os.environ | {
            "HOME": str(folder),  # where DuckDB looks for its extensions
            "DLT_DATA_DIR": str(folder / "dlt"),
            "SOURCES__INTERCOM__BASE_URL": simulator.url,
            "SOURCES__INTERCOM__ACCESS_TOKEN": simulator.token,
            "SOURCES__INTERCOM__EXPORT_POLL_SECONDS": "0.01",
            "DESTINATION__DUCKLAKE__CREDENTIALS__DUCKLAKE_NAME": "lake",
            "DESTINATION__DUCKLAKE__CREDENTIALS__CATALOG": f"sqlite:///{folder / 'lake.sqlite'}",
            "DESTINATION__DUCKLAKE__CREDENTIALS__STORAGE__BUCKET_URL": str(folder / "files"),
        }
        self._install_extensions()

    def _install_extensions(self):
        platform = self.call("python", "-c", "import duckdb; print(*duckdb.sql('PRAGMA platform').fetchone())").stdout
        installed = self.folder / ".duckdb" / "extensions" / f"v{DUCKDB}" / platform.strip()
        installed.mkdir(parents=True)
        for file in (self.folder / "environment").rglob("*.duckdb_extension"):
            shutil.copy(file, installed)

    def call(self, program, *arguments):
        done = subprocess.run(
            [self.programs / program, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def sync(self, *options):
        return self.call("intercom-elt", "sync", "--all", "--destination", "ducklake", *options).stdout

    def copied(self, name):
        """Copy what the lake holds to a DuckDB file, and return that."""
        file = self.folder / name
        self.call("python", PROGRAMS / "copy_lake.py", self.folder / "lake.sqlite", file)
        return file


def test_a_lake_holds_what_intercom_knows_and_every_model_and_check(tmp_path):
    with SimulatorProcess(seed=5, now="2026-03-01T12:00:00Z", **SIZES) as simulator:
        lake = Lake(tmp_path, simulator)
        visitors = ", ".join(f'"{visitor["user_id"]}"' for visitor in simulator.truth()["visitors"])
        lake.environment["SOURCES__INTERCOM__VISITOR_USER_IDS"] = f"[{visitors}]"
        lake.sync("--no-transform")
        assert differences(simulator, lake.copied("first.duckdb")) == []

        simulator.mutate(80, seed=6)
        said = lake.sync()
        second = lake.copied("second.duckdb")
        assert differences(simulator, second) == []
    built, of_models = next(line.split() for line in said.splitlines() if "models built" in line)[0:3:2]
    assert built == of_models, said
    (loaded,) = rows(second, "SELECT count(*) FROM intercom_raw.conversations")
    assert rows(second, "SELECT count(*) FROM intercom.fct_conversations") == [loaded]
    assert loaded[0] > SIZES["conversations"]
    assert (tmp_path / "files" / "intercom_raw" / "conversations").is_dir()
    for asked in ("SUMMARIZE intercom.fct_conversations", "PIVOT intercom.dim_contacts ON role USING count(*)"):
        lake.call("intercom-elt", "query", asked, "--destination", "ducklake")


def test_a_person_is_forgotten_in_a_lake_too_also_by_own_models_whose_files_are_gone(tmp_path):
    with SimulatorProcess(seed=5, now="2026-03-01T12:00:00Z", **SIZES) as simulator:
        lake = Lake(tmp_path, simulator)
        lake.call("intercom-elt", "sync", "contacts", "--destination", "ducklake", "--no-transform")
    own = tmp_path / "own"
    own.mkdir()
    (own / "gone.sql").write_text("-- One row per contact.\nselect contact_id, email from stg_contacts\n")
    models = ("--destination", "ducklake", "--models", str(own))
    lake.call("intercom-elt", "transform", "--select", "+gone", *models)
    before = lake.copied("before.duckdb")
    ((contact_id, count),) = rows(before, "SELECT min(contact_id), count(*) FROM intercom.gone")
    assert count > 1
    (own / "gone.sql").unlink()
    lake.call("intercom-elt", "forget", contact_id, "--yes", *models)
    after = lake.copied("after.duckdb")
    assert rows(after, f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(0,)]
    assert rows(after, "SELECT count(*) FROM intercom.gone") == [(0,)]
    assert rows(after, f"SELECT count(*) FROM intercom.dim_contacts WHERE contact_id = '{contact_id}'") == [(0,)]
