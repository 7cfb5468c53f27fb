"""The dlt source: `intercom_source` for any script, and `chunk_source` for the command line."""

import copy
import logging
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import dlt
from dlt.common.typing import TSecretStrValue
from dlt.extract import DltResource

from .api.errors import IntercomError, RecordsUnread, Stopped, explained
from .api.http.client import Client
from .api.http.rate_limit import DEFAULT_RATE_SHARE
from .api.identity import Identity
from .configuration import ConfigurationError, IntercomConfiguration
from .incremental.dlt_state import NAME, is_unfinished, state_of, states_of
from .privacy.forgotten_people import FORGOTTEN_RECORDS
from .privacy.guard import Guard
from .privacy.kept_rules import STATE, kept
from .privacy.rules import Privacy
from .reading.chunk_budget import Chunk
from .reading.emission import emitted
from .reading.reading import Reading
from .reading.resource import Place, Resource
from .reading.session import LISTS_AT_ONCE, Session, Wishes, threads
from .reading.side_by_side import Items, SideBySide
from .resources import RESOURCES, no_resource
from .rows.deleted_records import DELETED_RECORDS
from .rows.table import Rows, Table, Tables
from .rows.unreadable_records import UNREADABLE_RECORDS

logger = logging.getLogger(__name__)


TABLES: dict[str, Table] = {table.name: table for resource in RESOURCES.values() for table in resource.tables} | {
    table.name: table for table in (DELETED_RECORDS, UNREADABLE_RECORDS, FORGOTTEN_RECORDS)
}

LAST_READ = "last_read"  # the key under which dlt's state of the source has the resources of the last run of a script

# Nested objects are flattened by us and lists have tables of their own: dlt is to keep what is left as JSON, because
# nested tables of its own making lose their exactness when a load is killed.
NO_NESTED_TABLES = 0
# So nothing carries the id of its root, which dlt would note of each table in each copy of the schema.
NO_ROOT_KEYS = False


@dlt.source(name=NAME, section=NAME, max_table_nesting=NO_NESTED_TABLES, root_key=NO_ROOT_KEYS)
def intercom_source(
    access_token: TSecretStrValue = dlt.secrets.value,
    base_url: str | None = None,
    region: str = "us",
    start_date: str | None = None,
    resources: list[str] | None = None,
    records_per_run: int | None = None,
    max_rate_share: float = DEFAULT_RATE_SHARE,
) -> Iterator[DltResource]:
    """Load everything that the Intercom REST API 2.10 says about a workspace, one dlt resource for each kind of record.

        pipeline = dlt.pipeline("support", destination="duckdb", dataset_name="intercom_raw")
        pipeline.run(intercom_source(), loader_file_format="parquet")

    The first run reads everything, each later one what is new or changed; how far a resource has come is in dlt's
    state, which is committed with the rows. The first four may also be written under `[sources.intercom]` of dlt's
    configuration, and so may those of `IntercomConfiguration` that have no argument here (`privacy` among them).

    * `access_token`: of the workspace. `base_url`, or `region` (us, eu, au) for short: where it is.
    * `start_date`: records that have not changed since (ISO 8601) are not read.
    * `resources`: names of `RESOURCES`; by default all but those that cost a call for every contact, which can also be
      chosen by `with_resources`.
    * `records_per_run`: by default one `pipeline.run` is one load package and reads to the end, so that a run that
      fails has loaded nothing. With a number, a run ends once it has that many records, and an export job its end: run
      again for the rest, as long as `is_going_on(pipeline)`. A kill costs no more than that then.
    * `max_rate_share`: the part of Intercom's rate limit to use, such as 0.9.

    A record that changes for a second time while it is read is left to the next run, with what comes after it. Records
    that cannot be read or loaded are logged, in the table `unreadable_records`, and asked for again. Any other error
    of one resource ends the run (dlt raises PipelineStepFailed), because a run that goes on would look complete: leave
    out what your plan or token does not allow. People who were erased with `intercom-elt forget` are loaded again by
    this function while Intercom lists them: only the commands know of them.
    """
    if not 0 < max_rate_share <= 1:
        raise ConfigurationError(f"max_rate_share is {max_rate_share}; it is a share, more than 0 and at most 1.")
    if records_per_run is not None and records_per_run < 1:
        raise ConfigurationError(
            f"records_per_run is {records_per_run}; it must be at least 1, or None for everything."
        )
    if resources is not None and not resources:
        raise ConfigurationError("resources is an empty list; name what to read, or leave it out for the usual ones.")
    configuration = _configured(access_token=access_token, base_url=base_url, region=region, start_date=start_date)
    opening = _Opening(configuration, frozenset(resources or ()), max_rate_share, records_per_run)
    _keep_texts()
    yield dlt.resource(_tables, name="tables")
    for name in _known(resources or ()) or RESOURCES:
        resource = RESOURCES[name]
        is_wanted = resources is not None or not (resource.is_opt_in or name in configuration.exclude)
        yield dlt.resource(_whole_reader(opening, resource), name=name, selected=is_wanted)


@dlt.source(name=NAME, section=NAME, max_table_nesting=NO_NESTED_TABLES, root_key=NO_ROOT_KEYS)
def chunk_source(session: Session, resources: tuple[Resource, ...]) -> Iterator[DltResource]:
    """Yield one dlt resource for each of `resources`, and one that gives the schema all tables, also empty ones.

    They are read side by side, each as far as the chunk of `session` allows. An error of Intercom ends its resource,
    and is noted in `session.report`; the other resources go on.
    """
    _keep_texts()
    yield dlt.resource(_declared_tables(session.guard.privacy), name="tables")
    package = _Package(session)
    for resource in resources:
        yield dlt.resource(_chunk_reader(package, resource), name=resource.name)


def is_going_on(pipeline: dlt.Pipeline) -> bool:
    """Return True if a run has left something for the next one: the rest, with `records_per_run`, or what has changed.

    What an earlier run has left of other resources than the last one has read does not count.
    """
    states = states_of(pipeline)
    names = state_of(pipeline).get(LAST_READ, states)
    return any(is_unfinished(states[name]) for name in names if name in states)


def _keep_texts() -> None:
    """Keep dlt from turning undeclared text that looks like a timestamp into one."""
    dlt.current.source_schema().remove_type_detection("iso_timestamp")


def _tables() -> Iterator[Any]:
    """Every table exists from the first run on, so that a query or a model never meets a missing one."""
    known = dlt.current.source_schema().tables
    tables = Tables()
    for name, table in TABLES.items():
        if name not in known:
            yield from tables.create(table)


def _declared_tables(privacy: Privacy) -> Callable[[], Iterator[Any]]:
    """Return what lets the schema know every table, without a load job for each: who loads makes them by it.

    The rules of `privacy` are kept in the state, and so with the rows that have passed them.
    """

    def declare() -> Iterator[Any]:
        dlt.current.source_state()[STATE] = kept(privacy)
        schema = dlt.current.source_schema()
        for name, table in TABLES.items():
            if name not in schema.tables:
                schema.update_table(table.declared())
        yield from ()

    return declare


def _chunk_reader(package: "_Package", resource: Resource) -> Callable[[], Iterator[Any]]:
    """Return what reads as much of a resource as the chunk allows; how it ended is in its report."""

    def read() -> Iterator[Any]:
        reading = package.reading(resource)
        rows = emitted(resource.read(reading), reading)
        yield from package.side_by_side.read(resource, lambda: items(reading, rows))

    def items(reading: Reading, rows: Iterator[Any]) -> Items:
        report = reading.report
        if resource.place is Place.LAST and package.goes_on:
            return
        report.start()
        try:
            yield from report.timed(rows)
        except Stopped:
            report.stop("interrupted")
        except IntercomError as error:
            report.fail(explained(error, resource.name))
        else:
            report.stop("interrupted" if reading.session.stop.is_set() else "read")

    return read


def _whole_reader(opening: "_Opening", resource: Resource) -> Callable[[], Iterator[Any]]:
    """Return what reads a resource to its end within one load package."""

    def read() -> Iterator[Any]:
        package = opening.package(resource)
        reading = package.reading(resource)
        rows = emitted(_to_its_end(resource, reading, is_limited=opening.is_limited), reading)
        try:
            yield from package.side_by_side.read(resource, lambda: rows)
        except RecordsUnread as error:
            # They are in their table, and must not keep out everything else.
            logger.error("%s", error)  # noqa: TRY400 - where it was found says nothing
        except IntercomError as error:
            raise explained(error, resource.name) from error

    return read


def _to_its_end(resource: Resource, reading: Reading, *, is_limited: bool) -> Iterator[Rows]:
    """Yield the rows of all that is to be read, or, where the run is limited, of as much as it may have.

    What Intercom is waited for is waited for in every run: an export job is known to nobody but the run that made it.
    """
    others_ended, before = reading.session.others_ended, None
    while True:
        is_alone = resource.place is not Place.AWAITED or others_ended.is_set()
        yield from resource.read(reading)
        left = copy.deepcopy(reading.state.get("pass"))
        if left is None or (is_alone and (is_limited or left == before)):
            return
        if not is_alone:
            others_ended.wait()
        before = left


class _Package:
    """What the resources of one load package share."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.side_by_side = SideBySide()
        session.others_ended = self.side_by_side.others_ended
        self._readings: list[Reading] = []

    def reading(self, resource: Resource) -> Reading:
        """Return what `resource` reads with; to be called where dlt asks for its first item."""
        reading = Reading.of(self.session, resource.name, dlt.current.resource_state(resource.name))
        self._readings.append(reading)
        return reading

    @property
    def goes_on(self) -> bool:
        """True if reading has to continue in the next load package."""
        return any(is_unfinished(reading.state) and reading.report.error is None for reading in self._readings)


class _Opening:
    """Opens a session when the first resource of a run begins; a resource that begins again belongs to another run."""

    def __init__(
        self,
        configuration: IntercomConfiguration,
        named: frozenset[str],
        max_rate_share: float,
        records_per_run: int | None,
    ) -> None:
        self.is_limited = records_per_run is not None
        self._configuration = configuration
        self._named = named
        self._max_rate_share = max_rate_share
        self._records_per_run = records_per_run
        self._package: _Package | None = None
        self._read: set[str] = set()
        self._open = ExitStack()
        weakref.finalize(self, self._open.close)

    def package(self, resource: Resource) -> _Package:
        """Return the load package that `resource` is read into."""
        if self._package is None or resource.name in self._read:
            self._open.close()
            self._read.clear()
            self._package = _Package(self._session())
        self._read.add(resource.name)
        dlt.current.source_state()[LAST_READ] = sorted(self._read)
        return self._package

    def _session(self) -> Session:
        configuration = self._configuration
        client = self._open.enter_context(
            Client.connect(
                configuration.url,
                configuration.access_token.strip(),
                self._max_rate_share,
                configuration.connections + LISTS_AT_ONCE,
                configuration.bounds,
            )
        )
        lists, details = self._open.enter_context(threads(configuration.connections))
        chunk = Chunk.of_a_run(self._records_per_run)
        wishes = Wishes(
            self._named, configuration.start_at(), people=frozenset(map(str, configuration.visitor_user_ids))
        )
        guard = Guard(Privacy.of(configuration.privacy, TABLES))
        return Session.of(configuration, client, Identity.of(client), lists, details, chunk, wishes, guard)


def _configured(**given: Any) -> IntercomConfiguration:
    configuration = IntercomConfiguration.resolved(is_for_reading=False)
    for name, value in given.items():
        setattr(configuration, name, value)
    configuration.check()
    _known((*configuration.exclude, *configuration.versions))
    Privacy.of(configuration.privacy, TABLES)
    return configuration


def _known(names: Iterable[str]) -> list[str]:
    for name in names:
        if name not in RESOURCES:
            raise ConfigurationError(no_resource(name))
    return [name for name in RESOURCES if name in names]
