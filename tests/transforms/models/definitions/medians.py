"""Medians and rates: NULL where there is nothing to take them over."""

import statistics


def median(values):
    return statistics.median(values) if values else None


def p90(values):
    """Nine of ten are smaller, between two values in proportion."""
    return statistics.quantiles(values, n=10, method="inclusive")[-1] if len(values) > 1 else median(values)


def rate(truths):
    return sum(truths) / len(truths) if truths else None


def csat(scores):
    """Ratings of 4 and 5 / ratings."""
    return rate([score >= 4 for score in scores])
