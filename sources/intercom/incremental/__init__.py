"""How far a resource has come: its state, the pass over a search, and lists that are compared with those of before."""
