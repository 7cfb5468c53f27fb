"""What happens in a workspace over time: random changes of every kind."""

from simulator.changes.mutation import check_kinds, mutate

__all__ = ["check_kinds", "mutate"]
