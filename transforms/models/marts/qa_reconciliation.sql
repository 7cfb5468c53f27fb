-- One row per conversation, metric of Intercom's `statistics` and hours: our figure from the parts, Intercom's own, and the difference.
-- There is no row where neither has a figure. docs/metrics.md gives each metric's definition, and says how to read this.
-- question: Where do our figures differ from Intercom's statistics?
-- view: it is read seldom, and to write its many rows was a tenth of a full build
-- incremental: conversation_id
with

-- nothing is made of what is left of a conversation
figures as (
    select statistics.*
    from int_conversation_statistics as statistics
    inner join qa_conversation_completeness as completeness
        on statistics.conversation_id = completeness.conversation_id
    where completeness.has_all_parts
),

pairs as (
    select
        theirs.conversation_id,
        completeness.has_all_parts,
        completeness.has_all_parts and not coalesce(ours.has_close_without_part, false) as has_all_closes,
        -- before the customer wrote there may be closes that only one reading of Intercom's words counts
        coalesce(
            theirs.statistics_last_close_at_epoch >= ours.first_contact_reply_at_epoch,
            theirs.statistics_last_close_at_epoch is null
        ) as is_closed_after_asked,
        coalesce(rollup.first_close_at_epoch < ours.first_contact_reply_at_epoch, false) as is_closed_before_asked,
        completeness.count_loaded + 1 as count_parts,  -- the opening message counts
        case when completeness.has_all_parts then coalesce(ours.count_reopens, 0) end as count_reopens,
        case when completeness.has_all_parts then coalesce(ours.count_assignments, 0) end as count_assignments,
        ours.first_contact_reply_at_epoch,
        ours.last_contact_reply_at_epoch,
        ours.first_admin_reply_at_epoch,
        ours.last_admin_reply_at_epoch,
        ours.first_assignment_at_epoch,
        ours.last_assignment_at_epoch,
        ours.last_assignment_admin_reply_at_epoch,
        ours.first_close_at_epoch,
        ours.last_close_at_epoch,
        ours.last_closed_by_admin_id,
        ours.time_to_assignment_seconds,
        ours.time_to_admin_reply_seconds,
        ours.time_to_first_close_seconds,
        ours.time_to_last_close_seconds,
        ours.median_time_to_reply_seconds,
        ours.time_to_assignment_office_seconds,
        ours.time_to_admin_reply_office_seconds,
        ours.time_to_first_close_office_seconds,
        ours.time_to_last_close_office_seconds,
        ours.median_time_to_reply_office_seconds,
        theirs.statistics_count_conversation_parts,
        theirs.statistics_count_reopens,
        theirs.statistics_count_assignments,
        theirs.statistics_first_contact_reply_at_epoch,
        theirs.statistics_last_contact_reply_at_epoch,
        theirs.statistics_first_admin_reply_at_epoch,
        theirs.statistics_last_admin_reply_at_epoch,
        theirs.statistics_first_assignment_at_epoch,
        theirs.statistics_last_assignment_at_epoch,
        theirs.statistics_last_assignment_admin_reply_at_epoch,
        theirs.statistics_first_close_at_epoch,
        theirs.statistics_last_close_at_epoch,
        theirs.statistics_last_closed_by_id,
        theirs.statistics_time_to_assignment_seconds,
        theirs.statistics_time_to_admin_reply_seconds,
        theirs.statistics_time_to_first_close_seconds,
        theirs.statistics_time_to_last_close_seconds,
        theirs.statistics_median_time_to_reply_seconds
    from stg_conversations as theirs
    inner join qa_conversation_completeness as completeness on theirs.conversation_id = completeness.conversation_id
    left join figures as ours on theirs.conversation_id = ours.conversation_id
    left join int_conversation_rollup as rollup on theirs.conversation_id = rollup.conversation_id
    where theirs.statistics_count_conversation_parts is not null
),

metrics as (
    select conversation_id, 'count_conversation_parts' as metric, 'none' as hours, has_all_parts as is_comparable,
        count_parts as our_value, statistics_count_conversation_parts as their_value from pairs
    union all
    select conversation_id, 'count_reopens' as metric, 'none' as hours, has_all_parts as is_comparable,
        count_reopens as our_value, statistics_count_reopens as their_value from pairs
    union all
    select conversation_id, 'count_assignments' as metric, 'none' as hours, has_all_parts as is_comparable,
        count_assignments as our_value, statistics_count_assignments as their_value from pairs
    union all
    select conversation_id, 'first_contact_reply_at' as metric, 'none' as hours, has_all_parts as is_comparable,
        first_contact_reply_at_epoch as our_value, statistics_first_contact_reply_at_epoch as their_value from pairs
    union all
    select conversation_id, 'last_contact_reply_at' as metric, 'none' as hours, has_all_parts as is_comparable,
        last_contact_reply_at_epoch as our_value, statistics_last_contact_reply_at_epoch as their_value from pairs
    union all
    select conversation_id, 'first_admin_reply_at' as metric, 'none' as hours, has_all_parts as is_comparable,
        first_admin_reply_at_epoch as our_value, statistics_first_admin_reply_at_epoch as their_value from pairs
    union all
    select conversation_id, 'last_admin_reply_at' as metric, 'none' as hours, has_all_parts as is_comparable,
        last_admin_reply_at_epoch as our_value, statistics_last_admin_reply_at_epoch as their_value from pairs
    union all
    select conversation_id, 'first_assignment_at' as metric, 'none' as hours, has_all_parts as is_comparable,
        first_assignment_at_epoch as our_value, statistics_first_assignment_at_epoch as their_value from pairs
    union all
    select conversation_id, 'last_assignment_at' as metric, 'none' as hours, has_all_parts as is_comparable,
        last_assignment_at_epoch as our_value, statistics_last_assignment_at_epoch as their_value from pairs
    union all
    select conversation_id, 'last_assignment_admin_reply_at' as metric, 'none' as hours, has_all_parts as is_comparable,
        last_assignment_admin_reply_at_epoch as our_value, statistics_last_assignment_admin_reply_at_epoch as their_value from pairs
    union all
    select conversation_id, 'first_close_at' as metric, 'none' as hours, has_all_closes as is_comparable,
        first_close_at_epoch as our_value, statistics_first_close_at_epoch as their_value from pairs
    union all
    select conversation_id, 'last_close_at' as metric, 'none' as hours,
        has_all_closes and is_closed_after_asked as is_comparable,
        last_close_at_epoch as our_value, statistics_last_close_at_epoch as their_value from pairs
    union all
    select conversation_id, 'time_to_assignment' as metric, 'all' as hours, has_all_parts as is_comparable,
        time_to_assignment_seconds as our_value, statistics_time_to_assignment_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_assignment' as metric, 'office' as hours, has_all_parts as is_comparable,
        time_to_assignment_office_seconds as our_value, statistics_time_to_assignment_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_admin_reply' as metric, 'all' as hours, has_all_parts as is_comparable,
        time_to_admin_reply_seconds as our_value, statistics_time_to_admin_reply_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_admin_reply' as metric, 'office' as hours, has_all_parts as is_comparable,
        time_to_admin_reply_office_seconds as our_value, statistics_time_to_admin_reply_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_first_close' as metric, 'all' as hours, has_all_closes as is_comparable,
        time_to_first_close_seconds as our_value, statistics_time_to_first_close_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_first_close' as metric, 'office' as hours, has_all_closes as is_comparable,
        time_to_first_close_office_seconds as our_value, statistics_time_to_first_close_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_last_close' as metric, 'all' as hours, has_all_closes as is_comparable,
        time_to_last_close_seconds as our_value, statistics_time_to_last_close_seconds as their_value from pairs
    union all
    select conversation_id, 'time_to_last_close' as metric, 'office' as hours, has_all_closes as is_comparable,
        time_to_last_close_office_seconds as our_value, statistics_time_to_last_close_seconds as their_value from pairs
    union all
    select conversation_id, 'median_time_to_reply' as metric, 'all' as hours, has_all_closes as is_comparable,
        median_time_to_reply_seconds as our_value, statistics_median_time_to_reply_seconds as their_value from pairs
    union all
    select conversation_id, 'median_time_to_reply' as metric, 'office' as hours, has_all_closes as is_comparable,
        median_time_to_reply_office_seconds as our_value, statistics_median_time_to_reply_seconds as their_value from pairs
)

select
    conversation_id,  -- see fct_conversations
    metric,  -- as Intercom names it
    hours,  -- of a duration: all hours, or office hours (those of `schedules.default`); 'none' for counts, moments and ids
    is_comparable,  -- false: parts are missing, a close left none, or the last close came before the customer wrote
    is_comparable and hours = 'none' as is_exact,  -- true: a difference is an error, of ours or of Intercom's; false also for durations, because Intercom does not say which hours it counts
    cast(our_value as bigint) as our_value,  -- counts, epoch seconds, or seconds
    cast(their_value as bigint) as their_value,  -- in Intercom's statistics
    cast(our_value - their_value as bigint) as difference,  -- NULL: one of the two has none
    cast(null as varchar) as our_admin_id,  -- of last_closed_by_id alone, which has no value
    cast(null as varchar) as their_admin_id,  -- in Intercom's statistics
    coalesce(our_value, -1) = coalesce(their_value, -1) as is_equal  -- the two agree
from metrics
where our_value is not null or their_value is not null
union all
select
    conversation_id,
    'last_closed_by_id' as metric,
    'none' as hours,
    has_all_closes and is_closed_after_asked as is_comparable,
    has_all_closes
    and is_closed_after_asked
    -- a teammate may have closed it before the customer wrote, and somebody else after
    and (last_closed_by_admin_id is not null or not is_closed_before_asked) as is_exact,
    cast(null as bigint) as our_value,
    cast(null as bigint) as their_value,
    cast(null as bigint) as difference,
    last_closed_by_admin_id as our_admin_id,
    statistics_last_closed_by_id as their_admin_id,
    coalesce(last_closed_by_admin_id, '') = coalesce(statistics_last_closed_by_id, '') as is_equal
from pairs
where last_closed_by_admin_id is not null or statistics_last_closed_by_id is not null
