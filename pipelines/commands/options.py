"""Options shared by the commands, and the layout of their help."""

from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from pipelines.journal.display import LogFormat


def _checked_share(share: float) -> float:
    """Refuse what is no number: it is neither less than a least nor more than a greatest value."""
    if isnan(share):
        raise typer.BadParameter("nan is no number.")
    return share


Destination = Annotated[str, typer.Option(help="duckdb, or a destination of dlt: postgres, bigquery, snowflake, …")]
Database = Annotated[Path, typer.Option(help="The DuckDB file.", dir_okay=False)]
PresentDatabase = Annotated[
    Path | None,
    typer.Option(
        help="The DuckDB file. Default: intercom_data.duckdb, or else the only one here that a run made.",
        dir_okay=False,
    ),
]
Dataset = Annotated[str, typer.Option(help="Name of the marts; raw tables go to DATASET_raw.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show the traceback of an error.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show errors only.")]
LogFormatOption = Annotated[LogFormat, typer.Option(help="Progress for people (text) or for machines (json).")]
Share = Annotated[
    float,
    typer.Option(
        min=0.01, max=1.0, callback=_checked_share, metavar="SHARE", help="Share of Intercom's rate limit to use."
    ),
]
WeakerPrivacy = Annotated[
    bool,
    typer.Option(
        "--accept-weaker-privacy", help="Load although the database was loaded with stricter privacy rules before."
    ),
]
ModelSettings = Annotated[
    Path | None, typer.Option(help="Office hours, holidays and targets. Default: .dlt/models.toml, if there is one.")
]

OwnModels = Annotated[
    Path | None,
    typer.Option(
        "--models",
        help="A folder of SQL files of your own, built with ours. Default: `models` in the settings.",
    ),
]


def new_app() -> typer.Typer:
    """Return what one command registers its options with."""
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")


def examples(*lines: str) -> str:
    """Return the end of a command's help, after its options: a command in backticks a line, and what it is for."""
    return "**Examples**\n\n" + "\n\n".join(lines)
