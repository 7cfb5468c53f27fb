-- One row per turn: a customer asked, and how long it took until a teammate replied. Subsequent turns: is_first is false.
-- incremental: conversation_id
select
    int_turns.conversation_id,
    int_turns.turn,  -- 1, 2, ... within the conversation
    int_turns.is_first,
    fct_conversations.channel,
    coalesce(fct_conversations.team_assignee_id, 'none') as team_id,  -- the conversation's team now
    int_turns.answered_by_admin_id as admin_id,  -- who replied
    int_turns.asked_at,
    int_turns.asked_at_epoch,
    local_slots.day as asked_on,  -- in the workspace's time zone, as hour and weekday
    local_slots.hour as asked_hour,
    local_slots.weekday as asked_weekday,  -- 1 Monday to 7 Sunday
    int_turns.answered_at,
    int_turns.answered_at_epoch,
    int_turns.response_seconds,
    int_turns.response_business_seconds,  -- in the working hours of the conversation's team
    int_turns.waited_seconds,  -- until the reply, or until now; NULL: closed unanswered
    int_turns.waited_business_seconds,
    int_turns.count_customer_messages,  -- messages that waited for this reply
    int_turns.outcome  -- answered, closed_unanswered or waiting
from int_turns
inner join fct_conversations on int_turns.conversation_id = fct_conversations.conversation_id
left join local_slots on cast(floor(int_turns.asked_at_epoch / 900) as bigint) = local_slots.slot_id
