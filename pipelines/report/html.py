"""The page as one text: markup, style, Vega, our script and the figures, with nothing left to fetch."""

from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

import altair
import vl_convert

from pipelines.report.asked_questions import Answer
from pipelines.report.charts import charts
from pipelines.report.encoding import compact, day_number, script_json


def page(build: dict[str, Any], found: dict[str, Answer], options: str = "") -> str:
    """Return the report as one text of HTML; opened from disk it asks no network for anything.

    `options` are those of the commands that it proposes.
    """
    workspace = build["workspace"] or "Intercom"
    facts = {
        "since": day_number(build["since"]),
        "until": day_number(build["today"]),
        "loaded_since": None if build["loaded_since"] is None else day_number(build["loaded_since"]),
        "options": options,
        "answers": {name: compact(answer) for name, answer in found.items()},
    }
    return Template(_file("page.html")).substitute(
        workspace=escape(workspace),
        built=_moment(built_at(build)),
        left_out=escape(left_out(build, options)),
        timezone=escape(build["timezone"] or "UTC"),
        style=_file("page.css"),
        vega=vega_javascript(),
        facts=script_json(facts),
        charts=script_json(charts()),
        figures=_file("figures.js"),
        script=_file("page.js"),
    )


def built_at(build: dict[str, Any]) -> int:
    """Return the moment of the HTML page's figures, in unix seconds: that of the oldest of the marts."""
    now_epoch: int = build["now_epoch"]
    older = build["older"]
    return now_epoch if older is None or older.oldest_at is None else min(now_epoch, older.oldest_at)


def left_out(build: dict[str, Any], options: str = "") -> str:
    """Return the HTML page's sentence on marts that a later build has left unchanged, or '' if none has."""
    command = f"intercom-elt transform{options}"
    older = build["older"]
    if older is not None and older.are_all:
        return f" A build on {_moment(older.build_at)} failed or left out all of them: run {command}"
    if older is not None:
        failed = f"The build on {_moment(older.build_at)} failed or left out {', '.join(older.names)}"
        return f" {failed}; all others are of that build. To build all: {command}"
    if build["last_build_on"] > build["today"]:
        return f" A build on {build['last_build_on']} failed or left out some of them: run {command}"
    return ""


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def vega_javascript() -> str:
    """Return Vega, Vega-Lite and vega-embed for the HTML, one module of the version altair writes charts for."""
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    bundle: str = vl_convert.javascript_bundle(vl_version=version)  # type: ignore[call-arg]  # the stub lacks the default
    return bundle.replace("</script", "<\\/script")


def _file(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")
