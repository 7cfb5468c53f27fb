"""Where notifications go and when: `[notifications]` in secrets.toml, or NOTIFICATIONS__… in the environment."""

import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args
from urllib.parse import urlsplit

import dlt
from dlt.common.configuration.exceptions import ConfigValueCannotBeCoercedException

from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom.configuration.settings_documents import settings_documents
from sources.intercom.secrecy.safe_text import keep_secret

Occasion = Literal["failure", "recovery", "success"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
SECTION = "notifications"
ALIKE = 0.9  # of 1; `notification` is 0.96, and `app_notifications`, which may be a neighbour's, 0.87
SETTINGS = ("url", "on")
VARIABLES = tuple(f"NOTIFICATIONS__{name.upper()}" for name in SETTINGS)
SECRET_PART = 12  # characters; shorter parts of a webhook's address are words
USUALLY: tuple[Occasion, ...] = ("failure", "recovery")


@dataclass(frozen=True)
class NotificationSettings:
    """The settings of notifications: `url`, secret as it lets anybody write, takes a POST; `on`: the occasions."""

    url: str
    on: frozenset[str]

    @classmethod
    def check(cls) -> None:
        """Raise Stop for settings of notifications with which nobody could be told."""
        cls.resolved()

    @classmethod
    def resolved(cls) -> "NotificationSettings | None":
        """Return the notification settings, or None if there is no `url`. Raises Stop for unusable ones."""
        _check_names()
        # Looked up by their full names: otherwise dlt would take any variable called URL for the webhook.
        url = str(dlt.secrets.get("notifications.url", str) or "").strip()
        try:
            given = dlt.config.get("notifications.on", list)
        except ConfigValueCannotBeCoercedException as error:
            raise Stop(
                f'on under [notifications] must be a list, such as ["{USUALLY[0]}"].', ExitCode.WRONG_USE
            ) from error
        on = frozenset(map(str, USUALLY if given is None else given))
        if unknown := on - set(OCCASIONS):
            message = f"on under [notifications] knows {', '.join(OCCASIONS)}, but not {', '.join(sorted(unknown))}."
            raise Stop(message, ExitCode.WRONG_USE)
        if not url:
            return None
        if not _is_address(url):
            message = "url under [notifications] has to start with https:// (http:// in your own network), with a host."
            raise Stop(message, ExitCode.WRONG_USE)
        for part in re.split(r"[/?&=]", urlsplit(url).path + "?" + urlsplit(url).query):
            if len(part) >= SECRET_PART:
                keep_secret(part)
        return cls(url, on)


def _check_names() -> None:
    """Raise Stop for an unknown setting of notifications: because of it, failures might go unreported."""
    for provider, document in settings_documents():
        if SECTION not in document and (slip := next((name for name in document if _is_slip(name)), None)):
            raise Stop(f"[{slip}] is not read; did you mean [{SECTION}]?", ExitCode.WRONG_USE)
        section = document.get(SECTION, {})
        if not isinstance(section, dict):
            raise Stop(
                "notifications is a value and not a section; write [notifications] on a line of its own.",
                ExitCode.WRONG_USE,
            )
        if "url" in section and not provider.supports_secrets:
            message = f"url under [notifications] is a secret, and belongs in secrets.toml, not in {provider.name}."
            raise Stop(message, ExitCode.WRONG_USE)
        if unknown := next((name for name in section if name not in SETTINGS), None):
            message = f"[notifications] has no setting {unknown!r}; settings: {', '.join(SETTINGS)}."
            raise Stop(message, ExitCode.WRONG_USE)
    for name in os.environ:
        prefix, _, setting = name.partition("__")
        if prefix in {"NOTIFICATION", "NOTIFICATIONS"} and setting and name not in VARIABLES:
            raise Stop(f"{name} is not read; there are {' and '.join(VARIABLES)}.", ExitCode.WRONG_USE)


def _is_slip(name: str) -> bool:
    return bool(get_close_matches(name.lower(), [SECTION], cutoff=ALIKE))


def _is_address(url: str) -> bool:
    try:
        parsed = urlsplit(url)
        return parsed.scheme in {"https", "http"} and bool(parsed.hostname) and parsed.port != 0 and " " not in url
    except ValueError:  # of a port, or of brackets
        return False
