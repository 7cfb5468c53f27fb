"""Runs the models: order, dialects, building and checking, in full or incrementally."""
