-- One row per conversation that exists in Intercom: what its rows in the models are made from, to be compared with last time.
-- view: it is read once
-- incremental: conversation_id
with

part_loads as (
    select conversation_id, count(*) as count_parts, max(load_id) as last_load_id
    from stg_conversation_parts
    group by conversation_id
),

attachment_counts as (
    select conversation_id, count(*) as count_attachments
    from stg_conversation_part_attachments
    group by conversation_id
),

-- the names in addition to their ids: two tags may swap their names
named_tags as (
    select conversation_id, load_id, tag_id || ' ' || coalesce(tag_name, '') as named_tag
    from int_named_tags
),

tag_loads as (
    select
        conversation_id,
        count(*) as count_tags,
        max(load_id) as last_load_id,
        max(named_tag) as last_named_tag
    from named_tags
    group by conversation_id
),

-- most have one tag at most, and to sort a list of one for each of them takes its time
tag_lists as (
    select
        named_tags.conversation_id,
        string_agg(named_tags.named_tag, ', ' order by named_tags.named_tag) as tags
    from named_tags
    inner join tag_loads on named_tags.conversation_id = tag_loads.conversation_id
    where tag_loads.count_tags > 1
    group by named_tags.conversation_id
)

select
    stg_conversations.conversation_id,
    int_conversation_people.contact_id,
    -- between which moments the customer began it (asked_at), where it may be an inbound one: exactly when, its parts tell
    case
        when int_conversation_people.is_begun_by_us then null
        when stg_conversations.statistics_first_contact_reply_at_epoch < stg_conversations.created_at_epoch
            then stg_conversations.statistics_first_contact_reply_at_epoch
        when stg_conversations.first_contact_reply_at_epoch < stg_conversations.created_at_epoch
            then stg_conversations.first_contact_reply_at_epoch
        else stg_conversations.created_at_epoch
    end as asked_from_epoch,  -- NULL: we began it
    case
        when stg_conversations.source_author_type in ('user', 'lead', 'contact') then stg_conversations.created_at_epoch
    end as asked_to_epoch,  -- NULL: whenever after that
    concat(
        coalesce(stg_conversations.load_id, ''), ' ',
        coalesce(part_loads.last_load_id, ''), ' ',
        cast(coalesce(part_loads.count_parts, 0) as varchar), ' ',
        cast(coalesce(attachment_counts.count_attachments, 0) as varchar), ' ',
        coalesce(tag_loads.last_load_id, ''), ' ',
        cast(coalesce(tag_loads.count_tags, 0) as varchar), ' ',
        coalesce(int_conversation_people.contact_id, ''), ' ',
        coalesce(int_conversation_people.company_id, ''), ' ',
        coalesce(tag_lists.tags, tag_loads.last_named_tag, ''), ' ',
        coalesce(stg_contacts.name, ''), ' ',
        coalesce(stg_contacts.email, ''), ' ',
        coalesce(stg_companies.name, ''), ' ',
        -- whom the rating names may turn out to be a teammate, or a bot, only later
        coalesce(case when rated.is_bot then 'bot' else rated.staff_id end, '')
    ) as version  -- loads that wrote the rows, and what changes without one
from stg_conversations
inner join int_conversation_people
    on stg_conversations.conversation_id = int_conversation_people.conversation_id
left join part_loads on stg_conversations.conversation_id = part_loads.conversation_id
left join attachment_counts on stg_conversations.conversation_id = attachment_counts.conversation_id
left join tag_loads on stg_conversations.conversation_id = tag_loads.conversation_id
left join tag_lists on stg_conversations.conversation_id = tag_lists.conversation_id
left join stg_contacts on int_conversation_people.contact_id = stg_contacts.contact_id
left join stg_companies on int_conversation_people.company_id = stg_companies.company_id
left join int_staff as rated on stg_conversations.rating_admin_id = rated.staff_id
