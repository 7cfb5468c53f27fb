"""The page about the log for machines, written from the events that can be said: `docs/logs.md`."""

from pipelines.journal.events import AUDIT_FIELDS, EVENTS, RUN_ENDED
from pipelines.journal.json_log import ENVELOPE

HEAD = """# Logs for machines

Written by `python -m pipelines.journal.json_log_page` from the code that logs. Every command but
`simulator` takes `--log-format json`.
Those that do something (`sync`, `sweep`, `audit`, `transform`, `doctor`, `init`, `forget`, `demo`) then write one JSON
object a line to standard error and nothing to standard output (but for the list that `doctor --permissions` was asked
for); the others print their answer as usual. Errors keep the format:
wrong arguments, a refused token or a defect are lines of this format, too. No line holds a secret or a personal value.

```json
{"at":"2026-01-31T02:15:04.120Z","level":"info","event":"resource begun",\
"run_id":"35e5bc4d0f6b4c1e9a2d7f8031c4b6ea","resource":"contacts"}
```

`--quiet` leaves only how a run failed. Names and meanings of events and fields stay; new ones may come, so ignore
what you do not know. A scheduler needs no more than the exit code; for messages about failures see
[scheduling.md](scheduling.md#notifications).
"""


def page() -> str:
    """Return the page about the JSON log, `docs/logs.md`, as Markdown."""
    lines = [HEAD, "Every line:", "", *_fields(ENVELOPE), "", "## Events", ""]
    lines += ["| event | level | said when |", "|---|---|---|"]
    for event in EVENTS:
        anchor = event.name.replace(" ", "-")
        lines.append(f"| [{event.name}](#{anchor}) | {' or '.join(event.levels)} | {event.when} |")
    for event in EVENTS:
        fields = event.fields | (AUDIT_FIELDS if event is RUN_ENDED else {})
        lines += ["", f"### {event.name}", "", *_fields(fields)]
    return "\n".join(lines) + "\n"


def _fields(fields: dict[str, str]) -> list[str]:
    return ["| field | meaning |", "|---|---|", *(f"| `{name}` | {meaning} |" for name, meaning in fields.items())]


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
