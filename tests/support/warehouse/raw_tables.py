"""The raw tables that models read, as the loader declares them, and rows for them with everything unsaid left NULL."""

import itertools
import json

TEXT, WHOLE, TRUTH, NUMBER, JSON = "varchar", "bigint", "boolean", "double", "json"


def columns(**names_by_kind):
    return {name: kind for kind, names in names_by_kind.items() for name in names.split()}


PART = columns(
    varchar="id type part_type body assigned_to__type assigned_to__id author__type author__id author__name "
    "author__email external_id state app_package_code",
    bigint="created_at updated_at notified_at",
    boolean="redacted",
)
ATTACHMENT = columns(varchar="conversation_part_id type name url content_type", bigint="position filesize width height")
TAGGING = columns(varchar="tag_id name applied_by__type applied_by__id", bigint="applied_at")

RAW_TABLES = {
    "workspace": columns(varchar="id_code name timezone region", bigint="created_at", boolean="secure"),
    "admins": columns(
        varchar="id type name email job_title", boolean="away_mode_enabled away_mode_reassign has_inbox_seat"
    ),
    "teams": columns(varchar="id type name distribution_method", json="admin_ids"),
    "team_admins": columns(varchar="team_id admin_id priority_level"),
    "tags": columns(varchar="id type name"),
    "ticket_types": columns(
        varchar="id type name description category", boolean="is_internal archived", bigint="created_at updated_at"
    ),
    "data_attributes": columns(
        varchar="model full_name id type name label description data_type",
        bigint="created_at updated_at",
        boolean="custom archived",
    ),
    "companies": columns(
        varchar="id type name company_id plan__id plan__name website industry",
        bigint="remote_created_at created_at updated_at last_request_at size session_count user_count",
        double="monthly_spend",
        json="custom_attributes",
    ),
    "company_tags": columns(varchar="company_id tag_id name"),
    "contacts": columns(
        varchar="id type external_id role email email_domain phone name owner_id language_override browser_language "
        "location__country location__city",
        boolean="has_hard_bounced marked_email_as_spam unsubscribed_from_emails",
        bigint="created_at updated_at signed_up_at last_seen_at last_replied_at last_contacted_at last_email_opened_at "
        "last_email_clicked_at",
        json="custom_attributes",
    ),
    "contact_tags": {"contact_id": TEXT, **TAGGING},
    "contact_companies": columns(varchar="contact_id company_id"),
    "conversations": columns(
        varchar="id type title state priority admin_assignee_id team_assignee_id conversation_rating__remark "
        "conversation_rating__contact__id conversation_rating__teammate__type conversation_rating__teammate__id "
        "source__type source__id source__delivered_as source__subject source__body source__url "
        "source__author__type source__author__id "
        "source__author__name source__author__email sla_applied__sla_name sla_applied__sla_status "
        "first_contact_reply__type statistics__last_closed_by_id ai_agent__resolution_state "
        "ai_agent__source_type",
        bigint="created_at updated_at waiting_since snoozed_until conversation_rating__rating "
        "conversation_rating__created_at first_contact_reply__created_at statistics__time_to_assignment "
        "statistics__time_to_admin_reply statistics__time_to_first_close statistics__time_to_last_close "
        "statistics__median_time_to_reply statistics__first_contact_reply_at statistics__first_assignment_at "
        "statistics__first_admin_reply_at statistics__first_close_at statistics__last_assignment_at "
        "statistics__last_assignment_admin_reply_at "
        "statistics__last_contact_reply_at statistics__last_admin_reply_at statistics__last_close_at "
        "statistics__handling_time statistics__count_reopens statistics__count_assignments "
        "statistics__count_conversation_parts conversation_parts__total_count",
        boolean="open read source__redacted ai_agent_participated",
        json="ticket custom_attributes",
    ),
    "conversation_parts": {"conversation_id": TEXT, **PART},
    "conversation_part_attachments": {"conversation_id": TEXT, **ATTACHMENT},
    "conversation_contacts": columns(varchar="conversation_id contact_id type external_id"),
    "conversation_teammates": columns(varchar="conversation_id admin_id type"),
    "conversation_tags": {"conversation_id": TEXT, **TAGGING},
    "conversation_linked_objects": columns(varchar="conversation_id linked_object_id type category"),
    "tickets": columns(
        varchar="id ticket_id type category ticket_state ticket_state_internal_label ticket_state_external_label "
        "ticket_type__id ticket_type__name ticket_type__category admin_assignee_id team_assignee_id company_id",
        bigint="created_at updated_at snoozed_until ticket_parts__total_count",
        boolean="open is_shared",
        json="ticket_attributes",
    ),
    "ticket_parts": {"ticket_id": TEXT, **PART, **columns(varchar="previous_ticket_state ticket_state")},
    "ticket_linked_objects": columns(varchar="ticket_id linked_object_id type category"),
    "ticket_contacts": columns(varchar="ticket_id contact_id type external_id"),
    "help_centers": columns(
        varchar="id workspace_id identifier display_name url custom_domain",
        bigint="created_at updated_at",
        boolean="website_turned_on",
    ),
    "collections": columns(
        varchar="id type workspace_id name description url icon default_locale parent_id help_center_id",
        bigint="created_at updated_at order",
        json="translated_content",
    ),
    "articles": columns(
        varchar="id type workspace_id title description body author_id state url parent_id parent_type default_locale "
        "statistics__type",
        bigint="created_at updated_at statistics__views statistics__conversations statistics__conversions "
        "statistics__reactions",
        double="statistics__happy_reaction_percentage statistics__neutral_reaction_percentage "
        "statistics__sad_reaction_percentage",
        json="parent_ids translated_content",
    ),
    "message_receipts": columns(
        date="received_on",
        varchar="receipt_id content_id ruleset_id ruleset_version_id content_type content_title user_id "
        "user_external_id company_id company_external_id email name series_id series_title node_id conversation_id",
        bigint="received_at first_reply first_completion first_series_completion first_series_disengagement "
        "first_series_exit first_goal_success first_open first_click first_dismisall first_dismissal "
        "first_unsubscribe first_hard_bounce first_soft_bounce first_spam_complaint",
    ),
    "data_events": columns(
        varchar="id contact_id type event_name user_id intercom_user_id email", bigint="created_at", json="metadata"
    ),
    "activity_logs": columns(
        varchar="id activity_type activity_description performed_by__type performed_by__id performed_by__email "
        "performed_by__ip",
        bigint="created_at",
        json="metadata",
    ),
    "unreadable_records": columns(varchar="entity id reason", bigint="first_seen_at last_seen_at tries"),
    "deleted_records": columns(varchar="entity id reason merged_into_id", bigint="noticed_at"),
    "forgotten_records": columns(varchar="entity id contact_id", bigint="forgotten_at completed_at count_rows"),
}


for kinds in RAW_TABLES.values():
    kinds["_dlt_load_id"] = TEXT  # the loader adds it to every row: the package that wrote the row


class RawRows:
    """Rows per raw table, written the way a support case is told: `conversation(...)`, then what happens in it."""

    def __init__(self, first_number=1000):
        self.tables = {name: [] for name in RAW_TABLES}
        self._numbers = itertools.count(first_number)

    def add(self, table, **values):
        assert values.keys() <= RAW_TABLES[table].keys(), values.keys() - RAW_TABLES[table].keys()
        self.tables[table].append(
            {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
        )

    def conversation(self, conversation_id, at, *, author=("user", "u1"), state=None, **values):
        """A conversation that a customer began; `author` is (type, id) of who wrote the opening message.

        One that a teammate began is closed until a customer answers. Its state, teammate and team follow what is told
        of it, unless they are given.
        """
        opened_by_customer = author[0] in ("user", "lead", "contact")
        begins = "closed" if author[0] == "admin" else "open"
        facts = {
            "id": conversation_id,
            "created_at": at,
            "updated_at": at,
            "state": state or begins,
            "open": (state or begins) != "closed",
            "source__type": "conversation",
            "source__id": f"s{conversation_id}",
            "source__delivered_as": "customer_initiated" if opened_by_customer else "admin_initiated",
            "source__body": "<p>hello</p>",
            "source__author__type": author[0],
            "source__author__id": author[1],
        }
        self.add("conversations", **facts | values)
        given = {*values, *(["state"] if state else [])}
        return Story(self, conversation_id, self.tables["conversations"][-1], given)

    def attribute(self, model, name, data_type="string", **values):
        """A custom attribute that the workspace has declared."""
        facts = {"model": model, "full_name": f"custom_attributes.{name}", "name": name, "data_type": data_type}
        self.add("data_attributes", **facts, custom=True, **values)

    def article(self, article_id, collection_id=None, *, at=0, state="published", views=None, **values):
        """An article in English, last changed `at`."""
        facts = {
            "id": article_id,
            "title": f"Article {article_id}",
            "state": state,
            "parent_id": collection_id,
            "parent_type": collection_id and "collection",
            "default_locale": "en",
            "created_at": at,
            "updated_at": at,
            "statistics__views": views,
        }
        self.add("articles", **facts | values)

    def receipt(self, content_id, at, **values):
        """A message that a contact received."""
        number = next(self._numbers)
        self.add(
            "message_receipts",
            receipt_id=str(number),
            content_id=content_id,
            ruleset_id="r1",
            content_title=values.pop("title", f"Content {content_id}"),
            received_at=at,
            **values,
        )

    def statements(self, schema):
        """SQL in DuckDB's words that creates every raw table and fills it."""
        for table, kinds in RAW_TABLES.items():
            declared = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
            yield f"create table {schema}.{table} ({declared})"
        yield from self.inserts(schema)

    def inserts(self, schema):
        """SQL in DuckDB's words that adds the rows of each raw table at once: a statement takes two milliseconds."""
        for table, rows in self.tables.items():
            names = dict.fromkeys(name for row in rows for name in row)
            values = (f"({', '.join(literal(row.get(name)) for name in names)})" for row in rows)
            if rows:
                quoted = ", ".join(f'"{name}"' for name in names)
                yield f"insert into {schema}.{table} ({quoted}) values {', '.join(values)}"


class Story:
    """What happens in one conversation, part by part; each method adds one part at a moment in epoch seconds."""

    def __init__(self, rows, conversation_id, conversation, given):
        self._rows = rows
        self._conversation_id = conversation_id
        self._conversation = conversation
        self._given = given
        self._is_unanswered = True

    def _becomes(self, **fields):
        self._conversation.update({name: value for name, value in fields.items() if name not in self._given})
        return self

    def part(self, part_type, at, author, body=None, *, to=None, part_id=None, **values):
        self._rows.add(
            "conversation_parts",
            conversation_id=self._conversation_id,
            id=part_id or str(next(self._rows._numbers)),
            part_type=part_type,
            body=body,
            created_at=at,
            updated_at=at,
            author__type=author[0],
            author__id=author[1],
            assigned_to__type=to and to[0],
            assigned_to__id=to and to[1],
            **values,
        )
        return self

    def knows(self, **facts):
        """The conversation has these fields."""
        self._conversation.update(facts)
        return self

    def asks(self, at, customer="u1", **values):
        """The first answer to a message of ours is the part that opens the conversation."""
        is_first = self._is_unanswered and self._conversation["source__author__type"] == "admin"
        self._is_unanswered = False
        part_type = "open" if is_first else "comment"
        return self.part(part_type, at, ("user", customer), "<p>and?</p>", **values)._becomes(state="open", open=True)

    def replies(self, at, admin="a1", **values):
        return self.part("comment", at, ("admin", admin), "<p>like this</p>", **values)

    def bot_replies(self, at, name="Operator", **values):
        return self.part("comment", at, ("bot", "b1"), "<p>beep</p>", author__name=name, **values)

    def notes(self, at, admin="a1"):
        return self.part("note", at, ("admin", admin), "<p>between us</p>")

    def assigns(self, at, to, by=("admin", "a1"), part_type="assignment", **values):
        self.part(part_type, at, by, to=to, **values)
        if to[0] == "team":
            self._becomes(team_assignee_id=to[1])
        return self._becomes(admin_assignee_id=to[1] if to[0] == "admin" else None)

    def closes(self, at, by=("admin", "a1"), body=None, **values):
        return self.part("close", at, by, body, **values)._becomes(state="closed", open=False)

    def reopens(self, at, by=("admin", "a1"), **values):
        return self.part("open", at, by, **values)._becomes(state="open", open=True)

    def snoozes(self, at, by=("admin", "a1")):
        return self.part("snoozed", at, by)._becomes(state="snoozed", open=True)


def literal(value):
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
