"""The checks of every request before an endpoint sees it: token, version, media types, rate window."""

from collections.abc import Mapping

from simulator import errors
from simulator.options import Options

DEFAULT_VERSION = "2.10"
VERSIONS = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", *(f"2.{minor}" for minor in range(18)), "Unstable", "Preview"})
READABLE = ("*/*", "application/*", "application/json", "application/octet-stream")


def check_token(headers: Mapping[str, str], options: Options) -> None:
    """Stop at the gate every request without `Authorization: Bearer <the token>`."""
    if headers.get("authorization", "") != f"Bearer {options.token}":
        raise errors.ApiError(401, "unauthorized", "Access Token Invalid")


def asked_version(headers: Mapping[str, str]) -> str:
    """Return the version a request asks for, 2.10 without the header; unknown ones do not pass the gate."""
    version = headers.get("intercom-version", DEFAULT_VERSION)
    if version not in VERSIONS:
        raise errors.ApiError(400, "intercom_version_invalid", "The requested version could not be found")
    return version


def check_media_types(headers: Mapping[str, str], *, has_body: bool) -> None:
    """Stop at the gate other media types than JSON (and an export's bytes) for answers, JSON for bodies."""
    accepted = headers.get("accept", "*/*")
    if not any(kind in accepted for kind in READABLE):
        raise errors.ApiError(406, "not_acceptable", "The Accept header should send a media type of application/json")
    sent = headers.get("content-type", "")
    if has_body and "json" not in sent:
        raise errors.ApiError(415, "media_type_not_acceptable", "The Content-Type header should be application/json")
