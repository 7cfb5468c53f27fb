"""The command line: arguments in, exit code out. Each command is a file of `commands/`, loaded when it is called."""

import gc
import os
import re
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module, metadata
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from pipelines.console import console
from pipelines.exit_code import ExitCode
from pipelines.invocation import COMMANDS, CONFIG, NAME, OPTIONS, as_started, options_of_target
from pipelines.journal.events import ERROR
from pipelines.journal.json_log import RUN_ID, json_line, log
from pipelines.journal.library_log import quieten_others
from pipelines.standard_streams import (
    ended_by_a_closed_pipe,
    flush_what_is_read,
    never_fail_at_the_log,
    open_what_is_closed,
)
from pipelines.stop import STOPPED, Stop

INTERRUPTED = 130  # what typer makes of Ctrl-C
OTHERS = 0o077  # files of a run may hold what people wrote: only their owner may read them
USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]  # typer keeps the base of its own errors private
_signals: list[int] = []  # that have come while the command line ran


class ImportCutOff(BaseException):
    """Ends the command line after a signal while modules were imported, some of which can then be imported no more."""


class CommandsOnDemand(TyperGroup):
    """The command line's list of commands, by name and help; a command's file is imported only when it is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the name, the loaded command and its arguments; None if the command line names no such command."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and loaded(str(name)), rest


def loaded(name: str) -> Any:
    """Import the file of the command that the command line calls `name`, and return the command."""
    with _loading():
        module = import_module(f"pipelines.commands.{name.replace('-', '_')}")
    return get_command(module.app)


@contextmanager
def _loading() -> Iterator[None]:
    """Import modules for the command line with the garbage collector off, and freeze what they define.

    Module objects live until the process ends. Raises ImportCutOff after a signal, whatever an import has made of it.
    """
    gc.disable()
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        if _signals:
            raise ImportCutOff from error
        raise
    finally:
        gc.freeze()
        gc.enable()
    if _signals:  # which an import has swallowed
        raise ImportCutOff


app = typer.Typer(
    name=NAME,
    cls=CommandsOnDemand,
    help="Loads everything that Intercom's REST API 2.10 offers into DuckDB or a warehouse, and builds models on it.",
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for _name, _line in COMMANDS.items():
    app.command(_name, help=_line)(lambda: None)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"{NAME} {metadata.version(NAME)}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            help="Folder of config.toml, secrets.toml and models.toml; also after the command. Default: .dlt here.",
        ),
    ] = None,
) -> None:
    """Take the options of the command line that belong to no command."""
    CONFIG.set(config)
    # The list of commands does without dlt, and so does the simulator.
    if config is not None or context.invoked_subcommand not in {None, "simulator"}:
        with _loading():
            from pipelines.settings_folder import use_settings  # noqa: PLC0415 - with dlt, which comes late
        use_settings(config, may_be_missing=context.invoked_subcommand == "init")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every expected failure ends in one line and an exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    RUN_ID.set(None)
    CONFIG.set(None)
    of_caller = OPTIONS.set(options_of_target(given))
    os.umask(OTHERS)
    open_what_is_closed()
    never_fail_at_the_log()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as on standard error: no run fails at a character
    quieten_others(is_verbose="--verbose" in given and not _is_for_machines(given))
    try:
        with _stoppable():
            code = _code_of(given)
    except BaseException as error:
        if not _signals:
            raise
        code = ExitCode.FAILED
        _say_stopped(error, given)
    flush_what_is_read()
    OPTIONS.reset(of_caller)
    sys.exit(code if code in list(ExitCode) else ExitCode.FAILED)


def _code_of(given: list[str]) -> int:
    """Run the command line, explain how it failed, and return its exit code."""
    code: int
    try:
        with ended_by_a_closed_pipe() if _is_for_help(given) else nullcontext():
            _check_texts(given)
            _check_none_is_empty(given)
            code = app(_config_first(given) or ["--help"], prog_name=NAME, standalone_mode=False) or ExitCode.DONE
            if code == INTERRUPTED:
                raise KeyboardInterrupt  # noqa: TRY301 - which typer keeps to itself
    except (typer.Abort, KeyboardInterrupt) as error:
        code = ExitCode.FAILED
        _explain(error, code, STOPPED, given)
    except USAGE_ERROR as error:
        code = ExitCode.WRONG_USE
        _explain(error, code, _usage(error), given)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a defect, too, ends in one readable line
        # A command that failed has loaded dlt already; the list of commands never needs it.
        from pipelines.exit_reason import reason  # noqa: PLC0415 - as said

        code, message = reason(error)
        _explain(error, code, message, given)
    return code


def _check_texts(given: list[str]) -> None:
    """Raise Stop if an argument of the command line or the working folder is no UTF-8, which SQL and DuckDB need."""
    encoding = sys.getfilesystemencoding()
    advice = "Name it in UTF-8." if encoding == "utf-8" else "Set PYTHONUTF8=1, or a locale such as C.UTF-8."
    for word in (*given, os.fsdecode(os.path.abspath(""))):  # noqa: PTH100 - as text
        if any(0xD800 <= ord(sign) <= 0xDFFF for sign in word):  # noqa: PLR2004 - what Python makes of such bytes
            shown = word.encode(errors="replace").decode()
            message = f"{shown!r} cannot be read in the encoding of this shell ({encoding}). {advice}"
            raise Stop(message, ExitCode.WRONG_USE)


def _check_none_is_empty(given: list[str]) -> None:
    """Raise Stop if an argument of the command line is empty, as an unset variable of a script is.

    A path that is empty would be the working folder. To the simulator an empty option means something.
    """
    words = _config_first(given)
    of_command = words[2:] if words[:1] == ["--config"] else words
    if next((word for word in of_command if not word.startswith("-")), None) == "simulator":
        return
    for before, word in pairwise([NAME, *given]):
        if not word or re.fullmatch(r"--[\w-]+=", word):
            place = word.rstrip("=") if word else f"The argument after {before}"
            message = f"{place} is empty: write one, or leave it out. Is a variable of the script unset?"
            raise Stop(message, ExitCode.WRONG_USE)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM, which schedulers and containers send, end the command line as Ctrl-C does, unless it was ignored."""
    _signals.clear()
    usual: dict[int, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    taken = [number for number, handler in usual.items() if signal.getsignal(number) == handler]
    if current_thread() is not main_thread():
        taken = []
    for number in taken:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, usual[number])


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """Stop the command line as Ctrl-C does, and remember it: an import may make another error of it, or swallow it."""
    _signals.append(number)
    signal.default_int_handler(number, frame)


def _config_first(given: list[str]) -> list[str]:
    """Return the command line's arguments with `--config DIR` before the command, wherever it was written."""
    for position, (word, value) in enumerate(pairwise([*given, ""])):
        if word == "--config":
            return [word, value, *given[:position], *given[position + 2 :]] if value else [word]
        if word.startswith("--config="):
            return [word, *given[:position], *given[position + 1 :]]
    return given


def _explain(error: BaseException, code: ExitCode, message: str, given: list[str]) -> None:
    from sources.intercom.secrecy.safe_text import masked  # noqa: PLC0415 - with dlt, which comes late

    message = as_started(message)
    where = None
    if "--verbose" in given:
        from pipelines.destination.failures.quoted_values import without_rows  # noqa: PLC0415 - with dlt, which comes late

        where = without_rows("".join(traceback.format_exception(error)))
    if _is_for_machines(given):
        log(ERROR, exit_code=int(code), message=masked(message), traceback=where)
        return
    if where:
        console(to_errors=True).print(where, soft_wrap=True)
    console(to_errors=True).print(f"{NAME}: {masked(message)}", soft_wrap=True, style="red")


def _say_stopped(error: BaseException, given: list[str]) -> None:
    """Say that a signal has ended the command line, without an import: one that was cut off may fail again.

    What led to it is shown of an import alone, which has nothing that would have to be masked.
    """
    is_shown = "--verbose" in given and isinstance(error, ImportCutOff)
    where = "".join(traceback.format_exception(error)) if is_shown else None
    if _is_for_machines(given):
        sys.stderr.write(json_line(ERROR, exit_code=int(ExitCode.FAILED), message=STOPPED, traceback=where) + "\n")
    else:
        sys.stderr.write(f"{where or ''}{NAME}: {STOPPED}\n")


def _usage(error: Any) -> str:
    """Return typer's message about a wrong command line, and the command whose help shows the right arguments."""
    called = error.ctx.command_path if error.ctx else NAME
    message = error.format_message().rstrip(".")
    return f"{message}{'' if message.endswith('?') else '.'} Try: {called} --help"


def _is_for_help(given: list[str]) -> bool:
    """Return True if the command line asks for help alone."""
    return not given or "--help" in given or "--version" in given


def _is_for_machines(given: list[str]) -> bool:
    """Return True if the command line asks for JSON, even if its arguments could not be understood."""
    return "--log-format=json" in given or ("--log-format", "json") in pairwise(given)
