"""Materializes every asset of deploy/dagster_assets.py in one process; prints what Dagster was told, as JSON."""

import importlib.util
import json
import sys
from pathlib import Path

import dagster as dg

FILE = Path(__file__).parents[2] / "deploy" / "dagster_assets.py"


def definitions():
    """The file as Dagster itself loads it."""
    spec = importlib.util.spec_from_file_location("dagster_assets", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.definitions


if __name__ == "__main__":
    made = definitions()
    dg.Definitions.validate_loadable(made)
    with dg.DagsterInstance.ephemeral() as instance:
        result = made.resolve_job_def("intercom").execute_in_process(instance=instance, raise_on_error=False)
    told = {
        "/".join(one.asset_key.path): {name: value.value for name, value in one.metadata.items()}
        for node in ("load", "build")
        for one in result.asset_materializations_for_node(node)
    }
    failures = [event.event_specific_data.error_display_string for event in result.get_step_failure_events()]
    json.dump({"success": result.success, "assets": told, "failures": failures}, sys.stdout)
