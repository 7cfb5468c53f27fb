"""dlt's settings as this project needs them, in whatever folder the command runs; what a person has set counts."""

import dlt
from dlt.common.runtime.telemetry import stop_telemetry

TELEMETRY = "runtime.dlthub_telemetry"
SETTINGS = {
    TELEMETRY: False,
    "load.truncate_staging_dataset": True,  # merged rows would otherwise stay twice in the file
    "data_writer.disable_compression": True,  # intermediate files live for seconds; gzip was half of the extraction
}


def set_what_is_not_set() -> None:
    """Give dlt each of `SETTINGS` that its configuration says nothing about.

    dlt starts its telemetry when its configuration is first read, but sends nothing before a pipeline runs.
    """
    unset = [name for name in SETTINGS if dlt.config.get(name) is None]
    for name in unset:
        dlt.config[name] = SETTINGS[name]
    if TELEMETRY in unset:
        stop_telemetry()
        dlt.current.run_context().runtime_config.dlthub_telemetry = False
