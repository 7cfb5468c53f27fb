"""Every raw table and mart as an asset of Dagster, with rows and freshness, every hour; sweep and audit on Sundays.

Use: uv run --no-dev --with dagster --with dagster-webserver dagster dev --python-file deploy/dagster_assets.py
In the instance's dagster.yaml, `concurrency: {pools: {default_limit: 1}}` lets runs wait for each other; without it the
second one fails, and is tried again.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import dagster as dg

from sources.intercom import RESOURCES
from transforms.runner.model_graph.graph import reached
from transforms.runner.model_graph.model import raw_tables
from transforms.runner.model_graph.shipped_models import read_models

DATABASE = os.environ.get("INTERCOM_ELT_DATABASE", "intercom_data.duckdb")
WOULD_FAIL_AGAIN = (2, 64)  # a check, wrong configuration; what was killed is tried again, as is 1
RAW, MARTS = "intercom_raw", "intercom"
# What a plain `sync` reads; the others cost one call per contact.
READ = {name: resource for name, resource in RESOURCES.items() if not resource.is_opt_in}
TABLES = {table.name: name for name, resource in READ.items() for table in resource.tables}
MODELS = {model.name: model for model in read_models() if not model.is_check}
READS = {name: model.references for name, model in MODELS.items()}


def intercom_elt(context: dg.AssetExecutionContext | dg.OpExecutionContext, *arguments: str) -> None:
    """Run a command; each line it says becomes one of Dagster's log. Raises Failure; 2 and 64 would fail again."""
    command = [sys.executable, "-m", "pipelines", *arguments, "--log-format", "json", "--database", DATABASE]
    said = subprocess.PIPE
    with subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603 - our own
        for line in process.stdout or ():
            context.log.info(line.rstrip())
    if process.returncode:
        message = f"intercom-elt {arguments[0]} ended with exit code {process.returncode}"
        raise dg.Failure(message, allow_retries=process.returncode not in WOULD_FAIL_AGAIN)


def status() -> dict[str, Any]:
    """Return what is loaded, as `intercom-elt status` tells it."""
    command = [sys.executable, "-m", "pipelines", "status", "--format", "json", "--database", DATABASE]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
    return json.loads(done.stdout)


@dg.multi_asset(
    name="load",
    specs=[
        dg.AssetSpec([RAW, table], group_name="raw", kinds={"dlt", "duckdb"}, description=f"Read by {resource}.")
        for table, resource in TABLES.items()
    ],
    retry_policy=dg.RetryPolicy(max_retries=2, delay=300),
    pool="intercom",
)
def load(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Load what is new or changed into the raw tables.

    A resource that cannot be read fails this step, and Dagster then leaves `build` out: the models are built on what
    is loaded here, so that one unreadable record does not keep every mart old.
    """
    try:
        intercom_elt(context, "sync", "--no-transform")
    except dg.Failure:
        with suppress(dg.Failure):  # its log says so; whether this step is tried again depends on the sync
            intercom_elt(context, "transform")
        raise
    loaded = status()
    for table, resource in TABLES.items():
        facts = loaded["resources"][resource]
        yield dg.MaterializeResult(
            asset_key=[RAW, table],
            metadata={
                "dagster/row_count": loaded["tables"][table],
                "freshness_seconds": facts["freshness_seconds"],
                "last_complete_at": facts["last_complete_at"],
                "watermark": facts["watermark"],
            },
        )


def read_by(mart: str) -> list[str]:
    """Return the raw tables that a mart is made of."""
    through = [MODELS[name] for name in (mart, *reached(mart, READS))]
    return [table for table in raw_tables(through) if table in TABLES]


@dg.multi_asset(
    name="build",
    specs=[
        dg.AssetSpec(
            [MARTS, name],
            deps=[[RAW, table] for table in read_by(name)],
            group_name="marts",
            kinds={"sql", "duckdb"},
            description=model.headline,
        )
        for name, model in MODELS.items()
        if model.kind == "marts"
    ],
    pool="intercom",
)
def build(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Build the models on the raw tables and run their checks."""
    intercom_elt(context, "transform")
    models = status()["models"]
    # Marts of a workspace's own attributes are known once it was read, which is too late for an asset.
    for mart, count in ((name, count) for name, count in models["marts"].items() if name in MODELS):
        metadata = {"dagster/row_count": count, "built_at": models["built_at"]}
        yield dg.MaterializeResult(asset_key=[MARTS, mart], metadata=metadata)


# Jobs of their own: a failed audit repeats no sweep, and a failed sweep leaves no audit out, as it would in one job.
# A sync that waits for an export job may keep them waiting for more than an hour.
PATIENT = dg.RetryPolicy(max_retries=12, delay=600)


@dg.op(pool="intercom", retry_policy=PATIENT)
def sweep(context: dg.OpExecutionContext) -> None:
    """Find what is gone from Intercom."""
    intercom_elt(context, "sweep")


@dg.op(pool="intercom", retry_policy=PATIENT)
def audit(context: dg.OpExecutionContext) -> None:
    """Compare what is loaded with what Intercom has."""
    intercom_elt(context, "audit")


@dg.job
def intercom_sweep() -> None:
    """Sweep."""
    sweep()


@dg.job
def intercom_audit() -> None:
    """Audit."""
    audit()


everything = dg.define_asset_job("intercom", selection=dg.AssetSelection.assets(load, build))
definitions = dg.Definitions(
    assets=[load, build],
    jobs=[everything, intercom_sweep, intercom_audit],
    schedules=[
        dg.ScheduleDefinition(job=everything, cron_schedule="15 * * * *"),
        dg.ScheduleDefinition(job=intercom_sweep, cron_schedule="45 2 * * 0"),
        dg.ScheduleDefinition(job=intercom_audit, cron_schedule="45 4 * * 0"),
    ],
)
