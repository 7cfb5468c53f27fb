"""How long a run will still read: from Intercom's counts, the calls so far, and the current limit."""

from sources.intercom.reading.resource_report import Report, ResourceReport

SETTLED_SHARE = 0.02  # of the records; before that, the pace says nothing


def count_expected(resource: ResourceReport) -> int | None:
    """Return how many listed records are to be read in all, without those that are already loaded."""
    if resource.count_expected is None:
        return None
    return max(resource.count_expected - resource.count_repeated, resource.count_records) or None


def seconds_left(resource: ResourceReport, seconds: float, calls_per_second: float | None) -> float | None:
    """Estimate the remaining seconds of a resource's reading, after so many; None if that cannot be known.

    `calls_per_second`: the usable part of Intercom's limit, None if Intercom names none.
    """
    expected, read = count_expected(resource), resource.count_records
    if resource.status != "reading" or expected is None or read < max(expected * SETTLED_SHARE, 1):
        return None
    share_left = (expected - read) / read
    by_the_limit = 0.0 if calls_per_second is None else resource.tally.calls * share_left / calls_per_second
    return max(seconds * share_left, by_the_limit)


def seconds_left_of_all(report: Report, seconds: float, calls_per_second: float | None) -> float | None:
    """Estimate the remaining seconds of all resources that are read side by side; None if that is unknown."""
    left = [seconds_left(resource, seconds, calls_per_second) for resource in list(report.resources.values())]
    return max((each for each in left if each is not None), default=None)
