"""The files of settings that dlt reads, as they are written: also names that nothing reads."""

import tomllib
from collections.abc import Iterator
from typing import Any

import dlt
from dlt.common.configuration.providers.doc import BaseDocProvider
from dlt.common.configuration.providers.provider import ConfigProvider


def settings_documents() -> Iterator[tuple[ConfigProvider, dict[str, Any]]]:
    """Yield where dlt looks for settings, and the sections and values there; the environment has no such document."""
    for provider in dlt.config.config_providers:
        if isinstance(provider, BaseDocProvider):
            yield provider, tomllib.loads(provider.to_toml())
