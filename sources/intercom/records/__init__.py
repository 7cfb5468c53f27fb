"""Whole records: what an entity is, reading one of its records in full, and what cannot be read or is gone."""
