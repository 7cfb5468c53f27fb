"""What happens in a workspace over time: random changes of every kind."""

from simulator.changes.mutation import mutate

__all__ = ["mutate"]
