"""How far a resource has come: its state, the pass over a search, and what could not be read."""
