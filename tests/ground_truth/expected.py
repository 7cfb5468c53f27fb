"""What the raw tables must hold, told from the simulator's truth by rules written down here a second time.

Nothing of the source is used: a misunderstanding there must not hide here.
"""

from collections import defaultdict

SHOWN_PARTS = 500
SHOWN_LIST_ITEMS = 10


WHOLE_RECORDS = {
    "help_centers": (),
    "collections": ("translated_content",),
    "articles": ("translated_content",),
    "news_items": (),
    "newsfeeds": (),
    "activity_logs": ("metadata",),
    "visitors": ("custom_attributes", "tags", "segments", "companies", "social_profiles"),
}


def flat(record, *, json=(), without=()):
    """Nested objects become `outer__inner`, ids text; nulls and the fields in `without` are left out."""
    row = {}
    for name, value in record.items():
        if name in without or value is None:
            continue
        if isinstance(value, dict) and name not in json:
            inner_json = {field.removeprefix(f"{name}__") for field in json if field.startswith(f"{name}__")}
            row |= {f"{name}__{inner}": item for inner, item in flat(value, json=inner_json).items()}
        elif name == "id" or name.endswith("_id"):
            row[name] = str(value)
        elif name.endswith("_ids"):
            row[name] = [str(item) for item in value]
        else:
            row[name] = value
    return row


def expected_tables(truth):
    """Return table -> {key: row} for every raw table, from entity -> records."""
    tables = defaultdict(dict)
    _reference(truth, tables)
    for company in truth["companies"]:
        _company(company, tables)
    for contact in truth["contacts"]:
        _contact(contact, tables)
    for conversation in truth["conversations"]:
        _conversation(conversation, tables)
    for ticket in truth["tickets"]:
        _ticket(ticket, tables)
    for event in truth.get("data_events", []):
        key = event_key(event)
        row = {"contact_id": event["intercom_user_id"], **flat(event, json=("metadata",)), "id": key}
        tables["data_events"][key,] = row
    for summary in truth.get("data_event_summaries", []):
        tables["data_event_summaries"][summary["contact_id"], summary["name"]] = flat(summary)
    return tables


def event_key(record):
    """Return a record's id; imported events have none, but one person does one thing once a second."""
    if "id" in record or "event_name" not in record:
        return str(record.get("id"))
    return f"{record['intercom_user_id']}:{record['event_name']}:{record['created_at']}"


def _reference(truth, tables):
    for app in truth["workspace"]:
        tables["workspace"][app["id_code"],] = flat(app)
    for name in ("admins", "tags", "segments", "subscription_types"):
        for record in truth[name]:
            tables[name][str(record["id"]),] = flat(record)
    for segment in tables["segments"].values():
        segment["model"] = "company" if segment.get("person_type") == "company" else "contact"
    for name, json in WHOLE_RECORDS.items():
        for record in truth[name]:
            tables[name][str(record["id"]),] = flat(record, json=json)
    for item in truth.get("newsfeed_items", []):  # there may be none: the truth has a line for each record
        tables["newsfeed_items"][str(item["newsfeed_id"]), str(item["id"])] = flat(item)
    for team in truth["teams"]:
        tables["teams"][str(team["id"]),] = flat(team)
        levels = team.get("admin_priority_level") or {}
        for admin_id in map(str, team["admin_ids"]):
            level = next(
                (word for word in ("primary", "secondary") if int(admin_id) in (levels.get(f"{word}_admin_ids") or [])),
                None,
            )
            tables["team_admins"][str(team["id"]), admin_id] = {
                "team_id": str(team["id"]),
                "admin_id": admin_id,
                **({"priority_level": level} if level else {}),
            }
    for attribute in truth["data_attributes"]:
        row = {"id": ""} | flat(attribute)
        tables["data_attributes"][attribute["model"], attribute["full_name"], row["id"]] = row
    for kind in truth["ticket_types"]:
        tables["ticket_types"][str(kind["id"]),] = flat(kind, without=("ticket_type_attributes",))
        for attribute in kind["ticket_type_attributes"]["data"]:
            tables["ticket_type_attributes"][str(attribute["id"]),] = flat(attribute, json=("input_options",))


def _company(company, tables):
    company_id = str(company["id"])
    tables["companies"][company_id,] = flat(company, json=("custom_attributes",), without=("tags", "segments"))
    for tag in company["tags"]["tags"]:
        tables["company_tags"][company_id, str(tag["id"])] = {
            "company_id": company_id,
            "tag_id": str(tag["id"]),
            **flat(tag, without=("id",)),
        }
    for segment in company["segments"]["segments"]:
        key = (company_id, str(segment["id"]))
        tables["company_segments"][key] = dict(zip(("company_id", "segment_id"), key, strict=True))


def _contact(contact, tables):
    contact_id = str(contact["id"])
    cut = ("tags", "notes", "companies", "opted_in_subscription_types", "opted_out_subscription_types")
    own = flat(contact, json=("custom_attributes",), without=(*cut, "social_profiles", "segments", "subscriptions"))
    for name in cut:
        if contact.get(name) is not None:
            count = contact[name]["total_count"]  # with archived tags, which are in no list
            has_more = len(contact[name]["data"]) > SHOWN_LIST_ITEMS
            own |= {f"{name}__total_count": count, f"{name}__has_more": has_more}
    for name in cut[3:]:
        if shown := (contact.get(name) or {"data": []})["data"][:SHOWN_LIST_ITEMS]:
            own[f"{name}__data"] = sorted(shown, key=lambda item: item["id"])
    tables["contacts"][contact_id,] = own
    link = {"contact_id": contact_id}
    tags = (contact.get("tags") or {"data": []})["data"]
    are_cut = len(tags) > SHOWN_LIST_ITEMS or len(tags) < (contact.get("tags") or {}).get("total_count", 0)
    for tag in tags:
        # Who applied a tag and when is told only by the list's own call, made when the contact object cuts the list.
        known = tag if are_cut else {"type": tag["type"]}
        tag_id = str(tag["id"])
        tables["contact_tags"][contact_id, tag_id] = {**link, "tag_id": tag_id, **flat(known, without=("id",))}
    for company in contact["companies"]["data"]:
        company_id = str(company["id"])
        tables["contact_companies"][contact_id, company_id] = {**link, "company_id": company_id}
    for note in contact["notes"]["data"]:
        tables["contact_notes"][contact_id, str(note["id"])] = {**link, **flat(note, without=("contact",))}
    for position, profile in enumerate(contact["social_profiles"]["data"]):
        tables["contact_social_profiles"][contact_id, position] = {**link, "position": position, **flat(profile)}
    for segment in contact["segments"]["data"]:
        segment_id = str(segment["id"])
        tables["contact_segments"][contact_id, segment_id] = {**link, "segment_id": segment_id}
    for kind in contact["subscriptions"]["data"]:
        kind_id = str(kind["id"])
        tables["contact_subscriptions"][contact_id, kind_id] = {
            **link,
            "subscription_type_id": kind_id,
            **flat(kind, without=("id",)),
        }


def _conversation(conversation, tables):
    conversation_id = str(conversation["id"])
    json = ("custom_attributes", "topics", "ticket", "ai_agent__content_sources")
    lists = ("tags", "contacts", "teammates", "linked_objects", "conversation_parts")
    parts = conversation["conversation_parts"]["conversation_parts"]
    tables["conversations"][conversation_id,] = {
        **flat(conversation, json=json, without=lists),
        "conversation_parts__total_count": len(parts),
        "linked_objects__total_count": conversation["linked_objects"]["total_count"],
        "linked_objects__has_more": conversation["linked_objects"]["has_more"],
    }
    _parts("conversation", conversation_id, parts, tables)
    teammates = conversation.get("teammates") or {}
    _links("conversation", conversation_id, "contact_id", conversation["contacts"]["contacts"], "contacts", tables)
    _links("conversation", conversation_id, "admin_id", teammates.get("admins") or [], "teammates", tables)
    _links("conversation", conversation_id, "tag_id", conversation["tags"]["tags"], "tags", tables)
    linked = conversation["linked_objects"]["data"]
    _links("conversation", conversation_id, "linked_object_id", linked, "linked_objects", tables)


def _ticket(ticket, tables):
    ticket_id = str(ticket["id"])
    lists = ("contacts", "linked_objects", "ticket_parts", "ticket_type", "tags")
    parts = ticket["ticket_parts"]["ticket_parts"]
    tables["tickets"][ticket_id,] = {
        **flat(ticket, json=("ticket_attributes",), without=lists),
        "ticket_type__id": str(ticket["ticket_type"]["id"]),
        "ticket_type__name": ticket["ticket_type"]["name"],
        "ticket_type__category": ticket["ticket_type"]["category"],
        "ticket_parts__total_count": len(parts),
        "linked_objects__total_count": ticket["linked_objects"]["total_count"],
        "linked_objects__has_more": ticket["linked_objects"]["has_more"],
    }
    _parts("ticket", ticket_id, parts, tables)
    _links("ticket", ticket_id, "contact_id", ticket["contacts"]["contacts"], "contacts", tables)
    _links("ticket", ticket_id, "linked_object_id", ticket["linked_objects"]["data"], "linked_objects", tables)
    _links("ticket", ticket_id, "tag_id", (ticket.get("tags") or {}).get("tags", []), "tags", tables)


def _links(parent, parent_id, other, items, name, tables):
    for item in items:
        key = (parent_id, str(item["id"]))
        tables[f"{parent}_{name}"][key] = {f"{parent}_id": key[0], other: key[1], **flat(item, without=("id",))}


def _parts(parent, parent_id, parts, tables):
    newest = sorted(parts, key=lambda part: (part["created_at"], int(part["id"])))[-SHOWN_PARTS:]
    for part in newest:
        row = flat(part, json=("event_details", "metadata", "email_message_metadata"), without=("attachments",))
        tables[f"{parent}_parts"][parent_id, str(part["id"])] = {f"{parent}_id": parent_id, **row}
        for position, file in enumerate(part.get("attachments") or []):
            key = (str(part["id"]), position)
            tables[f"{parent}_part_attachments"][key] = {
                f"{parent}_part_id": key[0],
                f"{parent}_id": parent_id,
                "position": position,
                **flat(file),
            }
