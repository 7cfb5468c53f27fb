"""The simulated workspace: its records and the rules by which they change."""

from simulator.workspace.workspace import Workspace

__all__ = ["Workspace"]
