"""How often a request is tried, and how long it waits in between."""

from collections.abc import Callable, Iterable

import stamina

from ..errors import AnswerTooLarge, BadAnswer, ErrorWithoutStatus, GatewayRefused, RateLimited, Unreachable

ATTEMPTS = 10
QUICK_ATTEMPTS = 3  # fewer, where there is a better way than waiting: a smaller page, a later moment
RETRIED_FOR_SECONDS = 600.0


def retried(attempts: int, bad_answers: int | None = None) -> Iterable[stamina.Attempt]:
    """Yield the first try and the retries of a request, `attempts` in all, after the waits between them.

    It gives up earlier once `bad_answers` of them were bad answers. Unreachable is not counted as one: a smaller page
    would go unanswered, too.
    """
    return stamina.retry_context(
        on=_backoff(attempts, attempts if bad_answers is None else bad_answers),
        attempts=None,
        timeout=RETRIED_FOR_SECONDS,
        wait_initial=0.5,
        wait_max=30.0,
    )


def _backoff(attempts: int, bad_answers: int) -> Callable[[Exception], bool | float]:
    """Return stamina's hook: True retries with exponential waits, 0 at once.

    A 429 is no failed attempt: it says when to try again, however often other apps were faster. The pacer holds every
    call until then, this one, too, and lets it go when the run stops, which stamina's wait does not.
    """
    failures = bad = 0

    def backoff(error: Exception) -> bool | float:
        nonlocal failures, bad
        if isinstance(error, RateLimited):
            return 0.0
        failures += 1
        bad += isinstance(error, BadAnswer)
        if isinstance(error, AnswerTooLarge) or not isinstance(error, BadAnswer | Unreachable):
            return False
        is_quick = isinstance(error, ErrorWithoutStatus | GatewayRefused)
        return failures < attempts and bad < (min(bad_answers, QUICK_ATTEMPTS) if is_quick else bad_answers)

    return backoff
