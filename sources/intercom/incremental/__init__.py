"""How far a resource has come: its state, the pass over a search, lists compared with those of before, days of the export."""
