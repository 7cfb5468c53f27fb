"""What the environment says of the way to Intercom: a proxy is used, and a password for others is not sent along."""

from base64 import b64decode

import pytest

from sources.intercom.api.http.client import Client
from sources.intercom.api.transport.proxy import proxy_for
from sources.intercom.configuration import ConfigurationError
from tests.support.network.loopback import Loopback, Reply


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def hosts_asked(base_url, server):
    with Client.connect(base_url, "token", 1.0, 2) as client:
        client.get("/me", attempts=1)
    return {request.headers["host"] for request in server.requests}


def test_calls_go_through_the_proxy(monkeypatch):
    with Loopback(lambda request: {}) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        assert hosts_asked("http://intercom.invalid", server) == {"intercom.invalid"}


def test_a_host_without_proxy_is_asked_itself(monkeypatch):
    with Loopback(lambda request: {}) as server:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        assert hosts_asked(server.url, server) == {server.url.removeprefix("http://")}


def test_a_file_that_is_stored_elsewhere_has_the_proxy_of_its_own_host(monkeypatch, tmp_path):
    elsewhere = Reply(b"", 302, {"Location": "http://storage.invalid/a?signature=b"})
    with Loopback(lambda request: elsewhere) as server, Loopback(lambda request: {}) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        with Client.connect(server.url, "token", 1.0, 2) as client:
            client.download("/file", tmp_path / "file", lambda file: None)
        assert [request.headers["host"] for request in proxy.requests] == ["storage.invalid"]


@pytest.mark.parametrize("entry", ["default", "machine 127.0.0.1"])
def test_a_password_in_netrc_is_not_sent_instead_of_the_token(monkeypatch, tmp_path, entry):
    (tmp_path / ".netrc").write_text(f"{entry} login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with Loopback(lambda request: {}) as server:
        hosts_asked(server.url, server)
        assert server.requests[0].headers["authorization"] == "Bearer token"


@pytest.mark.parametrize("named", ["proxy.example:3128", "http://proxy.example:3128"])
def test_a_proxy_may_be_named_without_its_scheme(monkeypatch, named):
    monkeypatch.setenv("HTTPS_PROXY", named)
    assert str(proxy_for("https://api.intercom.io").url) == "http://proxy.example:3128"


def test_a_proxy_takes_its_password_along_and_intercom_does_not(monkeypatch):
    with Loopback(lambda request: {}) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url.replace("://", "://me:sec%40ret@"))
        assert hosts_asked("http://intercom.invalid", server) == {"intercom.invalid"}
        [request] = server.requests
        assert b64decode(request.headers["proxy-authorization"].removeprefix("Basic ")) == b"me:sec@ret"
        assert request.headers["authorization"] == "Bearer token"
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
    assert str(proxy_for("https://api.intercom.io").url) == "http://proxy.example:3128"


@pytest.mark.parametrize("named", ["gopher://me:secret@proxy.example", "http://me:secret@", "http://me:secret@h:x"])
def test_what_is_no_proxy_is_named_without_its_password(monkeypatch, named):
    monkeypatch.setenv("HTTPS_PROXY", named)
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY") as caught:
        proxy_for("https://api.intercom.io")
    assert "secret" not in str(caught.value)
