"""`python -m simulator`: every option of `Options` as an argument."""

import argparse
from dataclasses import fields

from simulator.http.server import serve
from simulator.options import Options


def parser(prog: str = "simulator") -> argparse.ArgumentParser:
    """Arguments named as the options are, `--rate-limit` for `rate_limit`."""
    made = argparse.ArgumentParser(prog=prog, description="Intercom's REST API 2.10 as a local server")
    for option in fields(Options):
        flag = f"--{option.name.replace('_', '-')}"
        help_text = f"{option.metadata['help']} (default: {option.default!r})".replace("%", "%%")
        if isinstance(option.default, bool):
            made.add_argument(flag, action=argparse.BooleanOptionalAction, default=option.default, help=help_text)
        else:
            made.add_argument(flag, type=type(option.default), default=option.default, help=help_text)
    return made


def run(arguments: list[str] | None = None, prog: str = "simulator") -> None:
    """Serve what the arguments ask for; what cannot be is said in one line and ends the process (SystemExit)."""
    made = parser(prog)
    try:
        serve(Options(**vars(made.parse_args(arguments))))
    except (ValueError, OSError) as error:  # an option that cannot be, an unreadable folder, a port in use
        made.error(str(error))


if __name__ == "__main__":
    run()
