"""A marimo notebook: volume and first responses by week, with a choice of the channel.

Edit it with `marimo edit support.py -- --database intercom_data.duckdb`; `python support.py --database …` runs it as a
script.
"""

import marimo

app = marimo.App(width="medium", app_title="Support")


@app.cell
def _():
    import altair
    import duckdb
    import marimo as mo

    database = mo.cli_args().get("database") or "intercom_data.duckdb"
    connection = duckdb.connect(str(database), read_only=True)
    connection.execute("set schema = 'intercom'")  # intercom.NAME would be ambiguous in a file called intercom.duckdb
    return altair, connection, mo


@app.cell
def _(connection, mo):
    found = connection.sql("select distinct channel from fct_conversations where channel is not null order by 1")
    channel = mo.ui.dropdown(["all", *(row[0] for row in found.fetchall())], value="all", label="Channel")
    channel
    return (channel,)


@app.cell
def _(channel, connection):
    weeks = connection.execute(
        """
        select
            created_week,
            count(*) as conversations,
            median(case when not was_closed_before_first_reply then first_response_seconds end) / 60 as median_minutes
        from fct_conversations
        where direction = 'inbound' and ($channel = 'all' or channel = $channel)
        group by created_week
        order by created_week
        """,
        {"channel": channel.value},
    ).to_arrow_table()
    return (weeks,)


@app.cell
def _(altair, mo, weeks):
    lines = weeks.to_pylist()
    base = altair.Chart(
        altair.Data(values=[{**line, "created_week": f"{line['created_week']}T00:00"} for line in lines])
    )
    when = altair.X("created_week:T", title=None)
    volume = base.mark_bar().encode(when, altair.Y("conversations:Q"))
    response = base.mark_line(point=True).encode(when, altair.Y("median_minutes:Q", title="median minutes"))
    mo.vstack([mo.md(f"**{sum(line['conversations'] for line in lines):,} conversations**"), volume, response])
    return (lines,)


@app.cell
def _(lines):
    print(sum(line["conversations"] for line in lines), "inbound conversations in", len(lines), "weeks")
    return


if __name__ == "__main__":
    app.run()
