"""Doctor names what a run would refuse of what it finds in the target, all of it, without Intercom too."""

import shutil

import duckdb
import pytest

from pipelines.destination.tables.forgotten_records import record_forgotten
from pipelines.destination.tables.lost_forgotten import keep_people
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.destination.working_folder import working_root
from pipelines.doctor.checks import diagnosed
from pipelines.exit_code import ExitCode
from sources.intercom.configuration import ConfigurationError
from tests.support.databases.full_disk import full_disk
from tests.support.workspace import database_without_rows


def unconfigured():
    raise ConfigurationError("No access token.")


def of_destination(target):
    return [(one.is_ok, one.code, one.fact) for one in diagnosed(unconfigured, target) if one.subject == "destination"]


@pytest.mark.parametrize("is_new", [True, False])
def test_a_full_disk_is_not_ok(tmp_path, is_new):
    target = Target(database=tmp_path / "some.duckdb")
    if not is_new:
        duckdb.connect(str(target.database)).close()
    with full_disk(500_000):
        found = of_destination(target)
    assert {(is_ok, code) for is_ok, code, _ in found} == {(False, ExitCode.FAILED)}, found
    assert {fact.partition(". ")[0] for *_, fact in found} == {
        f"File too large: {folder}" for folder in (tmp_path, working_root())
    }
    assert {fact.partition(". ")[2] for *_, fact in found} == {
        "Free space on the disk of the destination and of dlt's working folder."
    }
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ([] if is_new else ["some.duckdb"])


def test_what_a_run_refuses_of_the_target_is_not_ok(tmp_path):
    target = Target(database=shutil.copy(database_without_rows(), tmp_path / "people.duckdb"))
    ((is_ok, _, fact),) = of_destination(target)
    assert (is_ok, fact.endswith("can be written to")) == (True, True)
    with target.held_open():
        raw = RawTables(target.pipeline())
        record_forgotten(raw, [{"entity": "contacts", "id": "ada", "contact_id": "ada", "forgotten_at": 1}])
        keep_people(raw, "ada")
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("DELETE FROM intercom_raw.forgotten_records")
        connection.execute("CREATE OR REPLACE TABLE intercom_raw.tags AS SELECT '1' AS id")
    others, people = of_destination(target)
    assert (others[:2], "intercom_raw.tags was not made by" in others[2]) == ((False, ExitCode.WRONG_USE), True)
    assert (people[:2], "intercom-elt forget ada" in people[2]) == ((False, ExitCode.WRONG_USE), True)
