-- One row per conversation: who, where, how long until the reply and the close, and how it went.
-- incremental: conversation_id
with

conversations as (
    select
        stg_conversations.*,
        opening.author_role as opened_by_role,
        opening.author_role = 'customer'
        and coalesce(stg_conversations.source_delivered_as, '') = 'customer_initiated' as is_customer_initiated,
        coalesce(stg_conversations.state = 'closed', false) as is_closed
    from stg_conversations
    inner join int_events as opening
        on stg_conversations.conversation_id = opening.conversation_id and opening.seq = 0
),

turn_counts as (
    select conversation_id, count(*) as count_turns
    from int_turns
    group by conversation_id
),

owners as (
    select
        *,
        lag(admin_id) over (partition by conversation_id order by span) as previous_admin_id,
        lag(team_id) over (partition by conversation_id order by span) as previous_team_id
    from int_assignment_spans
),

ownership as (
    select
        conversation_id,
        cast(sum(case when admin_id is not null then open_seconds else 0 end) as bigint) as handling_seconds,
        cast(
            sum(case when admin_id <> previous_admin_id then 1 else 0 end)
            + sum(case when team_id <> previous_team_id then 1 else 0 end) as bigint
        ) as count_handovers
    from owners
    group by conversation_id
),

customer_conversations as (
    select int_conversation_people.contact_id, conversations.created_at_epoch
    from conversations
    inner join int_conversation_people on conversations.conversation_id = int_conversation_people.conversation_id
    where conversations.is_customer_initiated and int_conversation_people.contact_id is not null
),

returns as (
    -- a contact who writes anew within 7 days of the last close was not helped for good
    select int_conversation_rollup.conversation_id, count(*) as count_returns
    from int_conversation_rollup
    inner join int_conversation_people
        on int_conversation_rollup.conversation_id = int_conversation_people.conversation_id
    inner join customer_conversations
        on int_conversation_people.contact_id = customer_conversations.contact_id
        and customer_conversations.created_at_epoch > int_conversation_rollup.last_close_at_epoch
        and customer_conversations.created_at_epoch <= int_conversation_rollup.last_close_at_epoch + 604800
    group by int_conversation_rollup.conversation_id
)

select
    conversations.conversation_id,
    conversations.title,
    coalesce(conversations.source_type, 'unknown') as channel,
    conversations.source_delivered_as as delivered_as,
    conversations.source_subject as subject,
    conversations.opened_by_role,  -- customer, teammate, bot, team or other
    conversations.is_customer_initiated,  -- a customer wrote first, not in answer to a campaign
    people.contact_id,  -- who wrote the opening message, else the first contact
    people.company_id,  -- the contact's only company, else NULL
    conversations.state,  -- open, closed or snoozed
    conversations.is_closed,
    conversations.priority,
    conversations.admin_assignee_id,
    conversations.team_assignee_id,
    int_conversation_tags.tags,  -- names as they are now in alphabetical order, separated by ', '

    conversations.created_at,
    conversations.created_at_epoch,
    local_slots.day as created_on,  -- in the workspace's time zone
    local_slots.hour as created_hour,
    local_slots.weekday as created_weekday,  -- 1 Monday to 7 Sunday
    conversations.updated_at,
    to_timestamp(rollup.first_reply_at_epoch) as first_reply_at,
    rollup.first_reply_at_epoch,
    to_timestamp(rollup.last_reply_at_epoch) as last_reply_at,
    to_timestamp(rollup.last_customer_message_at_epoch) as last_customer_message_at,
    to_timestamp(rollup.first_close_at_epoch) as first_close_at,
    rollup.first_close_at_epoch,
    to_timestamp(rollup.last_close_at_epoch) as last_close_at,
    rollup.last_close_at_epoch,
    to_timestamp(rollup.first_reopen_at_epoch) as first_reopen_at,
    rollup.first_reopen_at_epoch,
    rollup.last_closed_by_admin_id,
    rollup.last_closed_by_role,

    -- seconds from created_at, never negative
    case
        when conversations.is_customer_initiated then rollup.first_reply_at_epoch - conversations.created_at_epoch
    end as first_response_seconds,  -- to the first reply of a teammate; customer-initiated conversations only
    case
        when conversations.is_customer_initiated then rollup.first_reply_business_seconds
    end as first_response_business_seconds,  -- the same in the working hours of the conversation's team
    rollup.first_close_at_epoch - conversations.created_at_epoch as first_close_seconds,
    rollup.last_close_at_epoch - conversations.created_at_epoch as last_close_seconds,
    case
        when conversations.is_closed then rollup.last_close_at_epoch - conversations.created_at_epoch
    end as resolution_seconds,  -- to the last close, while the conversation stays closed
    case when conversations.is_closed then rollup.last_close_business_seconds end as resolution_business_seconds,
    coalesce(ownership.handling_seconds, 0) as handling_seconds,  -- open and assigned to a teammate, all teammates together

    rollup.count_replies,
    rollup.count_customer_messages,
    rollup.count_bot_replies,
    rollup.count_notes,
    rollup.count_replying_admins,
    rollup.count_assignments,
    rollup.count_closes,
    rollup.count_reopens,
    coalesce(turn_counts.count_turns, 0) as count_turns,
    coalesce(ownership.count_handovers, 0) as count_handovers,  -- from one teammate, or one team, to another

    -- how it went
    conversations.is_closed and rollup.count_closes = 1
    and rollup.count_replying_admins = 1 as is_closed_on_first_contact,  -- closed once, one teammate replied
    conversations.is_closed and rollup.count_replies = 1
    and rollup.count_reopens = 0 as is_one_touch,  -- closed after exactly one reply, never reopened
    case
        when conversations.is_closed
            and people.contact_id is not null
            and rollup.last_close_at_epoch + 604800 <= build_clock.now_epoch
            then returns.count_returns is null
    end as is_resolved_no_return,  -- the contact did not write anew within 7 days; NULL until these have passed, and without a contact
    conversations.is_customer_initiated and conversations.is_closed
    and rollup.count_bot_replies > 0 and rollup.count_replies = 0
    and rollup.count_assignments_to_teammates = 0
    and conversations.admin_assignee_id is null as is_deflected_by_bot,  -- closed with bot replies and without a teammate
    rollup.has_fin or coalesce(conversations.is_ai_agent_involved, false) as has_fin,
    conversations.sla_name,
    conversations.sla_status,
    conversations.rating,
    conversations.rating_remark,
    conversations.rated_at,
    conversations.rated_at_epoch,
    conversations.rating_admin_id as rated_admin_id,  -- the teammate whom the rating names
    conversations.is_closed and rollup.count_replies > 0 as is_rateable,  -- closed with a reply: a rating could be expected

    -- the definitions of Fivetran's dbt_intercom, in its minutes
    compat.count_total_parts as compat_count_total_parts,
    compat.count_assignments as compat_count_assignments,
    compat.count_reopens as compat_count_reopens,
    compat.first_contact_reply_at as compat_first_contact_reply_at,
    compat.last_contact_reply_at as compat_last_contact_reply_at,
    compat.first_admin_response_at as compat_first_admin_response_at,
    compat.last_admin_response_at as compat_last_admin_response_at,
    compat.first_close_at as compat_first_close_at,
    compat.last_close_at as compat_last_close_at,
    compat.first_admin_close_at as compat_first_admin_close_at,
    compat.last_admin_close_at as compat_last_admin_close_at,
    compat.time_to_first_response_minutes as compat_time_to_first_response_minutes,
    compat.time_to_first_assignment_minutes as compat_time_to_first_assignment_minutes,
    compat.time_to_last_assignment_minutes as compat_time_to_last_assignment_minutes,
    compat.time_to_first_close_minutes as compat_time_to_first_close_minutes,
    compat.time_to_last_close_minutes as compat_time_to_last_close_minutes,
    compat.time_to_admin_first_close_minutes as compat_time_to_admin_first_close_minutes,
    compat.time_to_admin_last_close_minutes as compat_time_to_admin_last_close_minutes,
    conversations.rating as compat_conversation_rating
from conversations
cross join build_clock
inner join int_conversation_rollup as rollup on conversations.conversation_id = rollup.conversation_id
inner join int_conversation_people as people on conversations.conversation_id = people.conversation_id
inner join int_conversation_compat as compat on conversations.conversation_id = compat.conversation_id
left join local_slots on cast(floor(conversations.created_at_epoch / 900) as bigint) = local_slots.slot_id
left join int_conversation_tags on conversations.conversation_id = int_conversation_tags.conversation_id
left join ownership on conversations.conversation_id = ownership.conversation_id
left join turn_counts on conversations.conversation_id = turn_counts.conversation_id
left join returns on conversations.conversation_id = returns.conversation_id
