"""`python -m simulator`: every option of `Options` as an argument."""

import argparse
from dataclasses import fields
from typing import NoReturn

from simulator.options import Options
from simulator.serving.server import serve

WRONG_USE = 64
EXAMPLES = """Examples
  {prog} --port 8080 --conversations 2000
  {prog} --seed 7 --rate-limit 1000 --latency-ms 200
"""


class _Parser(argparse.ArgumentParser):
    """Reports wrong arguments of `python -m simulator` in one line, without the usage, which is a page of options."""

    def error(self, message: str) -> NoReturn:
        """End `python -m simulator` with the message."""
        self.exit(WRONG_USE, f"{self.prog}: {message}. Try: {self.prog} --help\n")


def parser(prog: str = "simulator") -> argparse.ArgumentParser:
    """Return the parser of `python -m simulator`, with an argument per option: `--rate-limit` for `rate_limit`."""
    made = _Parser(
        prog=prog,
        description="Intercom's REST API 2.10 as a local server",
        epilog=EXAMPLES.format(prog=prog),
        formatter_class=argparse.RawDescriptionHelpFormatter,  # a line of the epilog an example
    )
    for option in fields(Options):
        flag = f"--{option.name.replace('_', '-')}"
        help_text = f"{option.metadata['help']} (default: {option.default!r})".replace("%", "%%")
        if isinstance(option.default, bool):
            made.add_argument(flag, action=argparse.BooleanOptionalAction, default=option.default, help=help_text)
        else:
            made.add_argument(flag, type=type(option.default), default=option.default, help=help_text)
    return made


def run(arguments: list[str] | None = None, prog: str = "simulator") -> None:
    """Serve the workspace that the command's arguments describe; invalid ones end it with one line (SystemExit)."""
    made = parser(prog)
    options = made.parse_args(arguments)
    try:
        serve(Options(**vars(options)))
    except ValueError as error:  # an option with an invalid value
        made.error(str(error))
    except OSError as error:  # an unreadable folder, a port in use
        made.error(f"{error.strerror}: {error.filename or f'{options.host}, port {options.port}'}")


if __name__ == "__main__":
    run(prog="python -m simulator")
