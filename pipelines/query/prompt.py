"""A prompt for SQL on a terminal, with the history of earlier ones."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from pipelines.console import console
from pipelines.destination.working_folder import working_root
from pipelines.invocation import as_started
from pipelines.stop import Stop, was_interrupted
from sources.intercom.secrecy.safe_text import masked

FIRST, FURTHER = "sql> ", "...> "
LAST_WORDS = frozenset({"exit", "quit", ".exit", ".quit", "\\q"})
KEPT_LINES = 1_000
ONLY_OWNER = 0o600


def converse(answer: Callable[[str], None]) -> None:
    """Answer queries at a prompt until the user leaves; a mistake is explained, and the prompt returns."""
    console(to_errors=True).print("A query ends with ; or an empty line. Leave with exit or Ctrl-D.")
    keep = _remembered(working_root() / "query_history")
    try:
        for sql in _queries():
            try:
                answer(sql)
            except Stop as stop:
                console(to_errors=True).print(masked(as_started(str(stop))), soft_wrap=True, style="red")
            except BaseException as error:
                if not was_interrupted(error):
                    raise
                console(to_errors=True).print("The query was interrupted.", style="red")
    finally:
        keep()


def _queries() -> Iterator[str]:
    lines: list[str] = []
    while True:
        try:
            line = input(FURTHER if lines else FIRST).rstrip()
        except EOFError:
            return
        except KeyboardInterrupt:
            print()  # noqa: T201 - the terminal shows ^C in the line that is given up
            lines = []
            continue
        if not lines and line.lower().rstrip(";") in LAST_WORDS:
            return
        lines += [line] if line else []
        if lines and (not line or line.endswith(";")):
            yield "\n".join(lines)
            lines = []


def _remembered(history: Path) -> Callable[[], None]:
    """Give the prompt arrow keys and a history; return a function that saves it. Does nothing without readline."""
    try:
        readline = import_module("readline")
    except ImportError:
        return lambda: None
    readline.set_history_length(KEPT_LINES)
    if history.exists():
        readline.read_history_file(history)

    def keep() -> None:
        history.parent.mkdir(parents=True, exist_ok=True)
        history.touch(mode=ONLY_OWNER)
        history.chmod(ONLY_OWNER)
        readline.write_history_file(history)

    return keep
