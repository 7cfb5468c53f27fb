"""The charts as data: what each shows and how; the page gives them their rows (`rows`) whenever a filter moves."""

from typing import Any

import altair as alt

BLUE, ORANGE, GREEN, RED, GREY = "#3b82f6", "#f59e0b", "#10a37f", "#e5484d", "#8b93a1"  # seen on white and on black
ROWS = alt.NamedData("rows")
HEIGHT = 240
HOURS = ["all hours", "office hours"]
GRID = {"gridColor": GREY, "gridOpacity": 0.25}


def charts() -> dict[str, dict[str, Any]]:
    """Return the Vega-Lite specification of each chart of the page, by its section."""
    made = {
        "volume": _volume(),
        "backlog": _stacked(["open", "snoozed"], [BLUE, GREY], "conversations", mark="area"),
        "response": _durations(),
        "resolution": _durations(),
        "hours": _hours(),
        "channels": _bars("conversations", BLUE),
        "teams": _bars("conversations", BLUE),
        "teammates": _bars("closed", GREEN),
        "csat": _stacked(["4 and 5", "1 to 3"], [GREEN, ORANGE], "ratings"),
        "sla": _stacked(["hit", "missed"], [GREEN, RED], "conversations", is_flat=True),
        "quality": _lines(["one touch", "reopened"], [GREEN, RED], "share", format="%"),
        "bot": _stacked(["deflected", "passed on"], [GREEN, GREY], "conversations"),
        "tickets": _stacked(["resolved", "unresolved"], [GREEN, BLUE], "tickets", is_flat=True),
        "tags": _bars("change", ORANGE),
    }
    return {name: _finished(chart).to_dict() for name, chart in made.items()}


def _finished(chart: Any) -> Any:
    return (
        chart.properties(width="container", **({} if chart.to_dict().get("height") else {"height": HEIGHT}))
        .configure(font="system-ui, sans-serif", background="transparent")  # first: it replaces what is configured
        .configure_view(strokeWidth=0)
        .configure_axis(
            domain=False, tickSize=0, labelPadding=8, titlePadding=12, labelLimit=150, labelSeparation=8, **GRID
        )
        .configure_legend(orient="top", title=None)
    )


def _counts(**more: Any) -> alt.Axis:
    """Return a chart's axis of whole numbers: of two conversations, Vega would also mark the halves."""
    return alt.Axis(tickMinStep=1, format=",d", labelExpr="datum.value % 1 ? '' : datum.label", **more)


def _step() -> alt.X:
    return alt.X("label:O", title=None, sort=None, axis=alt.Axis(grid=False, labelAngle=0, labelOverlap=True))


def _day() -> alt.X:
    return alt.X("when:T", title=None, axis=alt.Axis(grid=False, format="%-d %b", labelOverlap=True, tickCount=6))


def _colour(names: list[str], colours: list[str]) -> alt.Color:
    return alt.Color("series:N", title=None, scale=alt.Scale(domain=names, range=colours))


def _volume() -> Any:
    names = ["begun", "first closed"]
    offset = alt.XOffset("series:N", scale=alt.Scale(domain=names))
    return (
        alt.Chart(ROWS)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            _step(),
            offset,
            alt.Y("value:Q", title="conversations", axis=_counts()),
            _colour(names, [BLUE, GREEN]),
            tooltip=_tips(),
        )
    )


def _stacked(names: list[str], colours: list[str], what: str, *, mark: str = "bar", is_flat: bool = False) -> Any:
    base = alt.Chart(ROWS)
    colour, order = _colour(names, colours), alt.Order("place:Q")
    value = alt.Y("value:Q", title=what, stack="zero", axis=_counts())
    if mark == "area":
        return base.mark_area(opacity=0.85).encode(_day(), value, colour, order, tooltip=_tips())
    if is_flat:
        flat = alt.X("value:Q", title=what, stack="zero", axis=_counts())
        name = alt.Y("name:N", title=None, sort=None)
        return base.mark_bar().encode(flat, name, colour, order, tooltip=_tips("name")).properties(height={"step": 30})
    return base.mark_bar().encode(_step(), value, colour, order, tooltip=_tips())


def _lines(names: list[str], colours: list[str], what: str, **axis: Any) -> Any:
    return (
        alt.Chart(ROWS)
        .mark_line(point=True, strokeWidth=2.5)
        .encode(
            _step(),
            alt.Y("value:Q", title=what, axis=alt.Axis(**axis)),
            _colour(names, colours),
            tooltip=_tips(),
        )
    )


def _durations() -> Any:
    return _lines(["median", "p90"], [BLUE, ORANGE], "hours").encode(
        alt.StrokeDash("hours:N", legend=None, scale=alt.Scale(domain=HOURS, range=[[1, 0], [5, 4]])),
        tooltip=[*_tips(), alt.Tooltip("hours:N", title="counted in")],
    )


def _hours() -> Any:
    return (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=2, color=BLUE)
        .encode(
            alt.X("hour:O", title="hour of the day", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            alt.Y("name:O", title=None, sort=None),
            alt.Opacity("value:Q", legend=None, scale=alt.Scale(range=[0.04, 1], zero=True)),
            tooltip=[alt.Tooltip("name:N", title="day"), "hour:O", alt.Tooltip("value:Q", title="conversations")],
        )
    )


def _bars(what: str, colour: str) -> Any:
    return (
        alt.Chart(ROWS)
        .mark_bar(cornerRadiusEnd=2, color=colour)
        .encode(
            alt.X("value:Q", title=what, axis=_counts(tickCount=10)),
            alt.Y("name:N", title=None, sort=None),
            tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=what)],
        )
        .properties(height={"step": 26})
    )


def _tips(name: str = "label") -> list[alt.Tooltip]:
    return [
        alt.Tooltip(f"{name}:N", title=" "),
        alt.Tooltip("series:N", title="of"),
        alt.Tooltip("value:Q", title="value", format=".4~g"),
    ]
