"""What every test shares: dlt keeps its working folders out of the user's home."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _dlt_folders(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLT_DATA_DIR", str(tmp_path_factory.mktemp("dlt")))
        patch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
        yield
