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
    except Exception as error:
        ending.of_error(error)
        _tell(settings, ending, _note(command, target), display)
        raise


def _note(command: str, target: Target) -> Path:
    """Return the file that is there while runs of this command on this target fail; it holds since when.

    The run log cannot say it: a run that could not begin, or found the destination away, is not in it.
    """
    return target.folder.with_name(f"{target.folder.name}.{command}.failing")


def _tell(settings: NotificationSettings | None, ending: Ending, note: Path, display: Display) -> None:
    if settings is None:
        return
    try:
        failing_since = int(note.read_text()) if note.exists() else None
        if ending.occasion(failing_since) in settings.on or (ending.code == ExitCode.DONE and "success" in settings.on):
            post(settings.url, ending.text(failing_since))
        if ending.code == ExitCode.DONE:
            note.unlink(missing_ok=True)
        elif failing_since is None:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(str(int(time.time())))
    except (NotSent, OSError, ValueError) as error:
        message = f"The notification was not sent: {error}. Check url under [notifications]."
        display.say(WARNING, message=message)
