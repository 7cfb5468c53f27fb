"""Many records at once: contacts for a simulator to serve, conversations that a database holds already."""

import random

import duckdb
import orjson

END = 1_772_323_200  # 2026-03-01
DAYS = 1_000
DAY_SECONDS = 86_400
PARTS_PER_CONVERSATION = 7
EMPTY_LIST = {"type": "list", "data": [], "url": "/", "total_count": 0, "has_more": False}


def write_contacts(folder, count):
    """Write contacts as they are mostly: changed some time within three years, in one company, without notes."""
    dice = random.Random(1)
    folder.mkdir()
    with (folder / "contacts.ndjson").open("wb") as lines:
        for number in range(count):
            changed_at = END - dice.randrange(DAYS * DAY_SECONDS)
            company = {"type": "company", "id": f"{number % 1_000:024x}", "url": "/"}
            contact = {
                "type": "contact",
                "id": f"{number:024x}",
                "role": "user",
                "external_id": str(number),
                "email": f"person{number}@example.com",
                "name": f"Person {number}",
                "created_at": changed_at - DAY_SECONDS,
                "updated_at": changed_at,
                "last_seen_at": changed_at,
                "browser": "chrome",
                "os": "Linux",
                "location": {"type": "location", "country": "Germany", "region": "Berlin", "city": "Berlin"},
                "custom_attributes": {"plan": "pro", "seats": number % 50},
                "tags": EMPTY_LIST,
                "notes": EMPTY_LIST,
                "companies": EMPTY_LIST | {"data": [company], "total_count": 1},
            }
            lines.write(orjson.dumps(contact) + b"\n")


def hold_conversations(database, count):
    """Put so many conversations with parts into a database, as if they had been loaded before."""
    text = "'I cannot open the report that I made last week, it says that it is too large.'"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "INSERT INTO intercom_raw.conversations BY NAME SELECT 'held' || n AS id, 'closed' AS state, "
            f"{END} - n AS created_at, {END} - n AS updated_at, {text} AS source__body, '1' AS _dlt_load_id, "
            f"'held' || n AS _dlt_id FROM range({count}) numbers(n)"
        )
        connection.execute(
            "INSERT INTO intercom_raw.conversation_parts BY NAME SELECT "
            f"'held' || (n // {PARTS_PER_CONVERSATION}) AS conversation_id, 'part' || n AS id, 'comment' AS part_type, "
            f"{text} AS body, {END} - n AS created_at, '1' AS _dlt_load_id, 'part' || n AS _dlt_id "
            f"FROM range({count * PARTS_PER_CONVERSATION}) numbers(n)"
        )
