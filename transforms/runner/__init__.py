"""Runs the models: plan, seeds, steps, checks and their report."""
