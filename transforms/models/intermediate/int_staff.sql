-- One row per id that ever wrote, was assigned, was rated or is listed as a teammate: teammates, departed ones too, and bots.
with

sightings as (
    select
        author_id as staff_id,
        case when author_type = 'bot' then 1 else 0 end as is_seen_as_bot,
        author_name as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_conversation_parts
    where author_type in ('admin', 'bot') and author_id is not null
    group by author_id, case when author_type = 'bot' then 1 else 0 end, author_name
    union all
    select
        source_author_id as staff_id,
        case when source_author_type = 'bot' then 1 else 0 end as is_seen_as_bot,
        source_author_name as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_conversations
    where source_author_type in ('admin', 'bot') and source_author_id is not null
    group by source_author_id, case when source_author_type = 'bot' then 1 else 0 end, source_author_name
    union all
    select
        assigned_to_id as staff_id,
        case when assigned_to_type = 'bot' then 1 else 0 end as is_seen_as_bot,
        cast(null as varchar) as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_conversation_parts
    where assigned_to_type in ('admin', 'bot') and assigned_to_id is not null
    group by assigned_to_id, case when assigned_to_type = 'bot' then 1 else 0 end
    union all
    select
        author_id as staff_id,
        case when author_type = 'bot' then 1 else 0 end as is_seen_as_bot,
        author_name as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_ticket_parts
    where author_type in ('admin', 'bot') and author_id is not null
    group by author_id, case when author_type = 'bot' then 1 else 0 end, author_name
    union all
    select
        assigned_to_id as staff_id,
        case when assigned_to_type = 'bot' then 1 else 0 end as is_seen_as_bot,
        cast(null as varchar) as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_ticket_parts
    where assigned_to_type in ('admin', 'bot') and assigned_to_id is not null
    group by assigned_to_id, case when assigned_to_type = 'bot' then 1 else 0 end
    union all
    select
        admin_assignee_id as staff_id,
        0 as is_seen_as_bot,
        cast(null as varchar) as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_conversations
    where admin_assignee_id is not null
    group by admin_assignee_id
    union all
    select
        rating_admin_id as staff_id,
        0 as is_seen_as_bot,
        cast(null as varchar) as name,
        max(rating_requested_at_epoch) as seen_at_epoch
    from stg_conversations
    where rating_admin_id is not null
    group by rating_admin_id
    union all
    select
        statistics_last_closed_by_id as staff_id,
        0 as is_seen_as_bot,
        cast(null as varchar) as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_conversations
    where statistics_last_closed_by_id is not null
    group by statistics_last_closed_by_id
    union all
    select
        admin_assignee_id as staff_id,
        0 as is_seen_as_bot,
        cast(null as varchar) as name,
        max(created_at_epoch) as seen_at_epoch
    from stg_tickets
    where admin_assignee_id is not null
    group by admin_assignee_id
    union all
    select
        admin_id as staff_id,
        0 as is_seen_as_bot,
        name,
        0 as seen_at_epoch
    from stg_admins
),

with_places as (
    -- the newest name that is one; of two in the same second, the later in the alphabet
    select
        sightings.*,
        row_number() over (
            partition by staff_id
            order by case when name is null then 0 else 1 end desc, seen_at_epoch desc, name desc
        ) as place
    from sightings
),

seen as (
    select
        staff_id,
        max(is_seen_as_bot) as is_seen_as_bot,
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
