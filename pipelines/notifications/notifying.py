"""The frame around a command that tells a chat how it ended, and changes nothing of how it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.notifications.ending import Ending
from pipelines.notifications.post import NotSent, post
from pipelines.notifications.settings import NotificationSettings
from pipelines.stop import ExitCode


@contextmanager
def notifying(command: str, target: Target, display: Display) -> Iterator[Ending]:
    """Run a command inside this; the ending that it is given takes what it did. Raises what the command raises."""
    settings = NotificationSettings.resolved()
    ending = Ending(command, str(target))
    try:
        yield ending
    except typer.Exit as ended:
        ending.code = ExitCode(ended.exit_code)
        _tell(settings, ending, _note(command, target), display)
        raise
    except (Exception, KeyboardInterrupt) as error:
        ending.of_error(error)
        _tell(settings, ending, _note(command, target), display)
        raise


def _note(command: str, target: Target) -> Path:
    """Return the file that is there while runs of this command on this target fail; it holds since when.

    The run log cannot say it: a run that could not begin, or found the destination away, is not in it.
    """
    return target.kept_file(f"{command}.failing")


def _tell(settings: NotificationSettings | None, ending: Ending, note: Path, display: Display) -> None:
    if settings is None:
        return
    try:
        failing_since = _failing_since(note)
        if ending.code != ExitCode.DONE and failing_since is None:  # first: a chat that is away must not hide it
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(str(int(time.time())))
        if ending.occasion(failing_since) in settings.on or (ending.code == ExitCode.DONE and "success" in settings.on):
            post(settings.url, ending.text(failing_since))
        if ending.code == ExitCode.DONE:
            note.unlink(missing_ok=True)
    except (NotSent, OSError) as error:
        message = f"The notification was not sent: {error}. Check url under [notifications]."
        display.say(WARNING, message=message)


def _failing_since(note: Path) -> int | None:
    try:
        return int(note.read_text())
    except (FileNotFoundError, ValueError):  # a run that was killed while it wrote leaves half a note
        return None
