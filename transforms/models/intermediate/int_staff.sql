-- One row per id that ever wrote, was assigned or closed last, or is listed as a teammate: teammates, departed ones too, and bots.
with

authors as (
    select
        author_id as staff_id, author_type as type, author_email as email, author_name as name, created_at_epoch as named_at_epoch
    from stg_conversation_parts
    union all
    select
        source_author_id as staff_id,
        source_author_type as type,
        source_author_email as email,
        source_author_name as name,
        created_at_epoch as named_at_epoch
    from stg_conversations
    union all
    select
        author_id as staff_id, author_type as type, author_email as email, author_name as name, created_at_epoch as named_at_epoch
    from stg_ticket_parts
    union all
    select admin_id as staff_id, 'admin' as type, email, name, 0 as named_at_epoch
    from stg_admins
),

-- Operator may write, and be listed, as a teammate of an address of its own
typed_authors as (
    select
        staff_id, case when lower(email) like 'operator+%@intercom.io' then 'bot' else type end as type, name, named_at_epoch
    from authors
),

-- who was assigned or closed last: these fields hold no name; whom a rating names may be nobody, where a workflow asked for it
mentions as (
    select assigned_to_id as staff_id, assigned_to_type as type from stg_conversation_parts
    union all
    select assigned_to_id as staff_id, assigned_to_type as type from stg_ticket_parts
    union all
    select admin_assignee_id as staff_id, 'admin' as type from stg_conversations
    union all
    select statistics_last_closed_by_id as staff_id, 'admin' as type from stg_conversations
    union all
    select admin_assignee_id as staff_id, 'admin' as type from stg_tickets
),

sightings as (
    select staff_id, type, name, max(named_at_epoch) as named_at_epoch
    from typed_authors
    where type in ('admin', 'bot') and staff_id is not null
    group by staff_id, type, name
    union all
    select distinct staff_id, type, cast(null as varchar) as name, 0 as named_at_epoch
    from mentions
    where type in ('admin', 'bot') and staff_id is not null
),

with_places as (
    -- the newest name that is one; of two in the same second, the later in the alphabet
    select
        sightings.*,
        row_number() over (
            partition by staff_id
            order by case when name is null then 0 else 1 end desc, named_at_epoch desc, name desc
        ) as place
    from sightings
),

seen as (
    select
        staff_id,
        max(case when type = 'bot' then 1 else 0 end) as is_seen_as_bot,
        max(case when place = 1 then name end) as last_name
    from with_places
    group by staff_id
)

select
    seen.staff_id,
    coalesce(stg_admins.name, seen.last_name) as name,  -- as it is now; of those who have left, as their last parts hold it
    seen.is_seen_as_bot = 1 as is_bot,  -- once a bot, never a teammate, whatever type other records give it
    seen.is_seen_as_bot = 0 and stg_admins.admin_id is null as is_departed  -- a teammate whom the workspace no longer lists
from seen
left join stg_admins on seen.staff_id = stg_admins.admin_id
