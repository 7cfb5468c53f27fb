-- One row per week (beginning on Monday) and channel in which inbound conversations began: what bots did in them.
-- question: How many conversations did bots and Fin end without a teammate?
-- incremental: week_start
with

weeks as (
    select distinct week_start from calendar_days
),

conversations as (
    select
        fct_conversations.conversation_id,
        fct_conversations.created_week as week_start,
        fct_conversations.channel,
        fct_conversations.contact_id,
        fct_conversations.last_close_at_epoch,
        fct_conversations.fin_outcome,
        fct_conversations.is_fin_involved,
        fct_conversations.fin_outcome like '%resol%' and fct_conversations.fin_outcome not like '%unresol%' as is_fin_resolved,
        -- where parts are missing, what the others and Intercom's statistics show did happen
        int_conversation_rollup.count_bot_replies > 0 or fct_conversations.has_fin as is_bot_involved,
        coalesce(fct_conversations.is_deflected_by_bot, false) as is_deflected_by_bot,
        fct_conversations.is_deflected_by_bot is not null as is_deflection_known,
        (int_conversation_rollup.count_bot_replies > 0 or fct_conversations.has_fin)
        and (
            int_conversation_rollup.count_replies > 0
            or fct_conversations.first_reply_at_epoch is not null
            or int_conversation_rollup.count_assignments_to_teammates > 0
        ) as is_handed_off,
        case
            when fct_conversations.count_bot_replies > 0 and fct_conversations.count_replies = 0
                then fct_conversations.rating
        end as bot_only_rating
    from fct_conversations
    inner join weeks on fct_conversations.created_week = weeks.week_start
    inner join int_conversation_rollup
        on fct_conversations.conversation_id = int_conversation_rollup.conversation_id
    where fct_conversations.direction = 'inbound'
),

returns as (
    select distinct deflected.conversation_id
    from conversations as deflected
    inner join fct_conversations as later
        on deflected.contact_id = later.contact_id
        and later.direction = 'inbound'
        and later.created_week is not null
        and deflected.conversation_id <> later.conversation_id
        and later.asked_at_epoch > deflected.last_close_at_epoch
        and later.asked_at_epoch <= deflected.last_close_at_epoch + 86400
    where deflected.is_deflected_by_bot
)

select
    conversations.week_start,  -- Monday, in the workspace's time zone
    conversations.channel,  -- conversation (Messenger), email, whatsapp, ...
    count(*) as count_conversations,  -- inbound
    cast(sum(case when conversations.is_bot_involved then 1 else 0 end) as bigint) as count_bot_involved,  -- a bot replied, or Fin took part
    cast(sum(case when conversations.is_deflected_by_bot then 1 else 0 end) as bigint) as count_deflected,  -- see fct_conversations.is_deflected_by_bot
    cast(sum(case when conversations.is_handed_off then 1 else 0 end) as bigint) as count_handed_off,  -- of the bot involved: a teammate replied or had it
    count(returns.conversation_id) as count_returned_within_24_hours,  -- of the deflected, so far: the same contact began another inbound one within 24 hours of the close
    cast(sum(case when conversations.is_deflected_by_bot then 1 else 0 end) as double)
    / nullif(
        sum(
            case
                when conversations.is_bot_involved and (conversations.is_deflection_known or conversations.is_handed_off) then 1
                else 0
            end
        ), 0
    ) as deflection_rate,  -- of the bot involved, unless missing parts leave it open; NULL: none
    count(conversations.bot_only_rating) as count_bot_only_ratings,  -- of conversations in which a bot replied and no teammate did
    cast(sum(case when conversations.bot_only_rating >= 4 then 1 else 0 end) as double)
    / nullif(count(conversations.bot_only_rating), 0) as bot_only_csat,  -- ratings of 4 and 5 / ratings; NULL: none rated
    cast(sum(case when conversations.is_fin_involved then 1 else 0 end) as bigint)
        as count_fin_involved,  -- Intercom says that Fin tried, with or without an answer; this and the next four are its words, not ours
    cast(sum(case when conversations.is_fin_resolved then 1 else 0 end) as bigint) as count_fin_resolved,  -- confirmed_resolution or assumed_resolution
    cast(sum(case when conversations.fin_outcome = 'confirmed_resolution' then 1 else 0 end) as bigint)
        as count_fin_confirmed,  -- of these: the customer said so
    cast(sum(case when conversations.fin_outcome like 'routed%' or conversations.fin_outcome like 'escalated%'
        or conversations.fin_outcome like '%handoff%' then 1 else 0 end) as bigint) as count_fin_routed,  -- handed on to the team, or, by a procedure, also to a workflow
    cast(sum(case when conversations.fin_outcome like 'abandon%' then 1 else 0 end) as bigint)
        as count_fin_abandoned,  -- Intercom's word for customers who went away; whom Fin had no answer for has no outcome
    cast(sum(case when conversations.is_fin_resolved then 1 else 0 end) as double)
    / nullif(sum(case when conversations.is_fin_involved then 1 else 0 end), 0) as fin_resolution_rate  -- resolved / involved; NULL: none involved
from conversations
left join returns on conversations.conversation_id = returns.conversation_id
group by conversations.week_start, conversations.channel
