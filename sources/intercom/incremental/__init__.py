"""How far a resource has come: its state, the pass over a search, and records that could not be read."""
