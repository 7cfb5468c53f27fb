"""The settings of the source."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import Any, ClassVar

import dlt
import httpx
import pendulum
from dlt.common.configuration import configspec
from dlt.common.configuration.exceptions import ConfigFieldMissingException, ConfigValueCannotBeCoercedException
from dlt.common.configuration.resolve import resolve_configuration
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue
from pendulum.parsing.exceptions import ParserError

from ..secrecy.safe_text import keep_secret, masked
from .bounds import Bounds
from .error import ConfigurationError
from .misspelled_names import misspelled
from .privacy_settings import SECTION, PrivacyConfiguration
from .setting_kinds import kind
from .settings_documents import settings_documents

REGIONS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}

EXAMPLES = {
    "exclude": '["tickets", "articles"]',
    "visitor_user_ids": '["25", "c0ffee-25"]',
    "versions": '{ conversations = "2.9" }',
    "leave_out": '["contacts.*phone"]',
    "redact": '["visitors.name"]',
    "hash": '["*.email"]',
}
MOST_PORTS = 65_535
CENTURY_DAYS = 36_525
MOST_OF_ANYTHING = 1_000_000_000
DLTS_OWN = ("extract", "data_writer")  # sections of dlt's own settings that it also reads of a single source
VERSION_PREFIX = "SOURCES__INTERCOM__VERSIONS__"
_YEAR = re.compile(r"\d{4}")
_VERSION = re.compile(r"\d+\.\d+|Unstable", re.IGNORECASE)


def _number(default: float, *, may_be_zero: bool = False, most: int = MOST_OF_ANYTHING) -> Any:
    """Declare a number among the settings that has limits of its own; `_check_number` applies them."""
    return field(default=default, metadata={"may_be_zero": may_be_zero, "most": most})


@configspec
class IntercomConfiguration(BaseConfiguration):
    """The settings of the source, `[sources.intercom]`.

    `region` (us, eu, au) is a short name for `base_url`, which wins where both are set. `start_date`: records that have
    not changed since then are not read (ISO 8601; without a zone it is UTC). `overlap_minutes`: how far before its
    watermark a search of conversations and tickets starts. `connections`: calls for single records at once.
    `chunk_records`, `chunk_rows` (of all tables) and `chunk_minutes`: what goes into one load package. `exclude`:
    resources that are never read. `versions`: API versions by resource, such as `conversations = "2.9"`.
    `visitor_user_ids`: visitors to look up besides the people met in conversations and events.
    `privacy`: what is left out, redacted or hashed.

    Content data export: a run makes none if the last one is younger than `export_hours`. `export_days` before today are
    exported again each time, `export_first_days` in the first one without a `start_date`, in jobs of at most
    `export_days_per_job` and the `export_days` after them, whose reactions count. A job is looked at after
    `export_poll_seconds`, then at growing intervals, for at most `export_wait_minutes`.

    Bounds, all of them generous: an answer may have `max_answer_megabytes` unpacked and take `max_answer_seconds`, a
    listing `max_pages`, the files of an export job `max_export_megabytes` unpacked, a line of its CSV
    `max_csv_line_megabytes`, and a table `max_columns` that nobody has declared (further ones are in its column
    `further_fields`).
    """

    access_token: TSecretStrValue = TSecretStrValue("")
    base_url: str | None = None
    region: str = "us"
    start_date: str | None = None
    overlap_minutes: int = _number(15, may_be_zero=True)
    connections: int = _number(32, most=1_000)
    chunk_records: int = 20_000
    chunk_rows: int = 100_000
    chunk_minutes: float = 10.0
    exclude: list[str] = field(default_factory=list)
    visitor_user_ids: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    export_hours: float = _number(1.0, may_be_zero=True)
    export_days: int = _number(30, may_be_zero=True, most=CENTURY_DAYS)
    export_first_days: int = _number(90, may_be_zero=True, most=CENTURY_DAYS)
    export_days_per_job: int = _number(31, most=CENTURY_DAYS)
    export_poll_seconds: float = _number(1.0, may_be_zero=True)
    export_wait_minutes: float = 60.0
    max_answer_megabytes: int = Bounds.max_answer_megabytes
    max_answer_seconds: float = Bounds.max_answer_seconds
    max_pages: int = Bounds.max_pages
    max_csv_line_megabytes: int = 64
    max_export_megabytes: int = 20_000  # 50 million receipts of a job's days
    max_columns: int = 200  # PostgreSQL's rows have at most 8 kB, 24 bytes of which belong to each column
    privacy: PrivacyConfiguration = field(default_factory=PrivacyConfiguration)

    __section__: ClassVar[str] = "intercom"

    @classmethod
    def resolved(cls, *, is_for_reading: bool = True) -> "IntercomConfiguration":
        """Return the source's settings from dlt's providers (config.toml, secrets.toml, environment).

        They are checked if `is_for_reading`; working on what is loaded needs no token.
        """
        _check_names()
        try:
            configuration = resolve_configuration(cls(), sections=("sources", "intercom"))
        except ConfigFieldMissingException as error:
            raise ConfigurationError(_without_token()) from error
        except ConfigValueCannotBeCoercedException as error:
            section = SECTION if error.field_name in PrivacyConfiguration() else "sources.intercom"
            wanted = kind(error.hint) + _example(error.field_name)
            raise ConfigurationError(f"{error.field_name} under [{section}] must be {wanted}.") from error
        except (TypeError, ValueError) as error:  # the first of a section that is one variable, such as INTERCOM={…}
            raise ConfigurationError(f"[sources.intercom] cannot be read: {error}") from error
        configuration.versions = {**configuration.versions, **_versions_in(os.environ)}
        keep_secret(configuration.access_token)
        keep_secret(configuration.privacy.hash_key)
        if is_for_reading:
            configuration.check()
        return configuration

    def check(self) -> None:
        """Raise ConfigurationError for the first of the source's settings that cannot be used."""
        if not self.access_token.strip():
            raise ConfigurationError(_without_token())
        if not self.access_token.isascii() or any(character.isspace() for character in self.access_token.strip()):
            raise ConfigurationError("access_token holds characters that no token has; copy it again from Intercom.")
        if not self.base_url and self.region not in REGIONS:
            raise ConfigurationError(f"region is {self.region!r}; use one of {', '.join(REGIONS)}, or set base_url.")
        if not self.url.startswith(("https://", "http://")):
            raise ConfigurationError(
                f"base_url is {masked(str(self.base_url))!r}; it starts with https://, such as {REGIONS['us']}."
            )
        if not _is_address(self.url):
            raise ConfigurationError(
                f"base_url is {masked(self.url)!r}, which is no address; write one such as {REGIONS['us']}."
            )
        if any(sign in self.url.partition("://")[2] for sign in "@?#"):
            raise ConfigurationError(
                f"base_url is {masked(self.url)!r}; Intercom takes neither a user nor a query there: leave them out."
            )
        for setting in fields(self):
            if setting.type in {int, float}:
                _check_number(setting.name, getattr(self, setting.name), **setting.metadata)
        self._check_texts()
        self.start_at()

    def _check_texts(self) -> None:
        for name, kinds, meant in (("exclude", str, "name"), ("visitor_user_ids", str | int, "id")):
            for each in getattr(self, name):
                if not isinstance(each, kinds) or isinstance(each, bool) or not str(each).strip():
                    raise ConfigurationError(f"{name} holds {each!r}, which is no {meant}.")
        for name, version in self.versions.items():
            if not isinstance(version, str) or not _VERSION.fullmatch(version):
                raise ConfigurationError(
                    f'versions has {version!r} for {name}; write a version of the API in quotes, such as "2.9".'
                )

    @property
    def url(self) -> str:
        """The address of the API by the settings, without a slash at the end."""
        return (self.base_url or REGIONS.get(self.region, "")).strip().rstrip("/")

    @property
    def bounds(self) -> Bounds:
        """The limits of an answer and of a listing by the settings."""
        return Bounds(self.max_answer_megabytes, self.max_answer_seconds, self.max_pages)

    def start_at(self) -> int:
        """Return the setting `start_date` in unix seconds, 0 if there is none."""
        return 0 if self.start_date is None else past_moment(self.start_date, "start_date")


def _check_number(name: str, value: float, *, may_be_zero: bool = False, most: int = MOST_OF_ANYTHING) -> None:
    """Raise ConfigurationError if a setting's number is beyond its limits."""
    if type(value) not in {int, float} or math.isnan(value):  # a bool is none, though isinstance says so
        raise ConfigurationError(f"{name} must be a number{_example(name)}.")
    if value <= 0 and not may_be_zero:
        raise ConfigurationError(f"{name} is {value}; it must be more than 0.")
    if value < 0:
        raise ConfigurationError(f"{name} is {value}; it cannot be negative.")
    if value > most:
        raise ConfigurationError(f"{name} is {value:g}; it cannot be more than {most:,}.")


def _example(name: str) -> str:
    """Return an example of a setting's value, as a file has it, after what it must be: of a number, the usual one."""
    usual = IntercomConfiguration().get(name)
    example = EXAMPLES.get(name) or (str(usual) if type(usual) in {int, float} else "")
    return f", such as {example}" if example else ""


def _without_token() -> str:
    """Return where in the settings a token was looked for, and what to do."""
    context = dlt.current.run_context()
    folders = dict.fromkeys(str(Path(folder).resolve()) for folder in (context.settings_dir, context.global_dir))
    files = " nor in ".join(f"{folder}/secrets.toml" for folder in folders)
    return (
        f"No access token found: [sources.intercom] access_token is neither in {files}, nor in the environment as "
        "SOURCES__INTERCOM__ACCESS_TOKEN. To enter it: intercom-elt init. To see everything work without one: "
        "intercom-elt demo"
    )


def _is_address(url: str) -> bool:
    """Return True if the setting of an address names a host and a port that can be looked up."""
    try:
        parsed = httpx.URL(url)
        host = parsed.host.encode("idna")
    except (httpx.InvalidURL, ValueError):
        return False
    return bool(host) and b"%" not in host and (parsed.port is None or 0 < parsed.port <= MOST_PORTS)


def _versions_in(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the setting `versions` from variables, which dlt does not collect into a dictionary."""
    return {
        name.removeprefix(VERSION_PREFIX).lower(): version.strip()
        for name, version in environment.items()
        if name.startswith(VERSION_PREFIX)
    }


def _check_names() -> None:
    """Raise ConfigurationError for an unknown setting's name: a privacy rule behind it would protect nothing."""
    sections = {"privacy": tuple(PrivacyConfiguration()), "versions": (), "intercom": ()}
    own = dict.fromkeys(IntercomConfiguration()) | sections | dict.fromkeys(DLTS_OWN, ())
    documents = (document for _, document in settings_documents())
    for document in ({}, *documents):  # none: variables are looked at also where dlt reads no file
        if slip := misspelled(document, os.environ, own):
            raise ConfigurationError(slip)


def past_moment(value: Any, name: str) -> int:
    """Return a setting's ISO 8601 date or time as unix seconds (UTC unless it names a zone); it must be in the past."""
    try:
        parsed = pendulum.parse(str(value), strict=True)
    except (ParserError, ValueError) as error:
        raise ConfigurationError(f"{name} is {value!r}; write a date such as 2026-01-31.") from error
    # Without a year (a mere time, or "now") it would mean another moment every day.
    if not (isinstance(parsed, pendulum.DateTime) and _YEAR.match(str(value))):
        raise ConfigurationError(f"{name} is {value!r}; write a date such as 2026-01-31.")
    if parsed > pendulum.now("UTC"):
        raise ConfigurationError(f"{name} is {value!r}, which is in the future; nothing would ever be read.")
    return int(parsed.timestamp())
