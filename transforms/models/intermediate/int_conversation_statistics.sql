-- One row per conversation with a customer message: the figures of Intercom's `statistics`, made from the parts alone, by Intercom's definitions.
-- Everything counts from the first customer message on. docs/metrics.md gives each definition and its source.
-- incremental: conversation_id
with

starts as (
    select conversation_id, min(at_epoch) as started_at_epoch
    from int_events
    where is_customer_message
    group by conversation_id
),

-- what parts tell; an event that is inferred from the conversation's own fields would be compared with itself
moments as (
    select
        events.conversation_id,
        starts.started_at_epoch,
        max(case when events.is_customer_message then events.at_epoch end) as last_contact_reply_at_epoch,
        min(case when events.is_reply then events.at_epoch end) as first_admin_reply_at_epoch,
        max(case when events.is_reply then events.at_epoch end) as last_admin_reply_at_epoch,
        min(case when events.is_assignment then events.at_epoch end) as first_assignment_at_epoch,
        max(case when events.is_assignment then events.at_epoch end) as last_assignment_at_epoch,
        min(case when events.kind = 'close' then events.at_epoch end) as first_close_at_epoch,
        max(case when events.kind = 'close' then events.at_epoch end) as last_close_at_epoch,
        max(case when events.kind = 'close' and events.author_role = 'teammate' then events.seq end)
            as last_teammate_close_seq,
        sum(case when events.kind = 'reopen' then 1 else 0 end) as count_reopens,
        sum(case when events.is_assignment then 1 else 0 end) as count_assignments
    from int_events as events
    inner join starts
        on events.conversation_id = starts.conversation_id
        and events.at_epoch >= starts.started_at_epoch
    where not events.is_inferred
    group by events.conversation_id, starts.started_at_epoch
),

around_assignments as (
    select
        events.conversation_id,
        max(case
            when events.is_assignment
                and (
                    moments.first_admin_reply_at_epoch is null
                    or events.at_epoch <= moments.first_admin_reply_at_epoch
                )
                then events.at_epoch
        end) as assignment_before_reply_at_epoch,
        min(case
            when events.is_reply and events.at_epoch >= moments.last_assignment_at_epoch then events.at_epoch
        end) as last_assignment_admin_reply_at_epoch
    from int_events as events
    inner join moments
        on events.conversation_id = moments.conversation_id
        and events.at_epoch >= moments.started_at_epoch
    where events.is_assignment or events.is_reply
    group by events.conversation_id
),

closes_and_reopenings as (
    select
        conversation_id,
        kind,
        lag(kind) over (partition by conversation_id order by seq) as kind_before
    from int_events
    where kind in ('close', 'reopen') and not is_inferred
),

-- A close that left no part shows in what follows: a reopening without a close before it, or the conversation's state.
reopenings_without_close as (
    select distinct conversation_id
    from closes_and_reopenings
    where kind = 'reopen' and coalesce(kind_before, 'reopen') = 'reopen'
),

inferred_closes as (
    select distinct conversation_id
    from int_events
    where kind = 'close' and is_inferred
),

last_states as (
    select conversation_id, state
    from int_state_spans
    where next_seq is null
),

-- the workspace's office hours, whichever team has the conversation
default_slots as (
    select slot_id, clock_offset_seconds, is_open
    from business_slots
    where schedule_id = 'default'
),

-- from a message on, and from nothing else
reply_times as (
    select
        int_turns.conversation_id,
        int_turns.answered_at_epoch - int_turns.written_at_epoch as reply_seconds,
        answered.clock_offset_seconds + answered.is_open * int_turns.answered_at_epoch
        - asked.clock_offset_seconds - asked.is_open * int_turns.written_at_epoch
            as reply_office_seconds
    from int_turns
    left join default_slots as asked on cast(floor(int_turns.written_at_epoch / 900) as bigint) = asked.slot_id
    left join default_slots as answered on cast(floor(int_turns.answered_at_epoch / 900) as bigint) = answered.slot_id
    where int_turns.answered_at_epoch is not null and int_turns.written_at_epoch is not null
),

-- two queries, because Redshift sorts by one column in each
median_reply_times as (
    select conversation_id, median(reply_seconds) as median_reply_seconds
    from reply_times
    group by conversation_id
),

median_office_reply_times as (
    select conversation_id, median(reply_office_seconds) as median_reply_office_seconds
    from reply_times
    group by conversation_id
),

office_clocks as (
    select
        moments.conversation_id,
        started.clock_offset_seconds + started.is_open * moments.started_at_epoch as started_clock,
        assigned.clock_offset_seconds + assigned.is_open * around_assignments.assignment_before_reply_at_epoch
            as assigned_clock,
        replied.clock_offset_seconds + replied.is_open * moments.first_admin_reply_at_epoch as replied_clock,
        first_closed.clock_offset_seconds + first_closed.is_open * moments.first_close_at_epoch as first_close_clock,
        last_closed.clock_offset_seconds + last_closed.is_open * moments.last_close_at_epoch as last_close_clock
    from moments
    left join around_assignments on moments.conversation_id = around_assignments.conversation_id
    left join default_slots as started
        on cast(floor(moments.started_at_epoch / 900) as bigint) = started.slot_id
    left join default_slots as assigned
        on cast(floor(around_assignments.assignment_before_reply_at_epoch / 900) as bigint) = assigned.slot_id
    left join default_slots as replied
        on cast(floor(moments.first_admin_reply_at_epoch / 900) as bigint) = replied.slot_id
    left join default_slots as first_closed
        on cast(floor(moments.first_close_at_epoch / 900) as bigint) = first_closed.slot_id
    left join default_slots as last_closed
        on cast(floor(moments.last_close_at_epoch / 900) as bigint) = last_closed.slot_id
)

select
    moments.conversation_id,
    moments.started_at_epoch as first_contact_reply_at_epoch,
    moments.last_contact_reply_at_epoch,
    moments.first_admin_reply_at_epoch,
    moments.last_admin_reply_at_epoch,
    moments.first_assignment_at_epoch,
    moments.last_assignment_at_epoch,
    around_assignments.last_assignment_admin_reply_at_epoch,  -- first reply since the last assignment
    moments.first_close_at_epoch,
    moments.last_close_at_epoch,
    reopenings_without_close.conversation_id is not null
    or inferred_closes.conversation_id is not null
    or (stg_conversations.state = 'closed' and last_states.state <> 'closed')
        as has_close_without_part,  -- the figures of closes, and the median, do not know of it
    last_closes.author_id as last_closed_by_admin_id,  -- of the last close by a teammate
    cast(moments.count_reopens as bigint) as count_reopens,
    cast(moments.count_assignments as bigint) as count_assignments,
    -- until the last assignment before the first reply
    around_assignments.assignment_before_reply_at_epoch - moments.started_at_epoch as time_to_assignment_seconds,
    moments.first_admin_reply_at_epoch - moments.started_at_epoch as time_to_admin_reply_seconds,
    moments.first_close_at_epoch - moments.started_at_epoch as time_to_first_close_seconds,
    moments.last_close_at_epoch - moments.started_at_epoch as time_to_last_close_seconds,
    cast(floor(median_reply_times.median_reply_seconds) as bigint) as median_time_to_reply_seconds,
    -- the same within office hours: those of `schedules.default`
    office_clocks.assigned_clock - office_clocks.started_clock as time_to_assignment_office_seconds,
    office_clocks.replied_clock - office_clocks.started_clock as time_to_admin_reply_office_seconds,
    office_clocks.first_close_clock - office_clocks.started_clock as time_to_first_close_office_seconds,
    office_clocks.last_close_clock - office_clocks.started_clock as time_to_last_close_office_seconds,
    cast(floor(median_office_reply_times.median_reply_office_seconds) as bigint) as median_time_to_reply_office_seconds
from moments
inner join stg_conversations on moments.conversation_id = stg_conversations.conversation_id
inner join last_states on moments.conversation_id = last_states.conversation_id
left join inferred_closes on moments.conversation_id = inferred_closes.conversation_id
left join reopenings_without_close on moments.conversation_id = reopenings_without_close.conversation_id
left join around_assignments on moments.conversation_id = around_assignments.conversation_id
left join median_reply_times on moments.conversation_id = median_reply_times.conversation_id
left join median_office_reply_times
    on moments.conversation_id = median_office_reply_times.conversation_id
left join office_clocks on moments.conversation_id = office_clocks.conversation_id
left join int_events as last_closes
    on moments.conversation_id = last_closes.conversation_id
    and moments.last_teammate_close_seq = last_closes.seq
    and last_closes.kind = 'close'
