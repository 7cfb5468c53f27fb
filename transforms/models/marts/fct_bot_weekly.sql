-- One row per week (beginning on Monday) and channel in which customers began conversations: what bots did in them.
with

conversations as (
    select
        fct_conversations.conversation_id,
        local_slots.week_start,
        fct_conversations.channel,
        fct_conversations.contact_id,
        fct_conversations.created_at_epoch,
        fct_conversations.last_close_at_epoch,
        fct_conversations.count_bot_replies > 0 as is_bot_involved,
        fct_conversations.is_deflected_by_bot,
        fct_conversations.count_bot_replies > 0
        and (
            fct_conversations.count_replies > 0
            or int_conversation_rollup.count_assignments_to_teammates > 0
        ) as is_handed_off,
        case
            when fct_conversations.count_bot_replies > 0 and fct_conversations.count_replies = 0
                then fct_conversations.rating
        end as bot_only_rating
    from fct_conversations
    inner join int_conversation_rollup
        on fct_conversations.conversation_id = int_conversation_rollup.conversation_id
    inner join local_slots on cast(floor(fct_conversations.created_at_epoch / 900) as bigint) = local_slots.slot_id
    where fct_conversations.is_customer_initiated
),

returns as (
    select distinct deflected.conversation_id
    from conversations as deflected
    inner join conversations as later
        on deflected.contact_id = later.contact_id
        and later.created_at_epoch > deflected.last_close_at_epoch
        and later.created_at_epoch <= deflected.last_close_at_epoch + 86400
    where deflected.is_deflected_by_bot
)

select
    conversations.week_start,  -- Monday, in the workspace's time zone
    conversations.channel,
    count(*) as count_conversations,  -- begun by customers
    cast(sum(case when conversations.is_bot_involved then 1 else 0 end) as bigint) as count_bot_involved,
    cast(sum(case when conversations.is_deflected_by_bot then 1 else 0 end) as bigint) as count_deflected,
    cast(sum(case when conversations.is_handed_off then 1 else 0 end) as bigint) as count_handed_off,  -- to a teammate
    -- of the deflected: the same contact wrote anew within 24 hours of the close
    count(returns.conversation_id) as count_returned_within_24_hours,
    cast(sum(case when conversations.is_deflected_by_bot then 1 else 0 end) as double)
    / nullif(sum(case when conversations.is_bot_involved then 1 else 0 end), 0) as deflection_rate,  -- of the bot involved
    count(conversations.bot_only_rating) as count_bot_only_ratings,
    avg(cast(conversations.bot_only_rating as double)) as average_bot_only_rating  -- no teammate replied; NULL: none rated
from conversations
left join returns on conversations.conversation_id = returns.conversation_id
group by conversations.week_start, conversations.channel
