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


def page(build: dict[str, Any], found: dict[str, Answer]) -> str:
    """Return the report as one text of HTML; opened from disk it asks no network for anything."""
    workspace = build["workspace"] or "Intercom"
    facts = {
        "since": day_number(build["since"]),
        "until": day_number(build["today"]),
        "now": build["now_epoch"],
        "answers": {name: compact(answer) for name, answer in found.items()},
    }
    built = datetime.fromtimestamp(build["now_epoch"], UTC)
    return Template(_file("page.html")).substitute(
        workspace=escape(workspace),
        built=f"{built:%Y-%m-%d %H:%M} UTC",
        left_out=left_out(build),
        timezone=escape(build["timezone"] or "UTC"),
        style=_file("page.css"),
        vega=vega_javascript(),
        facts=script_json(facts),
        charts=script_json(charts()),
        figures=_file("figures.js"),
        script=_file("page.js"),
    )


def left_out(build: dict[str, Any]) -> str:
    """Return the HTML page's sentence that a later build has left the marts unchanged, or '' if none has."""
    if build["last_build_on"] <= build["today"]:
        return ""
    return f" A build on {build['last_build_on']} failed or left out some of them: run intercom-elt transform."


def vega_javascript() -> str:
    """Return Vega, Vega-Lite and vega-embed for the HTML, one module of the version altair writes charts for."""
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    bundle: str = vl_convert.javascript_bundle(vl_version=version)  # type: ignore[call-arg]  # the stub lacks the default
    return bundle.replace("</script", "<\\/script")


def _file(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")
