"""Proxies that the environment names, looked up once, because a lookup costs as much as a call; and their tunnels."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from ...configuration.error import ConfigurationError
from .connection import Connection

SUCCESS = range(200, 300)


@dataclass(frozen=True)
class Proxy:
    """A proxy for HTTP: its address, and name and password if it needs any."""

    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def open_tunnel(self, connection: Connection, host: str, port: int, deadline: float) -> None:
        """Ask the proxy, to which `connection` leads, for a tunnel to a host; raises ProxyError if it refuses."""
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        headers = "".join(f"{name}: {value}\r\n" for name, value in {"Host": authority, **self.headers}.items())
        connection.send(f"CONNECT {authority} HTTP/1.1\r\n{headers}\r\n".encode(), deadline)
        while not connection.response.is_begun:
            connection.receive(deadline)
        if connection.response.status not in SUCCESS:
            raise httpx.ProxyError(f"the proxy answered {connection.response.status}")


class Proxies:
    """The proxies of one run, by host: the environment is asked once for each."""

    def __init__(self) -> None:
        self._known: dict[bytes, Proxy | None] = {}

    def of(self, url: httpx.URL) -> Proxy | None:
        """Return the proxy on the way to `url`, or None; raises ConfigurationError like `proxy_for`."""
        origin = url.raw_scheme + b"://" + url.netloc
        if origin not in self._known:
            self._known[origin] = proxy_for(origin.decode())
        return self._known[origin]


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
