"""The surface under /_simulator/ by which tests and demos steer the simulator; no token, not part of the API."""

from simulator.control.operations import answer_control

__all__ = ["answer_control"]
