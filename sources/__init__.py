"""Reads: dlt sources, one package each."""
