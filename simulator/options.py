"""Every knob of the simulator, documented where it is declared."""

from dataclasses import dataclass, field, fields
from typing import Any


def knob(default: object, help_text: str, *, live: bool = False) -> Any:
    """A field of `Options`; `live` ones can also be set while the server runs (`POST /_simulator/knobs`)."""
    return field(default=default, metadata={"help": help_text, "live": live})


@dataclass
class Options:
    """What a simulated workspace is and how its API behaves; the defaults are the API as Intercom documents it."""

    host: str = knob("127.0.0.1", "address to listen on")
    port: int = knob(0, "port to listen on; 0 takes a free one")
    exit_with_parent: bool = knob(False, "stop when standard input is closed, so that a killed parent leaves no orphan")

    seed: int = knob(1, "the same seed, sizes and --now give the same workspace, byte for byte")
    contacts: int = knob(200, "contacts to generate (about 2 % more exist as archived, deleted or merged ones)")
    companies: int = knob(40, "companies to generate")
    conversations: int = knob(300, "conversations to generate")
    tickets: int = knob(60, "tickets to generate")
    timezone: str = knob("UTC", "time zone of the workspace (IANA name); contact search compares its calendar days")
    now: str = knob("", "the simulator's clock at the start, ISO 8601 or unix seconds; empty: the real time")

    token: str = knob("simulator-token", "the only access token that is accepted")
    rate_limit: int = knob(
        10_000, "calls per minute, enforced in 10 s windows of a sixth each; 0: no limit and no rate headers", live=True
    )
    contact_default_per_page: int = knob(
        10, "page size of GET /contacts without per_page: 10 live, 50 in the docs", live=True
    )
    inclusive_search_bounds: bool = knob(
        False,
        "conversation and ticket search: `>` and `<` also match the value itself (documented so, not met live)",
        live=True,
    )
    over_max_per_page: str = knob("clamp", "per_page above the maximum outside companies: clamp or error", live=True)
    null_next: bool = knob(False, "cursor lists: last page says `next: null` instead of leaving the key out", live=True)
    scroll_token_changes: bool = knob(False, "the company scroll hands out a new token with every page", live=True)
    scroll_page_size: int = knob(100, "companies per scroll page", live=True)
    scroll_expiry_seconds: int = knob(60, "a scroll closes after this long without a request", live=True)
    company_lookup_shape: str = knob(
        "single", "GET /companies?company_id= (or name=) answers one company (single) or a list (list)", live=True
    )


def live_knobs() -> set[str]:
    """Names of the options that can be changed while the server runs."""
    return {option.name for option in fields(Options) if option.metadata["live"]}
