"""On which terms a command reads Intercom and writes to the target."""

from dataclasses import dataclass

from sources.intercom.api.http.rate_limit import DEFAULT_RATE_SHARE


@dataclass(frozen=True)
class Access:
    """The terms of access to Intercom and target: `max_rate_share` is the part of Intercom's rate limit to use.

    `accepts_weaker_privacy`: privacy rules may protect less than those that the target was loaded with.
    """

    max_rate_share: float = DEFAULT_RATE_SHARE
    accepts_weaker_privacy: bool = False


USUAL_ACCESS = Access()
