"""The dlt source for any script: `intercom_source`, which reads to the end."""

import copy
import logging
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import dlt
from dlt.common.typing import TSecretStrValue
from dlt.extract import DltResource

from .api.errors import IntercomError, RecordsHidden, RecordsUnread
from .api.explanation import explained
from .api.http.client import Client
from .api.http.rate_limit import DEFAULT_RATE_SHARE
from .api.identity import Identity
from .configuration import ConfigurationError, IntercomConfiguration
from .incremental.dlt_state import NAME, doubt, state_of, states_of
from .load_package import Package
from .privacy.guard import Guard
from .privacy.rules import Privacy
from .reading.chunk_budget import Chunk
from .reading.emission import to_dlt
from .reading.reading import Reading, is_unfinished
from .reading.resource import Place, Resource
from .reading.session import LISTS_AT_ONCE, Session, Wishes, threads
from .resources import RESOURCES, no_resource
from .rows.table import Rows
from .schema import NO_NESTED_TABLES, NO_ROOT_KEYS, TABLES, keep_texts, missing_tables

logger = logging.getLogger(__name__)


LAST_READ = "last_read"  # the key under which dlt's state of the source has the resources of the last run of a script


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

    What dlt's `add_limit` cuts off is a taste: nothing of it counts as loaded, and the next run reads it again.

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
    keep_texts()
    yield dlt.resource(missing_tables, name="tables")
    for name in _known(resources or ()) or RESOURCES:
        resource = RESOURCES[name]
        is_wanted = resources is not None or not (resource.is_opt_in or name in configuration.exclude)
        yield dlt.resource(_whole_reader(opening, resource), name=name, selected=is_wanted)


def is_going_on(pipeline: dlt.Pipeline) -> bool:
    """Return True if `intercom_source` left something for the next run: the rest (`records_per_run`), or changes.

    What an earlier run has left of other resources than the last one has read does not count.
    """
    states = states_of(pipeline)
    names = state_of(pipeline).get(LAST_READ, states)
    return any(is_unfinished(states[name]) for name in names if name in states)


def _whole_reader(opening: "_Opening", resource: Resource) -> Callable[[], Iterator[Any]]:
    """Return what reads a resource of the source to its end within one load package."""

    def read() -> Iterator[Any]:
        package = opening.package(resource)
        reading = package.reading(resource)
        states = dlt.current.source_state()["resources"]
        before = copy.deepcopy(states[resource.name])
        rows = to_dlt(_to_its_end(resource, reading, is_limited=opening.is_limited), reading)
        try:
            yield from package.side_by_side.read(resource, lambda: rows)
        except GeneratorExit:
            # The rest is not wanted (`add_limit` of dlt). State that was changed for it, or still is by the thread that
            # reads ahead, would say that it is loaded; and of the rows that are, the former state knows nothing.
            doubt(before)
            states[resource.name] = before
            raise
        except (RecordsUnread, RecordsHidden) as error:
            # They must not keep out everything else; what the state says of them is lost where a run fails.
            logger.error("%s", error)  # noqa: TRY400 - where it was found says nothing
        except IntercomError as error:
            raise explained(error, resource.name) from error

    return read


def _to_its_end(resource: Resource, reading: Reading, *, is_limited: bool) -> Iterator[Rows]:
    """Yield the rows of all that the source is to read, or, where the run is limited, of as much as it may have.

    What Intercom is waited for is waited for in every run: an export job is known to nobody but the run that made it.
    """
    others_ended, before = reading.others_ended, None
    while True:
        is_alone = resource.place is not Place.AWAITED or others_ended.is_set()
        yield from resource.read(reading)
        left = copy.deepcopy(reading.state.get("pass"))
        if left is None or (is_alone and (is_limited or left == before)):
            return
        if not is_alone:
            others_ended.wait()
        before = left


class _Opening:
    """Opens the source's session as its first resource begins; one that begins again belongs to another run."""

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
        self._package: Package | None = None
        self._read: set[str] = set()
        self._open = ExitStack()
        weakref.finalize(self, self._open.close)

    def package(self, resource: Resource) -> Package:
        """Return the load package into which the source reads `resource`."""
        if self._package is None or resource.name in self._read:
            self._open.close()
            self._read.clear()
            self._package = Package(self._session(), Chunk.of_a_run(self._records_per_run))
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
        wishes = Wishes(
            self._named, configuration.start_at(), people=frozenset(map(str, configuration.visitor_user_ids))
        )
        guard = Guard(Privacy.of(configuration.privacy, TABLES))
        return Session.of(configuration, client, Identity.of(client), lists, details, wishes, guard)


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
