"""A time limit for calls to a destination whose driver may block for minutes or for ever."""

import threading
from collections.abc import Callable
from typing import TypeVar

from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

Answer = TypeVar("Answer")


def answer_within(seconds: float, ask: Callable[[], Answer]) -> Answer:
    """Ask the destination, and return or raise what `ask` does; raises Stop past the deadline of `seconds`.

    A call that exceeds the limit continues in a daemon thread.
    """
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def answer() -> None:
        try:
            answers.append(ask())
        except BaseException as error:  # noqa: BLE001 - raised again below, where it is waited for
            errors.append(error)

    asking = threading.Thread(target=answer, daemon=True)
    asking.start()
    asking.join(seconds)
    if asking.is_alive():
        advice = "Check that it is running and can be reached from here"
        raise Stop(f"The destination has not answered within {seconds:.0f} seconds. {advice}", ExitCode.FAILED)
    if errors:
        raise errors[0]
    return answers[0]
