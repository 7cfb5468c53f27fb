"""A search whose pages a test answers, answers that refuse, and what pages hold."""

from sources.intercom.api.lists.pagination import searched
from tests.support.network.loopback import Reply

BAD_GATEWAY = Reply(b"<html>502</html>", 502)
QUERY = {"field": "updated_at", "operator": ">", "value": 0}


def search(client, page_cursor=None, per_page=150):
    return searched(client, "/tickets/search", "tickets", QUERY, page_cursor, per_page)


def refusal(status, code, message=""):
    return Reply({"type": "error.list", "errors": [{"code": code, "message": message}]}, status)


def ids(pages):
    return [record["id"] for page in pages for record in page.records]
