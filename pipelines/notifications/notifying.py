"""A block around a command that reports its end to a chat, without changing how it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.notifications.ending_message import Ending
from pipelines.notifications.post import NotSent, post
from pipelines.notifications.settings import NotificationSettings


@contextmanager
def notifying(command: str, target: Target, display: Display) -> Iterator[Ending]:
    """Notify a chat of how the block's command ended; the block fills the Ending. Raises what the command raises."""
    settings = NotificationSettings.resolved()
    ending = Ending(command, str(target))
    try:
        yield ending
    except typer.Exit as ended:
        ending.code = ExitCode(ended.exit_code)
        raise
    except (Exception, KeyboardInterrupt) as error:
        ending.take_error(error)
        raise
    finally:
        _tell(settings, ending, _FailingFile(command, target), display)


class _FailingFile:
    """The file by which notifying knows that a command keeps failing on a target: since when (unix seconds).

    The run log cannot say when: a run that could not begin, or could not reach the destination, is not in it. If the
    file cannot be written or read (a full disk may be the failure itself), the chat is told all the same.
    """

    def __init__(self, command: str, target: Target) -> None:
        self._name = f"{command}.failing"
        self._target = target

    def failing_since(self) -> int | None:
        for file in self._files():
            with suppress(OSError, ValueError):  # a run that was killed while writing leaves half a file
                return int(file.read_text())
        return None

    def write(self) -> None:
        with suppress(OSError):
            file = self._target.kept_file(self._name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(str(int(time.time())))

    def remove(self) -> None:
        for file in self._files():
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        with suppress(OSError):
            return self._target.kept_files(self._name)
        return []


def _tell(settings: NotificationSettings | None, ending: Ending, failing: _FailingFile, display: Display) -> None:
    if settings is None:
        return
    failing_since = failing.failing_since()
    if ending.code != ExitCode.DONE and failing_since is None:  # first, because the chat may be unreachable
        failing.write()
    if settings.on & ending.occasions(failing_since):
        try:
            post(settings.url, ending.text(failing_since))
        except NotSent as error:
            message = f"The notification was not sent: {error}. Check url under [notifications]."
            display.say(WARNING, message=message)
            return
    if ending.code == ExitCode.DONE:
        failing.remove()
