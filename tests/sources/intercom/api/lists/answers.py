"""Answers that refuse, and what pages hold."""

from tests.support.network.loopback import Reply

BAD_GATEWAY = Reply(b"<html>502</html>", 502)


def refusal(status, code, message=""):
    return Reply({"type": "error.list", "errors": [{"code": code, "message": message}]}, status)


def ids(pages):
    return [record["id"] for page in pages for record in page.records]
