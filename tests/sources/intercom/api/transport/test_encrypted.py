"""HTTPS: certificates are looked at, and a proxy leads through whether or not it is encrypted itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sources.intercom.api.errors import Unreachable
from sources.intercom.api.http.client import Client
from sources.intercom.configuration import ConfigurationError
from sources.intercom.configuration.bounds import Bounds
from tests.support.network.loopback import Loopback
from tests.support.network.silence import silent_server
from tests.support.network.tunnels import CERTIFICATE, encrypting, proxy

LARGE = {"data": ["x" * 100] * 30_000}


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.fixture(scope="module")
def server():
    with Loopback(lambda request: LARGE if request.path == "/large" else {"path": request.path}, encrypting()) as made:
        yield made


def answers(url, *paths, attempts=1, bounds=Bounds()):  # noqa: B008 - it cannot be changed
    with Client.connect(url, "token", 1.0, 8, bounds) as client, ThreadPoolExecutor(8) as threads:
        return list(threads.map(lambda path: client.get(path, attempts=attempts).data, paths))


def test_answers_of_any_size_come_encrypted(server):
    paths = [f"/{number}" for number in range(40)]
    assert answers(server.url, *paths, "/large") == [*({"path": path} for path in paths), LARGE]


def test_a_certificate_that_nobody_trusts_is_no_connection(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Unreachable, match="certificate verify failed"):
        answers(server.url, "/me")


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_of_certificates_that_cannot_be_read_is_named(server, monkeypatch, tmp_path, content):
    named = tmp_path / "authorities.pem"
    if content is not None:
        named.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(named))
    with pytest.raises(ConfigurationError, match=f"SSL_CERT_FILE names {named}, of which no certificates can be read"):
        answers(server.url, "/me")


def test_a_certificate_of_another_host_is_no_connection(server, monkeypatch):
    with proxy() as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Unreachable, match=r"certificate is not valid for 'elsewhere\.invalid'"):
            answers(f"https://elsewhere.invalid:{server.port}", "/me")


def test_a_server_that_speaks_plainly_is_no_connection():
    with Loopback(lambda request: {}) as plain, pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.1"):
        answers(plain.url.replace("http:", "https:"), "/me")


@pytest.mark.parametrize("is_encrypted", [False, True], ids=["a plain proxy", "an encrypted proxy"])
def test_a_tunnel_through_a_proxy_hides_what_is_said_in_it(server, monkeypatch, is_encrypted):
    with proxy(is_encrypted=is_encrypted) as (port, heads):
        scheme = "https" if is_encrypted else "http"
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://me:secret@127.0.0.1:{port}")
        url = f"https://intercom.invalid:{server.port}"
        assert answers(url, "/1", "/2", "/large") == [{"path": "/1"}, {"path": "/2"}, LARGE]
    for head in heads:
        assert head.startswith(f"CONNECT intercom.invalid:{server.port} HTTP/1.1\r\n")
        assert "Proxy-Authorization: Basic bWU6c2VjcmV0" in head
        assert "token" not in head


def test_a_proxy_that_refuses_is_said(monkeypatch):
    with proxy("407 Proxy Authentication Required") as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Unreachable, match="the proxy answered 407"):
            answers("https://intercom.invalid", "/me")


def test_a_connection_to_a_proxy_that_refuses_gets_no_request(monkeypatch):
    with proxy("407 Proxy Authentication Required\r\nContent-Length: 0") as (port, heads):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Unreachable, match="the proxy answered 407"):
            answers("https://intercom.invalid", "/me", attempts=3)
    assert [head.split()[0] for head in heads] == ["CONNECT"] * 3


@pytest.mark.parametrize("silent", ["the server", "the proxy", "the proxy, encrypted"])
def test_a_connection_that_does_not_come_about_is_tried_again(monkeypatch, silent):
    with silent_server() as (port, taken):
        if silent != "the server":
            scheme = "https" if silent.endswith("encrypted") else "http"
            monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://127.0.0.1:{port}")
        with pytest.raises(Unreachable, match="no connection in time"):
            answers(f"https://127.0.0.1:{port}", "/me", attempts=3, bounds=Bounds(max_answer_seconds=0.1))
        assert len(taken) == 3


def test_a_server_that_is_silent_behind_its_proxy_is_tried_again(monkeypatch):
    with silent_server() as (port, taken), proxy() as (proxy_port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy_port}")
        with pytest.raises(Unreachable, match="no connection in time"):
            answers(f"https://intercom.invalid:{port}", "/me", attempts=3, bounds=Bounds(max_answer_seconds=0.2))
        assert len(taken) == 3
