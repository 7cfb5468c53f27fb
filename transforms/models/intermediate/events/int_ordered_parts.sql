-- One row per opening message and part: who wrote it, what it does, and its place in the conversation.
-- One number carries a moment and a code. A place is the position of an event in its conversation, in steps of 8: `place + code` sorts
-- like the place, so that the least and the greatest of many are the first and the last, and its remainder by 8 is the code.
-- action_code: 1 close, 2 snooze, 3 reopen, 4 unsnooze, which set the state; 5 assign, 6 note; 7 open, for the first opening of a
-- conversation that began closed; NULL: none of these.
-- state_set: 0 open, 1 closed, 2 snoozed; NULL: the event leaves the state as it was. A state_code is the state after an event.
-- ephemeral: int_events would be too long in one file
with

part_attachments as (
    select conversation_id, part_id, count(*) as count_attachments
    from stg_conversation_part_attachments
    group by conversation_id, part_id
),

bots as (
    select staff_id from int_staff where is_bot
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
    from int_classified_conversations as conversations
),

parts as (
    select
        stg_conversation_parts.conversation_id,
        stg_conversation_parts.part_id as event_id,
        coalesce(stg_conversation_parts.part_type, '') as part_type,
        1 as is_part,
        -- nothing happens to a conversation before it exists
        case
            when stg_conversation_parts.created_at_epoch < conversations.created_at_epoch
                then conversations.created_at_epoch
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
    inner join int_classified_conversations as conversations
        on stg_conversation_parts.conversation_id = conversations.conversation_id
    left join part_attachments
        on stg_conversation_parts.conversation_id = part_attachments.conversation_id
        and stg_conversation_parts.part_id = part_attachments.part_id
    where stg_conversation_parts.created_at_epoch is not null  -- what has no time has no place
),

messages_and_parts as (
    select * from opening_messages
    union all
    select * from parts
),

with_roles as (
    select
        messages_and_parts.*,
        case
            when messages_and_parts.author_type in ('user', 'lead', 'contact') then 'customer'
            when messages_and_parts.author_type = 'bot' or authors.staff_id is not null then 'bot'
            when messages_and_parts.author_type = 'admin' then 'teammate'
            when messages_and_parts.author_type = 'team' then 'team'
            else 'other'
        end as author_role,
        messages_and_parts.part_type like '%assign%' as is_assignment,
        messages_and_parts.part_type in ('source', 'comment', 'quick_reply') as is_message_type,
        -- the types whose text the other side sees; notes, call summaries, merges and rating requests are none of them
        messages_and_parts.part_type in ('comment', 'quick_reply', 'assignment', 'close', 'open', 'snoozed')
        or messages_and_parts.part_type like 'comment_and_%'
        or messages_and_parts.part_type like 'assign_and_%'
        or messages_and_parts.part_type like 'assignment_and_%'
        or messages_and_parts.part_type like 'close_and_%'
        or messages_and_parts.part_type like 'open_and_%'
        or messages_and_parts.part_type like 'snoozed_and_%' as is_visible_type,
        case
            when messages_and_parts.part_type not like '%assign%' or messages_and_parts.assigned_to_type is null
                then null
            when messages_and_parts.assigned_to_type in ('team', 'bot') then messages_and_parts.assigned_to_type
            when messages_and_parts.assigned_to_type = 'admin' and assignees.staff_id is not null then 'bot'
            when messages_and_parts.assigned_to_type = 'admin' then 'teammate'
            else 'nobody'
        end as to_role
    from messages_and_parts
    left join bots as authors on messages_and_parts.author_id = authors.staff_id
    left join bots as assignees on messages_and_parts.assigned_to_id = assignees.staff_id
),

-- PostgreSQL writes a query without a window into its reader, and computes a column as often as it is read there
with_messages as (
    select
        conversation_id,
        event_id,
        part_type,
        is_part,
        at_epoch,
        author_role,
        author_id,
        author_role = 'bot'
        and coalesce(lower(author_name) = 'fin' or lower(author_name) like 'fin %', false) as is_fin,
        -- an answer to a bot's form has no text, but is the customer's
        author_role = 'customer'
        and (is_message_type or part_type = 'attribute_collected' or (part_type = 'open' and has_content))
            as is_customer_message,
        -- the one definition of a reply
        author_role = 'teammate' and is_part = 1 and has_content and is_visible_type as is_reply,
        author_role = 'bot' and is_part = 1 and has_content and (is_visible_type or is_assignment) as is_bot_reply,
        is_assignment,
        -- to sort costs what the rows carry: numbers, until they are sorted
        case
            when part_type = 'close' or part_type like 'close_and_%' then 1
            when part_type = 'snoozed' then 2
            when part_type = 'open' or part_type like '%and_reopen' then 3
            when part_type in ('unsnoozed', 'timer_unsnooze') or part_type like '%and_unsnooze' then 4
            when is_assignment then 5
            when part_type like 'note%' then 6
        end as action_code,
        to_role,
        case when to_role in ('teammate', 'team') then assigned_to_id end as to_id,
        -- ids are numbers written as text: the longer one is the greater one
        8 * (
            row_number() over (
                partition by conversation_id order by is_part, at_epoch, length(event_id), event_id
            ) - 1
        ) as place
    from with_roles
)

select
    conversation_id,
    event_id,
    part_type,
    is_part,
    at_epoch,
    author_role,
    author_id,
    is_fin,
    is_customer_message,
    is_reply,
    is_bot_reply,
    is_assignment,
    action_code,
    to_role,
    to_id,
    place,
    case
        when is_part = 0 then 0
        when action_code in (1, 2) then action_code
        when action_code in (3, 4) or is_customer_message then 0
    end as state_set,
    -- it opens the conversation by what it says, and by no action
    is_part = 0 or (is_customer_message and coalesce(action_code, 5) > 4) as is_plain_message
from with_messages
