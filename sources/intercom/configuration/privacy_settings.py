"""What a person configures under `[sources.intercom.privacy]`."""

from dataclasses import field

import dlt
from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue

SECTION = "sources.intercom.privacy"


@configspec
class PrivacyConfiguration(BaseConfiguration):
    """The privacy settings: columns to leave out, redact or hash, as `table.column` with `*` and keys of JSON.

    `bodies`: keep, redact or leave_out everything that people wrote. `hash_key`: the secret behind the hashes.
    """

    leave_out: list[str] = field(default_factory=list)
    redact: list[str] = field(default_factory=list)
    hash: list[str] = field(default_factory=list)
    bodies: str = "keep"
    hash_key: TSecretStrValue = TSecretStrValue("")

    def unknown_settings(self) -> list[str]:
        """Return unknown names among the privacy settings: a misspelled one would protect nothing."""
        written: set[str] = set()
        for provider in (dlt.config, dlt.secrets):
            written.update(provider.get(SECTION) or ())
        return sorted(written - set(self))
