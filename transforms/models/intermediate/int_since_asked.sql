-- One row per conversation in which a customer wrote: closes, the first reopening and assignments since then, as Intercom counts them.
-- Where parts are missing, the closes are those of Intercom's statistics, and nothing else is known.
-- incremental: conversation_id
with

asked as (
    select
        responses.conversation_id,
        responses.asked_at_epoch,
        responses.asked_seq,
        responses.asked_admin_id,
        responses.first_reply_seq,
        completeness.has_all_parts
    from int_first_responses as responses
    inner join qa_conversation_completeness as completeness
        on responses.conversation_id = completeness.conversation_id
),

events as (
    select
        asked.conversation_id,
        asked.asked_at_epoch,
        int_events.at_epoch,
        case when int_events.kind = 'close' and int_events.seq >= asked.asked_seq then int_events.at_epoch end
            as closed_at_epoch,
        case
            when int_events.seq > asked.asked_seq
                and int_events.state_before = 'closed'
                and int_events.state_after <> 'closed'
                and not int_events.is_first_opening
                then int_events.at_epoch
        end as reopened_at_epoch,
        -- an assignment that still holds when the customer writes counts from then on, one that was taken back never
        case
            when int_events.to_admin_id is null then null
            when int_events.seq > asked.asked_seq then int_events.at_epoch
            when asked.asked_admin_id is not null then asked.asked_at_epoch
        end as assigned_at_epoch,
        case when int_events.is_assignment and int_events.seq > asked.first_reply_seq then 1 else 0 end as is_reassignment
    from asked
    inner join int_events on asked.conversation_id = int_events.conversation_id
    where
        asked.has_all_parts
        and (
            int_events.kind = 'close'
            or int_events.state_before = 'closed'
            or int_events.is_assignment
            or int_events.to_admin_id is not null
        )
),

closes as (
    select
        events.*,
        min(closed_at_epoch) over (partition by conversation_id) as first_close_at_epoch,
        max(closed_at_epoch) over (partition by conversation_id) as last_close_at_epoch
    from events
),

totals as (
    select
        conversation_id,
        max(first_close_at_epoch) as first_close_at_epoch,
        max(last_close_at_epoch) as last_close_at_epoch,
        min(case when reopened_at_epoch >= first_close_at_epoch then reopened_at_epoch end) as first_reopen_at_epoch,
        min(case when assigned_at_epoch <= last_close_at_epoch then assigned_at_epoch end) as first_assigned_at_epoch,
        max(case when assigned_at_epoch <= last_close_at_epoch then assigned_at_epoch end) as last_assigned_at_epoch,
        sum(is_reassignment) as count_reassignments
    from closes
    group by conversation_id
),

known as (
    select
        asked.conversation_id,
        asked.has_all_parts,
        asked.asked_at_epoch,
        case
            when asked.has_all_parts then totals.first_close_at_epoch
            when conversations.statistics_first_close_at_epoch >= asked.asked_at_epoch
                then conversations.statistics_first_close_at_epoch
        end as first_close_at_epoch,
        case
            when asked.has_all_parts then totals.last_close_at_epoch
            when conversations.statistics_last_close_at_epoch >= asked.asked_at_epoch
                then conversations.statistics_last_close_at_epoch
        end as last_close_at_epoch,
        totals.first_reopen_at_epoch,
        totals.first_assigned_at_epoch,
        totals.last_assigned_at_epoch,
        totals.count_reassignments
    from asked
    inner join stg_conversations as conversations on asked.conversation_id = conversations.conversation_id
    left join totals on asked.conversation_id = totals.conversation_id
)

select
    known.conversation_id,
    known.first_close_at_epoch,  -- by whomever
    known.last_close_at_epoch,  -- by whomever
    known.first_reopen_at_epoch,  -- after the first of these closes, by whomever, also by a message
    known.first_assigned_at_epoch,  -- to a teammate, not after that close; the moment when the customer wrote, where a teammate had it then
    known.last_assigned_at_epoch,  -- the same of the last assignment to a teammate before that close
    case when known.has_all_parts then cast(coalesce(known.count_reassignments, 0) as bigint) end as count_reassignments,  -- parts that assign, to whomever, after the first reply
    closed_slots.clock_offset_seconds + closed_slots.is_open * known.last_close_at_epoch
    - asked_slots.clock_offset_seconds - asked_slots.is_open * known.asked_at_epoch
        as business_seconds_to_last_close,  -- in the working hours of the team that has it now
    -- what that clock showed then; nothing of now, so that the row of a closed conversation stays true
    asked_slots.clock_offset_seconds + asked_slots.is_open * known.asked_at_epoch
        as asked_business_clock_seconds
from known
inner join int_conversation_clocks as clocks on known.conversation_id = clocks.conversation_id
left join business_slots as asked_slots
    on clocks.schedule_id = asked_slots.schedule_id
    and cast(floor(known.asked_at_epoch / 900) as bigint) = asked_slots.slot_id
left join business_slots as closed_slots
    on clocks.schedule_id = closed_slots.schedule_id
    and cast(floor(known.last_close_at_epoch / 900) as bigint) = closed_slots.slot_id
