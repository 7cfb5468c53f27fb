"""Which redirect of a download is followed."""

import httpx
import pytest

from sources.intercom.api.http.redirects import signed_link

HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip", "User-Agent": "us", "Authorization": "Bearer token"}


@pytest.mark.parametrize(
    ("base_url", "status", "location", "followed"),
    [
        ("https://api.example", 302, "https://s3.example/a?b=%2F+c", "https://s3.example/a?b=%2F+c"),
        ("https://api.example", 302, "//s3.example/a?b", "https://s3.example/a?b"),
        ("https://api.example", 303, "/signed?b", "https://api.example/signed?b"),
        ("http://127.0.0.1", 307, "http://127.0.0.1:9/a?b", "http://127.0.0.1:9/a?b"),
        ("http://127.0.0.1", 302, "https://s3.example/a?b", "https://s3.example/a?b"),
        ("https://api.example", 302, "http://s3.example/a?b", None),
        ("https://api.example", 302, "ftp://s3.example/a?b", None),
        ("https://api.example", 302, "https://[::1", None),
        ("https://api.example", 302, None, None),
        ("https://api.example", 301, "https://s3.example/a?b", None),
        ("https://api.example", 308, "https://s3.example/a?b", None),
        ("https://api.example", 304, "https://s3.example/a?b", None),
        ("https://api.example", 200, "https://s3.example/a?b", None),
    ],
)
def test_a_passing_redirect_is_followed_unless_it_leaves_encryption(base_url, status, location, followed):
    request = httpx.Request("GET", f"{base_url}/download/content/data/abc", headers=HEADERS)
    response = httpx.Response(status, headers={} if location is None else {"Location": location})
    link = signed_link(request, response)
    assert (None if link is None else str(link.url)) == followed
    assert link is None or "authorization" not in link.headers
