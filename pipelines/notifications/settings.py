"""Where notifications go and when: `[notifications]` in secrets.toml, or NOTIFICATIONS__… in the environment."""

from dataclasses import dataclass
from typing import Literal, get_args

import dlt

from pipelines.stop import ExitCode, Stop

Occasion = Literal["failure", "recovery", "success"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
USUALLY: tuple[Occasion, ...] = ("failure", "recovery")


@dataclass(frozen=True)
class NotificationSettings:
    """`url` takes a POST; it is a secret, as who knows a chat's webhook can write there. `on`: the occasions."""

    url: str
    on: frozenset[str]

    @classmethod
    def resolved(cls) -> "NotificationSettings | None":
        """Return the settings of dlt's providers, None where there is no `url`. Raises Stop for what cannot be used."""
        # Asked for by their full names: dlt would else take any variable called URL for the webhook.
        url = str(dlt.secrets.get("notifications.url", str) or "").strip()
        given = dlt.config.get("notifications.on", list)
        if not url:
            return None
        if not url.startswith(("https://", "http://")):
            raise Stop("url under [notifications] has to start with https://.", ExitCode.WRONG_USE)
        on = frozenset(USUALLY if given is None else given)
        if unknown := on - set(OCCASIONS):
            message = f"on under [notifications] knows {', '.join(OCCASIONS)}, but not {', '.join(sorted(unknown))}."
            raise Stop(message, ExitCode.WRONG_USE)
        return cls(url, on)
