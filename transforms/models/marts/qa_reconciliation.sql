-- One row per conversation and metric: our figure by Intercom's definition, Intercom's own, and the difference.
-- incremental: conversation_id
with

starts as (
    select conversation_id, min(at_epoch) as started_at_epoch
    from int_events
    where is_customer_message
    group by conversation_id
),

-- Intercom's statistics begin with the first message of a customer
ours as (
    select
        int_events.conversation_id,
        count(*) as count_parts,
        sum(case when int_events.kind = 'reopen' and int_events.at_epoch >= starts.started_at_epoch then 1 else 0 end)
            as count_reopens,
        sum(case when int_events.is_assignment and int_events.at_epoch >= starts.started_at_epoch then 1 else 0 end)
            as count_assignments,
        min(case when int_events.is_reply and int_events.at_epoch >= starts.started_at_epoch then int_events.at_epoch end)
            as first_admin_reply_at,
        min(case when int_events.kind = 'close' and int_events.at_epoch >= starts.started_at_epoch
            then int_events.at_epoch end) as first_close_at,
        max(case when int_events.kind = 'close' and int_events.at_epoch >= starts.started_at_epoch
            then int_events.at_epoch end) as last_close_at,
        min(starts.started_at_epoch) as started_at
    from int_events
    left join starts on int_events.conversation_id = starts.conversation_id
    group by int_events.conversation_id
),

pairs as (
    select
        ours.conversation_id,
        ours.count_parts,
        ours.count_reopens,
        ours.count_assignments,
        ours.first_admin_reply_at,
        ours.first_close_at,
        ours.last_close_at,
        ours.started_at,
        theirs.statistics_count_conversation_parts,
        theirs.statistics_count_reopens,
        theirs.statistics_count_assignments,
        theirs.statistics_first_admin_reply_at_epoch,
        theirs.statistics_first_close_at_epoch,
        theirs.statistics_last_close_at_epoch,
        theirs.statistics_time_to_admin_reply_seconds,
        theirs.statistics_time_to_first_close_seconds,
        theirs.statistics_time_to_last_close_seconds
    from ours
    inner join stg_conversations as theirs on ours.conversation_id = theirs.conversation_id
    where theirs.statistics_count_conversation_parts is not null
),

metrics as (
    select conversation_id, 'parts' as metric, true as is_exact,
        count_parts as our_value, statistics_count_conversation_parts as their_value from pairs
    union all
    select conversation_id, 'reopens' as metric, true as is_exact,
        count_reopens as our_value, statistics_count_reopens as their_value from pairs
    union all
    select conversation_id, 'assignments' as metric, true as is_exact,
        count_assignments as our_value, statistics_count_assignments as their_value from pairs
    union all
    select conversation_id, 'first_admin_reply_at' as metric, true as is_exact,
        first_admin_reply_at as our_value, statistics_first_admin_reply_at_epoch as their_value from pairs
    union all
    select conversation_id, 'first_close_at' as metric, true as is_exact,
        first_close_at as our_value, statistics_first_close_at_epoch as their_value from pairs
    union all
    select conversation_id, 'last_close_at' as metric, true as is_exact,
        last_close_at as our_value, statistics_last_close_at_epoch as their_value from pairs
    union all
    select conversation_id, 'time_to_admin_reply' as metric, false as is_exact,
        first_admin_reply_at - started_at as our_value, statistics_time_to_admin_reply_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_first_close' as metric, false as is_exact,
        first_close_at - started_at as our_value, statistics_time_to_first_close_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_last_close' as metric, false as is_exact,
        last_close_at - started_at as our_value, statistics_time_to_last_close_seconds as their_value from pairs
)

select
    conversation_id,
    metric,
    is_exact,  -- false: Intercom subtracts the time outside its office hours, we do not
    cast(our_value as bigint) as our_value,  -- counts, epoch seconds, or seconds
    cast(their_value as bigint) as their_value,
    cast(our_value - their_value as bigint) as difference,  -- NULL: one of the two has none
    coalesce(our_value, -1) = coalesce(their_value, -1) as is_equal
from metrics
