-- error: The counts of a conversation agree with each other.
-- incremental: conversation_id
select fct_conversations.conversation_id
from fct_conversations
inner join int_conversation_people on fct_conversations.conversation_id = int_conversation_people.conversation_id
where
    count_replying_admins > count_replies
    or count_turns > count_customer_messages + count_reopens
    or (first_reply_at_epoch is not null and count_replies = 0)
    or (asked_at_epoch is null and first_reply_at_epoch is not null)
    or (count_customer_messages > 0 and direction = 'outbound')
    or (count_customer_messages = 0 and direction <> 'outbound')
    or (first_response_seconds is not null and direction <> 'inbound')
    or (was_closed_before_first_reply is not null and direction <> 'inbound')
    or (count_closes = 0 and first_close_at_epoch is not null)
    or (count_closes > 0 and first_close_at_epoch is null)
    or (is_closed and count_closes = 0 and not is_begun_by_us)
    or (is_deflected_by_bot and count_replies > 0)
    or (is_deflected_by_bot and direction <> 'inbound')
    or (is_one_touch and not is_closed)
    or (is_waiting_on_us and state <> 'open')
