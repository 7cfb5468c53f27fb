"""What every test shares: dlt keeps its working folders out of the user's home."""

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--chaos-seeds", help="schedules of tests/chaos to play: one seed, or a range such as 1-200 (default: a few)"
    )
    parser.addoption(
        "--dbt-packages", help="the folder that `dbt deps` made of fivetran/intercom, for test_dbt_intercom.py"
    )


@pytest.fixture(scope="session", autouse=True)
def _dlt_folders(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLT_DATA_DIR", str(tmp_path_factory.mktemp("dlt")))
        patch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
        yield
