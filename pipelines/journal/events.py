"""All that is reported about a run: each event, in fields for machines (docs/logs.md) and in words for people."""

from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Literal

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Event:
    """An event that can be reported of a run: `when` it is logged, and what its `fields` mean.

    `words` are for people, with fields in braces; those that are not in the words follow them. An event without words
    is for machines only: people see progress and a summary instead. `levels`: the usual one, then the others.
    """

    name: str
    when: str
    fields: dict[str, str] = field(default_factory=dict)
    levels: tuple[Level, ...] = ("info",)
    words: str = ""

    @property
    def names_in_words(self) -> set[str]:
        """The fields of the event that its words name."""
        return {name for _, name, _, _ in Formatter().parse(self.words) if name}


RESOURCE = {"resource": "the resource; `sweep_…` and `audit_…` are what sweeps and audits read"}
ERROR_TEXT = "what went wrong and what to do, in one line; null where nothing did"

RUN_BEGUN = Event(
    "run begun",
    "A sync, sweep or audit holds the database and Intercom answers.",
    {
        "command": "sync, sweep or audit",
        "version": "of intercom-elt",
        "target": "the DuckDB file, or the destination and its dataset",
        "workspace": "id of the workspace that the access token belongs to",
    },
)
SWEEP_PLANNED = Event(
    "sweep planned",
    "A sweep knows the cost of one entity.",
    {
        **RESOURCE,
        "in_intercom": "records that Intercom counts, or null; with `--since-last`, as below, only those created since",
        "loaded": "records that the raw table holds",
        "marked": "of these, known to be gone",
        "calls_expected": "calls that the sweep of this entity needs at least",
        "calls_for_merges": "up to three more for each contact that seems to be gone: it may have been merged; or null",
    },
    words="{resource} begins",
)
RESOURCE_PLANNED = Event(
    "resource planned",
    "`sync --plan` knows the cost of a resource.",
    {
        **RESOURCE,
        "records": "new or changed records; null where Intercom says it only while they are read",
        "calls": "calls that this takes at least",
        "rows": "about how many rows they become; null as above",
        "error": "why it cannot be read; null where it can",
    },
    levels=("info", "error"),
)
SYNC_PLANNED = Event(
    "sync planned",
    "`sync --plan` knows the cost of everything.",
    {
        "target": "the DuckDB file, or the destination and its dataset",
        "is_first": "true where nothing was loaded yet",
        "calls": "of all resources",
        "minutes": "that the calls take at the share of the limit that a run uses; null where Intercom names no limit",
        "rows": "of all resources",
        "megabytes": "that the rows need as raw tables",
    },
)
AUDIT_PLANNED = Event(
    "audit planned",
    "An audit knows which records it reads again.",
    {
        "records": "records that are read again",
        "calls": "about how many calls that takes",
        "seed": "`audit --seed` reads the same records again",
    },
    words="reading again, about {calls:,} calls",
)
RESOURCE_BEGUN = Event("resource begun", "The first load package with this resource begins.", RESOURCE)
RESOURCE_READING = Event(
    "resource reading",
    "Every 10 seconds, for each resource that has sent calls since the last time.",
    {
        **RESOURCE,
        "records": "records read so far",
        "of": "how many there will be; null where Intercom does not say",
        "seconds_left": "about how long that takes, at the pace so far and Intercom's limit; null while nobody knows",
    },
    words="reading {resource}",
)
PACKAGE_LOADED = Event(
    "package loaded",
    "A load package is committed: its rows and the state that belongs to them are visible.",
    {
        "resources": "what was read for it",
        "rows": "rows that were written",
        "seconds": "from its first call to its commit",
    },
)
RESOURCE_ENDED = Event(
    "resource ended",
    "A resource is finished in this run.",
    {
        **RESOURCE,
        "status": "complete, failed, interrupted or not loaded, as in `sync_resources`",
        "records": "new or changed records",
        "rows": "rows written, by table",
        "calls": "calls sent, retries included",
        "retries": "calls repeated after a failure",
        "rate_limited": "calls that Intercom refused with 429",
        "seconds": "time spent on it; resources are read side by side, so these add up to more than the run took",
        "watermark": "highest `updated_at` that was loaded, in unix seconds; null where the resource is read whole",
        "error": ERROR_TEXT,
    },
    levels=("info", "error"),
)
MODELS_BUILT = Event(
    "models built",
    "All models were tried.",
    {"built": "models built", "failed": "models that failed", "skipped": "models that read one which failed"},
    levels=("info", "error"),
)
MODEL_FAILED = Event(
    "model failed",
    "A model could not be built; it keeps its former rows.",
    {"model": "its name", "error": "what the database says"},
    levels=("error",),
)
CHECKS_RUN = Event(
    "checks run",
    "All checks of the models were tried.",
    {
        "passed": "checks that passed",
        "failed": "failed checks of severity error",
        "warned": "failed checks of severity warn",
        "skipped": "checks of models that were not built",
    },
    levels=("info", "warning", "error"),
)
CHECK_FAILED = Event(
    "check failed",
    "A check has failed.",
    {
        "check": "its name",
        "severity": "error (the exit code is 2) or warn",
        "claim": "what should hold",
        "rows": "how many rows contradict it; null where the check itself failed",
        "error": "why the check itself failed; empty where it did not",
    },
    levels=("error", "warning"),
)
WARNING = Event(
    "warning",
    "Something that a person may want to know and that by itself changes no exit code.",
    {"message": "what it is"},
    levels=("warning",),
    words="{message}",
)
WARNING_IN_SUMMARY = replace(WARNING, words="")  # which people read in the summary
RUN_ENDED = Event(
    "run ended",
    "The end of a run that had begun; only a warning about a notification may follow. `demo` has two of them.",
    {
        "command": "sync, sweep or audit",
        "status": "complete, failed or interrupted",
        "exit_code": "0, 1, 2, or 64 if the destination or a model of yours fails for a lasting reason",
        "rows": "rows written, by table; overwritten rows count, too",
        "held_back": "rows of forgotten people that were not loaded, or without their texts",
        "calls": "calls sent, retries included",
        "retries": "calls repeated after a failure",
        "rate_limited": "calls that Intercom refused with 429",
        "seconds": "time spent reading and loading",
        "rate_share": "share of the calls allowed while reading that was used; null where Intercom names no limit",
        "found": "sweep: what was found, by resource",
        "failures": "errors by resource",
        "failed_models": "names of the models that could not be built",
        "failed_checks": "names of the failed checks of severity error",
        "error": "why loading failed; null where it did not",
        "not_ended": "resources not read to their end, or whose rows have not arrived, without an error of their own",
        "log_error": "why the run could not be recorded in full, though loading succeeded; null if it could",
        "build_error": "why no model could be built; null if they could, and if none was to be built",
    },
    levels=("info", "error"),
)
# Further fields of an audit's end.
AUDIT_FIELDS = {
    "seed": "audit: reads the same records again",
    "sample": "audit: records of each table that were asked for",
    "sentence": "audit: the outcome in a sentence",
    "proofs": "audit: one object for each entity and subject, as in `audit_results`",
    "differences": "audit: what differed: record, table and column, never a text; of each entity the first 1,000",
    "count_differences": "audit: how many differences there were",
    "metrics": "audit: agreement with Intercom's statistics; null without models",
    "unfinished": "audit: entities whose last sync did not come to its end",
}
EXAMINED = Event(
    "examined",
    "`doctor`, or `init` at its end, has checked something.",
    {
        "subject": "what was checked: configuration, access token, a permission, the destination …",
        "holds": "true where nothing has to be done",
        "fact": "what was found, and what to do about it",
        "exit_code": "of a run that meets this problem; 0 if there is none",
    },
    levels=("info", "error"),
)
PERSON_FORGOTTEN = Event(
    "person forgotten",
    "`forget` has erased a person.",
    {
        "target": "the DuckDB file, or the destination and its dataset",
        "records": "records that are held back from now on, by entity",
        "rows": "rows that were erased or have lost their texts, by table",
        "copies": "materialized views of others whose owners have to refresh them",
        "exit_code": "0; 2 if models or checks failed afterwards, 1 if they did for a reason that is not theirs",
    },
    levels=("info", "error"),
)
PERSON_RELEASED = Event(
    "person released",
    "`forget --undo` lets later syncs load a person again.",
    {"target": "the DuckDB file, or the destination and its dataset", "records": "how many records that concerns"},
)
DEMO_ENDED = Event(
    "demo ended",
    "`demo` has loaded twice, and written its report.",
    {"target": "the DuckDB file", "report": "the file of the report", "exit_code": "0, 1, 2 or 64"},
    levels=("info", "error"),
)
ERROR = Event(
    "error",
    "The command ends early: before a run has begun (wrong use, a refused token, another run), stopped at once, or by "
    "a defect. No `run ended` follows.",
    {
        "exit_code": "1 or 64",
        "message": "what went wrong and what to do",
        "traceback": "with `--verbose`: where in the code; else null",
    },
    levels=("error",),
)

EVENTS = (
    RUN_BEGUN,
    SWEEP_PLANNED,
    RESOURCE_PLANNED,
    SYNC_PLANNED,
    AUDIT_PLANNED,
    RESOURCE_BEGUN,
    RESOURCE_READING,
    PACKAGE_LOADED,
    RESOURCE_ENDED,
    MODELS_BUILT,
    MODEL_FAILED,
    CHECKS_RUN,
    CHECK_FAILED,
    WARNING,
    RUN_ENDED,
    EXAMINED,
    PERSON_FORGOTTEN,
    PERSON_RELEASED,
    DEMO_ENDED,
    ERROR,
)
