"""The terminal: results go to standard output, progress and messages to standard error."""

from rich.console import Console

WIDTH_OF_FILES = 120  # columns where the output is no terminal and so has no width of its own


def console(*, to_errors: bool = False) -> Console:
    """Return a console for standard output or standard error; it colours nothing but what is styled.

    Texts are shown as they are: brackets and colons in what people wrote, or in the name of a setting, mean nothing.
    """
    made = Console(stderr=to_errors, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made.width = WIDTH_OF_FILES
    return made
