"""The one type every part of the simulator passes around."""

from typing import Any

Record = dict[str, Any]
"""A JSON object as Intercom would answer it."""
