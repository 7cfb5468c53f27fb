"""Intercom's REST API 2.10 as a local server, for demos, tests and benchmarks without a token."""

from simulator.http.server import serve
from simulator.options import Options
from simulator.process import SimulatorProcess

__all__ = ["Options", "SimulatorProcess", "serve"]
