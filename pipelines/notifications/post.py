"""Posting to a chat: a body in the form that it displays, and a POST with retries."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import stamina

# Webhooks of Teams workflows; they show a card, not plain text.
TEAMS = (".logic.azure.com", ".powerplatform.com", ".powerautomate.com")
TIMEOUT_SECONDS = 5.0
ATTEMPTS = 3
SLACK_SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # else `<!channel>` would call everybody


class NotSent(Exception):
    """The post to the chat did not arrive; the message says why, and never where."""


def body(url: str, text: str) -> dict[str, Any]:
    """Return the JSON to post to the chat behind `url`: Slack's form, which many others read, or a card of Teams."""
    if not (urlsplit(url).hostname or "").lower().endswith(TEAMS):
        return {"text": text.translate(SLACK_SIGNS)}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": line, "wrap": True} for line in text.splitlines()],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "text": text, "attachments": [attachment]}


def post(url: str, text: str) -> None:
    """Post `text` to the chat behind `url`. Raises NotSent."""
    stamina.instrumentation.set_on_retry_hooks([])  # they would log the error, and with it the URL
    try:
        _send(url, body(url, text))
    except httpx.HTTPStatusError as error:
        raise NotSent(f"the webhook answered {error.response.status_code}") from None
    # OSError: certificates that cannot be read; ImportError: a proxy that httpx has no library for.
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, ImportError) as error:
        raise NotSent(type(error).__name__) from None


def _is_worth_another_try(error: Exception) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code == httpx.codes.TOO_MANY_REQUESTS or error.response.is_server_error
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


@stamina.retry(on=_is_worth_another_try, attempts=ATTEMPTS, timeout=20.0, wait_initial=0.3, wait_max=2.0)
def _send(url: str, content: dict[str, Any]) -> None:
    httpx.post(url, json=content, timeout=TIMEOUT_SECONDS).raise_for_status()
