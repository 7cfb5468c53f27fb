"""How long a run will still read: from what Intercom counts, the calls it took so far, and the limit of now."""

from sources.intercom.reading.resource_report import Report, ResourceReport

SETTLED_SHARE = 0.02  # of the records; before that, the pace says nothing


def count_expected(resource: ResourceReport) -> int | None:
    """Return how many of the listed records are to be read; those that are loaded already are not."""
    if resource.count_expected is None:
        return None
    return max(resource.count_expected - resource.count_repeated, resource.count_records) or None


def seconds_left(resource: ResourceReport, seconds: float, calls_per_second: float | None) -> float | None:
    """Return about how long a resource will still be read, after so many seconds; None where that cannot be known.

    `calls_per_second`: what may be used of Intercom's limit, None where it names none.
    """
    expected, read = count_expected(resource), resource.count_records
    if resource.status != "reading" or expected is None or read < max(expected * SETTLED_SHARE, 1):
        return None
    share_left = (expected - read) / read
    by_the_limit = 0.0 if calls_per_second is None else resource.tally.calls * share_left / calls_per_second
    return max(seconds * share_left, by_the_limit)


def seconds_left_of_all(report: Report, seconds: float, calls_per_second: float | None) -> float | None:
    """Return about how long the resources that are read side by side will still take; None where nobody knows."""
    left = [seconds_left(resource, seconds, calls_per_second) for resource in list(report.resources.values())]
    return max((each for each in left if each is not None), default=None)
