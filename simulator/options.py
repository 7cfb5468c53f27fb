"""Every knob of the simulator, documented where it is declared."""

from dataclasses import dataclass, field, fields
from typing import Any
from zoneinfo import available_timezones

from simulator.office_hours import OfficeHours

MOST = {"port": 65_535, "scroll_page_size": 100_000}
SEARCHES = ("contacts", "conversations", "tickets")
NEEDED = frozenset({"host", "token", "scroll_page_size", "contact_default_per_page"})


def knob(default: object, help_text: str, *, live: bool = False, choices: tuple[object, ...] = ()) -> Any:
    """Declare one of the simulator's `Options`; a `live` one can be set while it runs (`POST /_simulator/knobs`)."""
    return field(default=default, metadata={"help": help_text, "live": live, "choices": choices})


@dataclass
class Options:
    """The simulator's options: what its workspace is and how its API behaves; by default as Intercom documents it."""

    host: str = knob("127.0.0.1", "address to listen on")
    port: int = knob(0, "port to listen on; 0 takes a free one")
    exit_with_parent: bool = knob(False, "stop when standard input is closed, so that a killed parent leaves no orphan")

    seed: int = knob(1, "the same seed, sizes and --now give the same workspace, byte for byte")
    contacts: int = knob(200, "contacts to generate, of whom about 2 % are archived, deleted or merged away")
    companies: int = knob(40, "companies to generate")
    conversations: int = knob(300, "conversations to generate")
    tickets: int = knob(60, "tickets to generate")
    collections: int = knob(8, "collections to generate, in two help centers; the last three are below others")
    articles: int = knob(30, "help center articles to generate")
    newsfeeds: int = knob(3, "newsfeeds to generate, of which the last is empty")
    news_items: int = knob(14, "news items to generate")
    activity_logs: int = knob(200, "admin activity logs to generate")
    visitors: int = knob(20, "visitors to generate")
    messages: int = knob(150, "sent messages to generate, for the content data export")
    timezone: str = knob("UTC", "time zone of the workspace (IANA name); contact search compares its calendar days")
    office_hours: str = knob(
        "mon-fri 09:00-17:00",
        "office hours of the workspace in its time zone (`mon-thu 09:00-17:30, fri 09:00-15:00`), outside of which the "
        "durations in `statistics` stand still; empty: always open",
    )
    now: str = knob("", "the simulator's clock at the start, ISO 8601 or unix seconds; empty: the real time")

    fill_from: str = knob("", "folder of NDJSON files, one per entity: recorded records instead of generated ones")

    token: str = knob("simulator-token", "the only access token that is accepted")
    rate_limit: int = knob(
        10_000, "calls per minute, enforced in 10 s windows of a sixth each; 0: no limit and no rate headers", live=True
    )
    latency_ms: int = knob(0, "milliseconds that every answer of the API takes longer", live=True)
    compressed: bool = knob(
        False, "texts travel with gzip where the request allows it, as those of real servers do", live=True
    )
    chunked: bool = knob(False, "answers travel in chunks, without a Content-Length", live=True)
    contact_default_per_page: int = knob(
        10, "page size of GET /contacts without per_page: 10 live, 50 in the docs", live=True
    )
    inclusive_search_bounds: bool = knob(
        False,
        "conversation and ticket search: `>` and `<` also match the value itself (documented so, not met live)",
        live=True,
    )
    over_max_per_page: str = knob(
        "clamp", "per_page above the maximum outside companies: clamp or error", live=True, choices=("clamp", "error")
    )
    null_next: bool = knob(
        False, "the last page of every list says `next: null`, also of those that leave the key out", live=True
    )
    events_end_empty: bool = knob(
        False, "the events of a contact end with an empty page and no link, instead of a page and no link", live=True
    )
    scroll_token_changes: bool = knob(False, "the company scroll hands out a new token with every page", live=True)
    scroll_page_size: int = knob(100, "companies per scroll page", live=True)
    scroll_expiry_seconds: int = knob(60, "a scroll closes after this long without a request", live=True)
    scroll_hides_companies_without_users: bool = knob(
        False, "the scroll leaves out companies without users, as the list does (the API promises neither)", live=True
    )
    company_lookup_shape: str = knob(
        "single",
        "GET /companies?company_id= (or name=) answers one company (single) or a list (list)",
        live=True,
        choices=("single", "list"),
    )
    link_base_url: str = knob(
        "", "host of the URLs in answers (`pages.next`), as live ones carry the US host; empty: as asked", live=True
    )
    admin_avatar: str = knob(
        "mixed",
        "the avatar of admins: object or text, or mixed: an object in lists, a text of one admin (both are live)",
        live=True,
        choices=("mixed", "object", "text"),
    )
    news_next: str = knob(
        "url",
        "news lists: `pages.next` is a url or an object (unverified either way)",
        live=True,
        choices=("url", "object"),
    )
    missing_created_at_after: str = knob(
        "error",
        "activity logs without created_at_after: error (404, as in 2.10) or default (30 days back)",
        live=True,
        choices=("error", "default"),
    )
    activity_log_widest_days: int = knob(
        0, "activity logs over a wider range answer 500; 0: any range works", live=True
    )
    export_polls: int = knob(2, "polls, or refusals of another one, after which an export job ends", live=True)
    export_fails: bool = knob(False, "export jobs end as failed", live=True)
    export_container: str = knob(
        "zip", "zip: one CSV per kind of statistic; gzip: the receipts' CSV alone", live=True, choices=("zip", "gzip")
    )
    export_most_rows: int = knob(
        0,
        "an export has the first so many rows of each kind, without a word (documented: 10 million); 0: all",
        live=True,
    )
    export_redirects: bool = knob(
        False,
        "the download of an export answers 302 to a signed link, good for a minute, which refuses a token",
        live=True,
    )
    export_expiry_days: int = knob(
        2, "days for which a completed export can be downloaded (documented as 2 and 7)", live=True
    )
    heavy_search_per_page: int = knob(
        0, "searches for more records a page than this answer nginx's 504, as on busy days; 0: never", live=True
    )
    ignored_sort: str = knob(
        "", f"searches that accept a sort and ignore it, comma separated, of {', '.join(SEARCHES)}", live=True
    )
    search_by_day: bool = knob(
        False, "conversation and ticket search compare UTC days, as somebody has measured in 2.16", live=True
    )
    index_lag_seconds: int = knob(
        0,
        "lists and searches find changes of contacts, conversations and tickets, and that they are gone, this much "
        "later",
        live=True,
    )
    uneven_index_lag: bool = knob(
        False, "each change is found after a lag of its own, of at most index_lag_seconds", live=True
    )
    conversation_search_defect: bool = knob(
        False, "conversation search answers 404 `User Not Found` in version 2.10, as live workspaces have", live=True
    )

    missing_scopes: str = knob("", "areas the token may not read, comma separated (see `routes.AREAS`)", live=True)
    missing_scope_status: int = knob(
        403, "answer to a missing scope: 403 forbidden or 401 token_unauthorized", live=True, choices=(401, 403)
    )
    restricted_areas: str = knob("", "areas the workspace's plan does not include: 403 api_plan_restricted", live=True)

    churn_every: int = knob(0, "apply changes after every so many API requests; 0: never", live=True)
    churn_count: int = knob(1, "how many random changes each time", live=True)
    churn_kinds: str = knob(
        "", "kinds of change to choose from, comma separated; empty: all but those that want to be named", live=True
    )
    faults: str = knob("", "JSON list of faults to begin with, as POST /_simulator/faults takes them")

    def __post_init__(self) -> None:
        for option in fields(self):
            check(option.name, getattr(self, option.name))


def check(name: str, value: object) -> None:
    """Raise ValueError for a value that an option of the simulator cannot have; the message says which it can."""
    option = next((each for each in fields(Options) if each.name == name), None)
    if option is None:
        raise ValueError(f"there is no option {name}")
    if type(value) is not type(option.default):
        raise ValueError(f"{name} must be of type {type(option.default).__name__}, not {value!r}")
    choices = option.metadata["choices"]
    if choices and value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, not {value!r}")
    if isinstance(value, int) and name != "seed" and value < 0:
        raise ValueError(f"{name} must not be negative")
    if isinstance(value, int) and value > MOST.get(name, value):
        raise ValueError(f"{name} must not be more than {MOST[name]}")
    if not value and name in NEEDED:
        raise ValueError(f"{name} must not be {'0' if value == 0 else 'empty'}")
    if name == "office_hours" and value:
        OfficeHours(str(value), "UTC")
    if name == "ignored_sort" and (unknown := set(words(str(value))) - set(SEARCHES)):
        raise ValueError(f"unknown search: {', '.join(sorted(unknown))}; known: {', '.join(SEARCHES)}")
    if name == "timezone" and value not in available_timezones():
        raise ValueError(f"timezone must be an IANA name, not {value!r}")


def words(text: str) -> list[str]:
    """Return the words of a simulator option that takes several, comma separated."""
    return [word.strip() for word in text.split(",") if word.strip()]


def live_knobs() -> set[str]:
    """Return the names of the simulator's options that can be changed while it runs."""
    return {option.name for option in fields(Options) if option.metadata["live"]}
