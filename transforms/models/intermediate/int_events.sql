-- One row per event of a conversation: the opening message (seq 0), then every part, by time and within a second by part id.
-- incremental: conversation_id
with

part_attachments as (
    select conversation_id, part_id, count(*) as count_attachments
    from stg_conversation_part_attachments
    group by conversation_id, part_id
),

opening_messages as (
    select
        conversation_id,
        'source' as event_id,
        'source' as part_type,
        0 as is_part,
        created_at_epoch as at_epoch,
        -- some channels name no author: the way it was delivered says that a customer wrote
        case
            when source_author_type is null and source_delivered_as = 'customer_initiated' then 'user'
            else source_author_type
        end as author_type,
        source_author_id as author_id,
        source_author_name as author_name,
        cast(null as varchar) as assigned_to_type,
        cast(null as varchar) as assigned_to_id,
        true as has_content
    from stg_conversations
),

parts as (
    select
        stg_conversation_parts.conversation_id,
        stg_conversation_parts.part_id as event_id,
        coalesce(stg_conversation_parts.part_type, '') as part_type,
        1 as is_part,
        -- nothing happens to a conversation before it exists
        case
            when stg_conversation_parts.created_at_epoch < stg_conversations.created_at_epoch
                then stg_conversations.created_at_epoch
            else stg_conversation_parts.created_at_epoch
        end as at_epoch,
        stg_conversation_parts.author_type,
        stg_conversation_parts.author_id,
        stg_conversation_parts.author_name,
        stg_conversation_parts.assigned_to_type,
        stg_conversation_parts.assigned_to_id,
        -- a redacted message has lost its text, but it was written
        stg_conversation_parts.body is not null
        or coalesce(stg_conversation_parts.is_redacted, false)
        or part_attachments.count_attachments is not null as has_content
    from stg_conversation_parts
    inner join stg_conversations
        on stg_conversation_parts.conversation_id = stg_conversations.conversation_id
    left join part_attachments
        on stg_conversation_parts.conversation_id = part_attachments.conversation_id
        and stg_conversation_parts.part_id = part_attachments.part_id
),

all_events as (
    select * from opening_messages
    union all
    select * from parts
),

with_roles as (
    select
        *,
        case
            when author_type in ('user', 'lead', 'contact') then 'customer'
            when author_type = 'admin' then 'teammate'
            when author_type = 'bot' then 'bot'
            when author_type = 'team' then 'team'
            else 'other'
        end as author_role,
        part_type like '%assign%' as is_assignment,
        part_type like 'note%' as is_note,
        part_type in ('source', 'comment', 'quick_reply') as is_message_type
    from all_events
),

with_messages as (
    select
        *,
        -- an answer to a bot's form has no text, but is the customer's
        author_role = 'customer'
        and (is_message_type or part_type = 'attribute_collected' or (part_type = 'open' and has_content))
            as is_customer_message,
        author_role = 'teammate' and is_part = 1 and has_content and not is_note and part_type <> 'call_summary' as is_reply,
        author_role = 'bot' and is_part = 1 and has_content
        and (is_message_type or is_assignment or part_type in ('open', 'close', 'snoozed')) as is_bot_reply,
        case
            when part_type = 'close' then 'close'
            when part_type = 'open' or part_type like '%and_reopen' then 'reopen'
            when part_type = 'snoozed' then 'snooze'
            when part_type in ('unsnoozed', 'timer_unsnooze') or part_type like '%and_unsnooze' then 'unsnooze'
            when is_assignment then 'assign'
            when is_note then 'note'
        end as action
    from with_roles
),

with_order as (
    select
        *,
        -- ids are numbers written as text: the longer one is the greater one
        row_number() over (
            partition by conversation_id order by is_part, at_epoch, length(event_id), event_id
        ) - 1 as seq,
        case
            when is_part = 0 then 0
            when action = 'close' then 1
            when action = 'snooze' then 2
            when action in ('reopen', 'unsnooze') or is_customer_message then 0
        end as state_set  -- 0 open, 1 closed, 2 snoozed; NULL: the event leaves the state as it was
    from with_messages
),

with_states as (
    select
        *,
        -- the last event that set a state has the greatest number, and its remainder is the state
        max(seq * 4 + state_set) over (
            partition by conversation_id order by seq rows between unbounded preceding and current row
        ) % 4 as code_after,
        max(seq * 4 + state_set) over (
            partition by conversation_id order by seq rows between unbounded preceding and 1 preceding
        ) % 4 as code_before
    from with_order
)

select
    with_states.conversation_id,
    with_states.event_id,  -- id of the part; 'source' for the opening message
    cast(with_states.seq as bigint) as seq,  -- 0 is the opening message
    to_timestamp(with_states.at_epoch) as at,
    with_states.at_epoch,
    -- business seconds of the conversation's schedule until then, from a fixed day on: subtract two of them
    business_slots.open_seconds_before
    + business_slots.is_open * (with_states.at_epoch - 900 * business_slots.slot_id) as business_clock_seconds,
    -- what the event did to the conversation, else what was said; a close with a text is 'close' and is_reply
    case
        when with_states.action is not null then with_states.action
        when with_states.is_customer_message then 'customer_message'
        when with_states.is_reply then 'reply'
        when with_states.is_bot_reply then 'bot_reply'
        else 'other'
    end as kind,
    with_states.part_type,  -- Intercom's word; 'source' for the opening message
    with_states.author_role,  -- customer, teammate, bot, team or other
    with_states.author_id,
    with_states.is_customer_message,  -- the opening by a customer, or a comment, quick reply or reopening text by one
    with_states.is_reply,  -- a teammate's part with text or file that is not a note
    with_states.is_bot_reply,  -- a bot's part with text or file that is not a note
    with_states.is_assignment,
    with_states.author_role = 'bot'
    and coalesce(
        lower(with_states.author_name) = 'fin' or lower(with_states.author_name) like 'fin %', false
    ) as is_fin,
    case
        when not with_states.is_assignment or with_states.assigned_to_type is null then null
        when with_states.assigned_to_type = 'admin' then 'teammate'
        when with_states.assigned_to_type in ('team', 'bot') then with_states.assigned_to_type
        else 'nobody'
    end as to_role,  -- of an assignment: teammate, team, bot or nobody
    case
        when with_states.is_assignment and with_states.assigned_to_type = 'admin' then with_states.assigned_to_id
    end as to_admin_id,
    case
        when with_states.is_assignment and with_states.assigned_to_type = 'team' then with_states.assigned_to_id
    end as to_team_id,
    case with_states.code_before when 0 then 'open' when 1 then 'closed' when 2 then 'snoozed' end as state_before,
    case with_states.code_after when 0 then 'open' when 1 then 'closed' when 2 then 'snoozed' end as state_after
from with_states
inner join int_conversation_clocks
    on with_states.conversation_id = int_conversation_clocks.conversation_id
left join business_slots
    on int_conversation_clocks.schedule_id = business_slots.schedule_id
    and cast(floor(with_states.at_epoch / 900) as bigint) = business_slots.slot_id
