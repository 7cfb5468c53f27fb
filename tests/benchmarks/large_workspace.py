"""Raw tables of a large workspace, written by DuckDB itself: a support desk of two years in a few seconds."""

from dataclasses import dataclass

from tests.support.warehouse.raw_tables import RAW_TABLES

CONVERSATIONS = 190_000
PARTS = 1_330_000
FIRST_DAY = 1_654_041_600  # 2022-06-01 UTC
LAST_DAY = 1_717_200_000  # 2024-06-01 UTC
LOAD_ID = "1717200000.0"

CONVERSATION_ROWS = """
    select
        cast(n as varchar) as id,
        {first} + cast(n * ({last} - {first}) / {conversations} as bigint) as created_at,
        created_at + 86400 as updated_at,
        case when n > {conversations} * 0.99 and n % 3 = 0 then 'open'
            when n > {conversations} * 0.98 and n % 17 = 0 then 'snoozed' else 'closed' end as state,
        state = 'open' as open,
        case when n % 11 = 0 then 'priority' else 'not_priority' end as priority,
        case when n % 5 < 4 then 'a' || (n % 40) end as admin_assignee_id,
        case when n % 7 < 5 then 't' || (n % 6) end as team_assignee_id,
        case n % 4 when 0 then 'email' when 1 then 'whatsapp' else 'conversation' end as source__type,
        's' || n as source__id,
        case when n % 9 = 0 then 'admin_initiated' else 'customer_initiated' end as source__delivered_as,
        repeat('words of a customer ', 10) as source__body,
        case when n % 9 = 0 then 'admin' else 'user' end as source__author__type,
        case when n % 9 = 0 then 'a' || (n % 40) else 'c' || (hash(n) % {contacts}) end as source__author__id,
        case when n % 6 = 0 then 1 + n % 5 end as conversation_rating__rating,
        case when n % 6 = 0 then created_at + 90000 end as conversation_rating__created_at,
        case when n % 8 = 0 then 'gold' end as sla_applied__sla_name,
        case when n % 8 = 0 then (case when n % 3 = 0 then 'missed' else 'hit' end) end as sla_applied__sla_status,
        1 + cast({parts} / {conversations} as bigint) as statistics__count_conversation_parts,
        0 as statistics__count_reopens,
        0 as statistics__count_assignments,
        '{load_id}' as _dlt_load_id
    from range({conversations}) as numbers(n)
"""

# Seven parts to a conversation on average: it is assigned, asked, answered, and closed; some are opened again.
PART_ROWS = """
    select
        cast(n // {each} as varchar) as conversation_id,
        cast(1000000 + n as varchar) as id,
        n % {each} as place,
        case place when 0 then 'assignment' when {each} - 1 then 'close'
            else (case (hash(n) % 12) when 0 then 'note' when 1 then 'open' when 2 then 'close' when 3 then 'assignment'
                when 4 then 'snoozed' else 'comment' end) end as part_type,
        case when part_type in ('comment', 'note') then repeat('what was said about it ', 12) end as body,
        {first} + cast((n // {each}) * ({last} - {first}) / {conversations} as bigint)
            + place * 3600 + cast(hash(n) % 3000 as bigint) as created_at,
        created_at as updated_at,
        case when part_type = 'comment' and place % 2 = 1 then 'user'
            when hash(n) % 10 = 0 then 'bot' else 'admin' end as author__type,
        case author__type when 'user' then 'c' || (hash(n // {each}) % {contacts}) when 'bot' then 'b'
            else 'a' || (hash(n) % 40) end as author__id,
        case when part_type = 'assignment' then (case when hash(n) % 3 = 0 then 'team' else 'admin' end) end
            as assigned_to__type,
        case assigned_to__type when 'team' then 't' || (hash(n) % 6) when 'admin' then 'a' || (hash(n) % 40) end
            as assigned_to__id,
        false as redacted,
        '{load_id}' as _dlt_load_id
    from range({parts}) as numbers(n)
"""

OTHER_ROWS = {
    "workspace": "select 'w' as id_code, 'Europe/Berlin' as timezone",
    "admins": "select 'a' || n as id, 'Admin ' || n as name from range(38) as numbers(n)",
    "teams": "select 't' || n as id, 'Team ' || n as name from range(6) as numbers(n)",
    "team_admins": "select 't' || (n % 6) as team_id, 'a' || n as admin_id from range(38) as numbers(n)",
    "contacts": "select 'c' || n as id, 'user' as role, 'Contact ' || n as name, {first} as created_at, "
    "{last} as updated_at from range({contacts}) as numbers(n)",
    "contact_companies": "select 'c' || n as contact_id, 'k' || (n % 4000) as company_id "
    "from range({contacts}) as numbers(n) where n % 3 > 0",
    "companies": "select 'k' || n as id, 'Company ' || n as name, n % 900 as user_count from range(4000) as numbers(n)",
    "conversation_contacts": "select id as conversation_id, case source__author__type when 'user' "
    "then source__author__id else 'c' || (hash(id) % {contacts}) end as contact_id, _dlt_load_id "
    "from {schema}.conversations",
    "conversation_tags": "select id as conversation_id, 'g' || (hash(id) % 60) as tag_id, 'Tag ' || tag_id as name, "
    "_dlt_load_id from {schema}.conversations",
    "conversation_part_attachments": "select conversation_id, id as conversation_part_id, 0 as position, _dlt_load_id "
    "from {schema}.conversation_parts where hash(id) % 20 = 0",
}


# Of a hundredth of the conversations the fields contradict the parts, and what no part shows has to be inferred.
OWNERS = """
    update {schema}.conversations as conversations
    set admin_assignee_id = owners.admin_id, team_assignee_id = owners.team_id
    from (
        select
            conversation_id,
            case arg_max(assigned_to__type, created_at) when 'admin' then arg_max(assigned_to__id, created_at) end
                as admin_id,
            arg_max(assigned_to__id, created_at) filter (assigned_to__type = 'team') as team_id
        from {schema}.conversation_parts
        where part_type = 'assignment'
        group by conversation_id
    ) as owners
    where conversations.id = owners.conversation_id and cast(conversations.id as integer) % 100 > 0
"""

# Intercom's statistics are true of a conversation's parts: without them, each night would compare millions of figures
# that differ, which no real workspace has.
MOMENTS = [
    "first_contact_reply",
    "last_contact_reply",
    "first_admin_reply",
    "last_admin_reply",
    "first_assignment",
    "last_assignment",
    "last_assignment_admin_reply",
    "first_close",
    "last_close",
]
DURATIONS = [
    "time_to_assignment",
    "time_to_admin_reply",
    "time_to_first_close",
    "time_to_last_close",
    "median_time_to_reply",
]
OURS = {
    "last_closed_by_id": "last_closed_by_admin_id",
    "count_reopens": "count_reopens",
    "count_assignments": "count_assignments",
    **{f"{name}_at": f"{name}_at_epoch" for name in MOMENTS},
    **{name: f"{name}_seconds" for name in DURATIONS},
}
STATISTICS = """
    update intercom_raw.conversations as conversations set {figures}
    from intercom_staging.int_conversation_statistics as ours
    where conversations.id = ours.conversation_id
""".format(figures=", ".join(f"statistics__{theirs} = ours.{ours}" for theirs, ours in OURS.items()))


@dataclass(frozen=True)
class Size:
    """How large the workspace is."""

    conversations: int = CONVERSATIONS
    parts: int = PARTS

    @property
    def facts(self):
        return {
            "conversations": self.conversations,
            "parts": self.parts,
            "each": self.parts // self.conversations,
            "contacts": max(self.conversations // 3, 1),
            "first": FIRST_DAY,
            "last": LAST_DAY,
            "load_id": LOAD_ID,
        }


def statements(schema, size):
    """Yield the SQL, in DuckDB's words, that creates every raw table and fills it."""
    rows = {"conversations": CONVERSATION_ROWS, "conversation_parts": PART_ROWS, **OTHER_ROWS}
    yield f"create schema if not exists {schema}"
    for table, kinds in RAW_TABLES.items():
        declared = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        yield f"create table {schema}.{table} ({declared})"
    for table, select in rows.items():
        query = select.format(schema=schema, **size.facts)
        yield f"create temp table made as {query}"
        yield "alter table made drop column if exists place"
        yield f"insert into {schema}.{table} by name select * from made"
        yield "drop table made"
    yield OWNERS.format(schema=schema)
