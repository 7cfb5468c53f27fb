-- error: The counts of a conversation agree with each other.
select conversation_id
from fct_conversations
where
    count_replying_admins > count_replies
    or count_turns > count_customer_messages
    or (first_reply_at_epoch is null and count_replies > 0)
    or (first_reply_at_epoch is not null and count_replies = 0)
    or (count_closes = 0 and first_close_at_epoch is not null)
    or (is_deflected_by_bot and count_replies > 0)
    or (is_one_touch and not is_closed)
