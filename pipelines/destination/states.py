"""What the destination holds of dlt's state: how far each resource has come."""

from typing import Any

import dlt


def states_of(pipeline: dlt.Pipeline) -> dict[str, dict[str, Any]]:
    """Return resource -> its part of the state."""
    of_source: dict[str, Any] = pipeline.state.get("sources", {}).get("intercom", {})
    states: dict[str, dict[str, Any]] = of_source.get("resources", {})
    return states
