"""Redirects: where one leads, what is said of it, and the one that is followed, to the file of an export.

The query of a signed link opens the file for everybody who has it: no message shows one.
"""

import re
from functools import partial

import httpx

from ..call import Call
from ..errors import BadAnswer, IntercomError, InvalidRequest

FOLLOWED = frozenset({302, 303, 307})  # others say that the API itself has moved for good
SENT_ALONG = ("Accept", "Accept-Encoding", "User-Agent")
STORAGE_ADVICE = "Intercom keeps the files of exports on this host: let the firewall or proxy in between pass it."


def shown(url: httpx.URL) -> str:
    """Return an address without its query, which may be a signature: scheme, host and path."""
    return f"{url.scheme}://{url.netloc.decode()}{url.path}"


def signed_link(request: httpx.Request, response: httpx.Response) -> httpx.Request | None:
    """Return the request for the file to which a download is redirected; None where there is no such redirect.

    It has nothing of what is for Intercom alone: not the token, which the storage would refuse next to its signature.
    An encrypted call leads to no plain one.
    """
    target = _target(request.url, response)
    if target is None or response.status_code not in FOLLOWED:
        return None
    if not target.host or target.scheme not in {"https", request.url.scheme}:
        return None
    return httpx.Request("GET", target, headers={name: request.headers[name] for name in SENT_ALONG})


def link_refused(link: httpx.Request, response: httpx.Response) -> BadAnswer:
    """Return the error of a signed link that is not answered with a file: it may have expired, and another not.

    What a storage says about it may quote the signature.
    """
    message = "the storage refuses the link to the file that Intercom gave"
    return BadAnswer(Call(link.method, shown(link.url)).failure(message, response.status_code))


def redirected(call: Call, url: httpx.URL, response: httpx.Response) -> IntercomError:
    """Return the error of a redirect that is not followed: the token is for the configured host alone."""
    failure = partial(call.failure, status=response.status_code)
    if response.status_code == httpx.codes.NOT_MODIFIED:  # a cache on the way has answered
        return BadAnswer(failure("an answer without content, although none was known before"))
    target = _target(url, response)
    if target is None:
        written = re.split(r"[?#]", response.headers.get("location", ""), maxsplit=1)[0]
        return InvalidRequest(failure(f"the server redirects {url.path}" + f" to {written}" * bool(written)))
    if target.path == url.path and _origin(target) != _origin(url):
        advice = "set base_url under [sources.intercom] to that scheme and host"
        return InvalidRequest(failure(f"moved to {shown(target)}; {advice}"))
    return InvalidRequest(failure(f"the server redirects {url.path} to {shown(target)}"))


def _target(url: httpx.URL, response: httpx.Response) -> httpx.URL | None:
    location = response.headers.get("location")
    try:
        return url.join(location) if location else None
    except (httpx.InvalidURL, ValueError):
        return None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
