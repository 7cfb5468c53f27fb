"""How much a resource will bring: asked for before anything is read, with a call or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..api.http.client import Client
from ..api.identity import Identity
from ..export.settings import ExportSettings
from .session import Wishes


@dataclass(frozen=True)
class Size:
    """The size of one resource: `records` (None: Intercom does not say before it is read) for so many `calls`."""

    records: int | None
    calls: int


@dataclass(frozen=True)
class SizeQuestion:
    """What a resource's size is asked with: a planned run; `state` is how far the resource has come."""

    client: Client
    identity: Identity
    state: Mapping[str, Any]
    wishes: Wishes
    overlap_seconds: int
    export: ExportSettings
