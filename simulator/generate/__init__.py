"""Makes a workspace from a seed."""

from simulator.generate.population import populate

__all__ = ["populate"]
