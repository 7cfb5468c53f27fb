-- One row per turn: from the first customer message that nobody has answered yet to the next reply of a teammate.
-- incremental: conversation_id
with

messages as (
    select
        conversation_id,
        seq,
        at_epoch,
        business_clock_seconds,
        author_id,
        is_customer_message,
        is_reply,
        -- how many replies came before: constant from one reply to the next, which it includes
        coalesce(
            sum(case when is_reply then 1 else 0 end) over (
                partition by conversation_id order by seq rows between unbounded preceding and 1 preceding
            ), 0
        ) as count_earlier_replies
    from int_events
    where is_customer_message or is_reply
),

exchanges as (
    select
        conversation_id,
        count_earlier_replies,
        min(case when is_customer_message then at_epoch end) as asked_at_epoch,
        max(case when is_reply then at_epoch end) as answered_at_epoch,
        min(case when is_customer_message then business_clock_seconds end) as asked_business_clock_seconds,
        max(case when is_reply then business_clock_seconds end) as answered_business_clock_seconds,
        max(case when is_reply then author_id end) as answered_by_admin_id,
        sum(case when is_customer_message then 1 else 0 end) as count_customer_messages
    from messages
    group by conversation_id, count_earlier_replies
),

turns as (
    select
        exchanges.*,
        row_number() over (partition by conversation_id order by count_earlier_replies) as turn
    from exchanges
    where asked_at_epoch is not null
)

select
    turns.conversation_id,
    cast(turns.turn as bigint) as turn,  -- 1, 2, ... within the conversation
    to_timestamp(turns.asked_at_epoch) as asked_at,
    turns.asked_at_epoch,
    to_timestamp(turns.answered_at_epoch) as answered_at,  -- NULL: no teammate has replied; bots do not answer a turn
    turns.answered_at_epoch,
    turns.answered_by_admin_id,
    turns.answered_at_epoch - turns.asked_at_epoch as response_seconds,
    turns.answered_business_clock_seconds - turns.asked_business_clock_seconds as response_business_seconds,
    -- until the answer, or until now while it is waiting; NULL when it was closed unanswered
    case
        when turns.answered_at_epoch is not null then turns.answered_at_epoch - turns.asked_at_epoch
        when stg_conversations.state <> 'closed' then int_conversation_clocks.now_epoch - turns.asked_at_epoch
    end as waited_seconds,
    case
        when turns.answered_at_epoch is not null
            then turns.answered_business_clock_seconds - turns.asked_business_clock_seconds
        when stg_conversations.state <> 'closed'
            then int_conversation_clocks.now_business_clock_seconds - turns.asked_business_clock_seconds
    end as waited_business_seconds,
    turns.turn = 1 as is_first,
    cast(turns.count_customer_messages as bigint) as count_customer_messages,
    case
        when turns.answered_at_epoch is not null then 'answered'
        when stg_conversations.state = 'closed' then 'closed_unanswered'
        else 'waiting'
    end as outcome  -- answered, closed_unanswered (closed now, never replied to) or waiting
from turns
inner join stg_conversations on turns.conversation_id = stg_conversations.conversation_id
inner join int_conversation_clocks on turns.conversation_id = int_conversation_clocks.conversation_id
