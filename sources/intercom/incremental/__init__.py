"""How far a resource has come: its state, the pass over a search, former lists to compare, days of the export."""
