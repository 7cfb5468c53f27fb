"""The proxy that the environment names, looked up once, because a lookup per call costs as much as the call."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from ...configuration.error import ConfigurationError


@dataclass(frozen=True)
class Proxy:
    """A proxy for HTTP: its address, and name and password if it needs any."""

    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def proxy_for(base_url: str) -> Proxy | None:
    """Return the proxy on the way to `base_url` by HTTP_PROXY, HTTPS_PROXY and NO_PROXY; None if there is none.

    Raises ConfigurationError if it cannot be used for HTTP.
    """
    address = urlsplit(base_url)
    named = getproxies().get(address.scheme)
    if not named or proxy_bypass(address.hostname or ""):
        return None
    variable = f"{address.scheme.upper()}_PROXY"
    try:
        url = httpx.URL(named if "://" in named else f"http://{named}")
        origin = httpx.URL(scheme=url.scheme, host=url.host, port=url.port)
    except (httpx.InvalidURL, ValueError):  # whose message may quote the password
        raise _unusable(variable) from None
    if origin.scheme not in {"http", "https"} or not origin.host:
        raise _unusable(variable)
    return Proxy(origin, _authorization(url))


def _authorization(url: httpx.URL) -> dict[str, str]:
    if not url.userinfo:
        return {}
    return {"Proxy-Authorization": "Basic " + b64encode(f"{url.username}:{url.password}".encode()).decode()}


def _unusable(variable: str) -> ConfigurationError:
    return ConfigurationError(f"{variable} names a proxy that cannot be used. Use http://host:port")
