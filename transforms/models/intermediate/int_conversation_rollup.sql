-- One row per conversation: when things first and last happened in it, how often, and by whom it was closed, by its loaded parts.
-- incremental: conversation_id
with

totals as (
    select
        conversation_id,
        min(case when is_customer_message then seq end) as asked_seq,
        min(case when is_customer_message then at_epoch end) as first_customer_message_at_epoch,
        max(case when is_customer_message then at_epoch end) as last_customer_message_at_epoch,
        max(case when is_reply then at_epoch end) as last_reply_at_epoch,
        max(at_epoch) as last_event_at_epoch,
        min(case when kind = 'close' then at_epoch end) as first_close_at_epoch,
        max(case when kind = 'close' then at_epoch end) as last_close_at_epoch,
        max(case when kind = 'close' then seq end) as last_close_seq,
        max(case when is_bot_reply then seq end) as last_bot_reply_seq,
        max(case when part_type = 'conversation_rating_changed' then seq end) as last_rated_seq,
        case when max(seq) > 500 then max(seq) - 499 else 1 end as newest_from_seq,
        max(case when is_customer_message then seq end) as last_customer_message_seq,
        max(case when is_reply then seq end) as last_reply_seq,
        min(
            case when state_before = 'closed' and state_after <> 'closed' and not is_first_opening then at_epoch end
        ) as first_reopen_at_epoch,
        max(case when part_type = 'conversation_rating_changed' then at_epoch end) as last_rated_at_epoch,
        sum(case when kind = 'close' then 1 else 0 end) as count_closes,
        sum(
            case when state_before = 'closed' and state_after <> 'closed' and not is_first_opening then 1 else 0 end
        ) as count_reopens,
        sum(case when is_reply then 1 else 0 end) as count_replies,
        sum(case when is_customer_message then 1 else 0 end) as count_customer_messages,
        sum(case when is_bot_reply then 1 else 0 end) as count_bot_replies,
        sum(case when part_type like 'note%' then 1 else 0 end) as count_notes,
        sum(case when is_assignment then 1 else 0 end) as count_assignments,
        sum(case when to_admin_id is not null then 1 else 0 end) as count_assignments_to_teammates,
        max(case when is_fin then 1 else 0 end) as has_fin
    from int_events
    group by conversation_id
),

-- separate from the above: PostgreSQL sorts everything that it counts together with a distinct count
repliers as (
    select distinct conversation_id, author_id
    from int_events
    where is_reply and author_id is not null
),

replier_counts as (
    select conversation_id, count(*) as count_replying_admins
    from repliers
    group by conversation_id
)

select
    totals.conversation_id,
    totals.first_customer_message_at_epoch,
    totals.last_customer_message_at_epoch,
    totals.last_reply_at_epoch,
    totals.last_event_at_epoch,
    totals.first_close_at_epoch,
    totals.last_close_at_epoch,
    case when last_close.author_role = 'teammate' then last_close.author_id end as last_closed_by_admin_id,
    last_close.author_role as last_closed_by_role,
    totals.first_reopen_at_epoch,
    totals.last_rated_at_epoch,  -- when the customer last gave or changed the rating
    totals.last_rated_seq,  -- the event that this is
    cast(totals.count_closes as bigint) as count_closes,
    cast(totals.count_reopens as bigint) as count_reopens,  -- from closed back to open or snoozed, whoever did it
    cast(totals.count_replies as bigint) as count_replies,
    cast(totals.count_customer_messages as bigint) as count_customer_messages,
    cast(totals.count_bot_replies as bigint) as count_bot_replies,
    cast(totals.count_notes as bigint) as count_notes,
    cast(totals.count_assignments as bigint) as count_assignments,  -- parts that assign
    cast(totals.count_assignments_to_teammates as bigint) as count_assignments_to_teammates,  -- having one from the beginning included
    coalesce(replier_counts.count_replying_admins, 0) as count_replying_admins,
    coalesce(totals.last_bot_reply_seq > totals.asked_seq, false) as has_bot_reply_to_customer,  -- after a customer's message
    coalesce(totals.last_customer_message_seq > coalesce(totals.last_reply_seq, -1), false)
        as is_last_message_customers,  -- messages of bots aside
    totals.newest_from_seq,  -- the first of the newest 500 parts; of a conversation with more, older ones may have a gap behind them
    coalesce(totals.last_customer_message_seq >= totals.newest_from_seq, false)
    or coalesce(totals.last_reply_seq >= totals.newest_from_seq, false)
        as has_message_in_newest_parts,  -- of a customer or a teammate
    coalesce(totals.last_rated_seq >= totals.newest_from_seq, false) as has_rating_in_newest_parts,
    totals.has_fin = 1 as has_fin
from totals
left join int_events as last_close
    on totals.conversation_id = last_close.conversation_id
    and totals.last_close_seq = last_close.seq
    and last_close.kind = 'close'
left join replier_counts on totals.conversation_id = replier_counts.conversation_id
