"""`intercom-elt simulator`: the simulated Intercom of `simulator/`, which has a command line of its own."""

import typer

from pipelines.commands.options import new_app
from pipelines.exit_code import ExitCode
from simulator.__main__ import run

app = new_app()


@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def command(context: typer.Context) -> None:
    """Hand every argument to `python -m simulator`, `--help` included."""
    try:
        run(context.args, "intercom-elt simulator")
    except SystemExit as ended:
        raise typer.Exit(ExitCode.WRONG_USE if ended.code else ExitCode.DONE) from None
