"""Intercom's REST API 2.10 as a local server, for demos, tests and benchmarks without a token."""

from simulator.options import Options
from simulator.process import SimulatorProcess
from simulator.serving.server import serve

__all__ = ["Options", "SimulatorProcess", "serve"]
