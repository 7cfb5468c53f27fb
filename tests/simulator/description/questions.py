"""At least one request for every operation that the simulator answers."""

from simulator.endpoints.routes import OPERATIONS
from tests.support.simulated_api import SORTED

EVERYTHING = {
    "query": {"field": "updated_at", "operator": ">", "value": 0},
    "sort": SORTED,
    "pagination": {"per_page": 150},
}
BY_PREFIX = {
    "/admins/": "admins",
    "/teams/": "teams",
    "/tags/": "tags",
    "/segments/": "segments",
    "/ticket_types/": "ticket_types",
    "/articles/": "articles",
    "/help_center/collections/": "collections",
    "/help_center/help_centers/": "help_centers",
    "/news/news_items/": "news_items",
    "/news/newsfeeds/": "newsfeeds",
    "/contacts/": "contacts",
    "/companies/": "companies",
    "/conversations/": "conversations",
    "/tickets/": "tickets",
}
QUERIES = {
    "ListContacts": "?per_page=150",
    "listAllCompanies": "?per_page=50",
    "listActivityLogs": "?created_at_after=1&per_page=100",
    "searchArticles": "?phrase=how&highlight=true",
    "listSegments": "?include_count=true",
    "listAdmins": "?display_avatar=true",
}
MOST_PER_OPERATION = 120


def questions(truth):
    """(operation, path with query, body) to ask; exports and notes come last, one job's life in order."""
    for operation in OPERATIONS:
        entity = next((name for prefix, name in BY_PREFIX.items() if operation.path.startswith(prefix + "{id}")), None)
        body = EVERYTHING if operation.path.endswith("/search") and operation.method == "POST" else None
        if entity:
            for record in truth[entity][:MOST_PER_OPERATION]:
                yield operation, operation.path.replace("{id}", record["id"]), body
        elif "{id}" not in operation.path and operation.path not in {"/visitors", "/events", "/export/content/data"}:
            yield operation, operation.path + QUERIES.get(operation.name, ""), body
    by_name = {operation.name: operation for operation in OPERATIONS}
    contact = truth["contacts"][0]
    yield by_name["retrieveNote"], f"/notes/{contact['notes']['data'][0]['id']}", None
    yield by_name["retrieveVisitorWithUserId"], f"/visitors?user_id={truth['visitors'][0]['user_id']}", None
    for summary in ("true", "false"):
        query = f"?type=user&intercom_user_id={contact['id']}&summary={summary}&per_page=40"
        yield by_name["lisDataEvents"], f"/events{query}", None
