"""dlt's telemetry, which is off unless a person switches it on."""

import dlt
from dlt.common.runtime.telemetry import stop_telemetry

SETTING = "runtime.dlthub_telemetry"


def quiet_unless_wished() -> None:
    """Switch dlt's telemetry off, wherever the command runs, unless dlt's configuration says something about it.

    dlt starts it when its configuration is read for the first time, but sends nothing before a pipeline runs.
    """
    if dlt.config.get(SETTING) is not None:
        return
    dlt.config[SETTING] = False
    stop_telemetry()
    dlt.current.run_context().runtime_config.dlthub_telemetry = False
