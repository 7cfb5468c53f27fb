-- One row per conversation: what it adds to the figures of the day on which it was created, and of that of its first close.
-- The first close is Intercom's, after the customer wrote: what the customer's first message opens was not closed for good.
-- view: a table of as many rows would be written to be read twice
select
    fct_conversations.conversation_id,
    fct_conversations.channel,
    coalesce(fct_conversations.team_assignee_id, 'none') as team_id,

    fct_conversations.created_on,
    fct_conversations.created_hour,
    case when fct_conversations.direction = 'inbound' then 1 else 0 end as count_inbound,
    case
        when fct_conversations.direction = 'inbound' and fct_conversations.first_reply_at_epoch is not null then 1 else 0
    end as count_replied,
    case when fct_conversations.was_closed_before_first_reply then 1 else 0 end as count_closed_before_first_reply,
    case when fct_conversations.direction = 'inbound' and fct_conversations.is_closed then 1 else 0 end as count_closed_now,
    case when fct_conversations.is_rateable then 1 else 0 end as count_rateable,
    case
        when fct_conversations.is_rateable and fct_conversations.rating is not null then 1 else 0
    end as count_rated,
    case when fct_conversations.is_rateable and fct_conversations.rating >= 4 then 1 else 0 end as count_rated_positive,
    -- who was closed before any reply is counted, and no part of a median
    case when not coalesce(fct_conversations.was_closed_before_first_reply, false)
        then fct_conversations.first_response_seconds end as response_seconds,
    case when not coalesce(fct_conversations.was_closed_before_first_reply, false)
        then fct_conversations.first_response_business_seconds end as response_business_seconds,

    closed_slots.day as first_closed_on,
    case when fct_conversations.has_all_parts then 1 else 0 end as count_known,
    -- so far: fct_conversations.is_reopened_within_7_days waits for the end of the 7 days
    case
        when since.first_reopen_at_epoch <= since.first_close_at_epoch + 604800 then 1 else 0
    end as count_reopened_within_7_days
from fct_conversations
left join int_since_asked as since on fct_conversations.conversation_id = since.conversation_id
left join local_slots as closed_slots
    on cast(floor(since.first_close_at_epoch / 900) as bigint) = closed_slots.slot_id
