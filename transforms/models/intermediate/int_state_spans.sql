-- One row per stretch of time in which a conversation is open, closed or snoozed; the stretches follow without a gap.
-- incremental: conversation_id
with

changes as (
    select
        int_events.conversation_id,
        int_events.seq,
        int_events.state_after as state,
        int_events.state_before as previous_state,
        int_events.is_first_opening,
        int_events.author_role as begun_by_role,
        int_events.author_id as begun_by_id,
        int_events.at_epoch as from_epoch,
        -- business seconds of the schedule of the conversation's team until then, from a fixed day on
        business_slots.clock_offset_seconds + business_slots.is_open * int_events.at_epoch as from_business_clock_seconds,
        int_conversation_clocks.now_epoch,
        int_conversation_clocks.now_business_clock_seconds
    from int_events
    inner join int_conversation_clocks
        on int_events.conversation_id = int_conversation_clocks.conversation_id
    left join business_slots
        on int_conversation_clocks.schedule_id = business_slots.schedule_id
        and cast(floor(int_events.at_epoch / 900) as bigint) = business_slots.slot_id
    where int_events.state_before is null or int_events.state_before <> int_events.state_after
),

spans as (
    select
        changes.*,
        row_number() over (partition by conversation_id order by seq) as span,
        lead(seq) over (partition by conversation_id order by seq) as next_seq,
        lead(from_epoch) over (partition by conversation_id order by seq) as to_epoch,
        lead(from_business_clock_seconds) over (partition by conversation_id order by seq) as to_business_clock_seconds,
        lead(begun_by_role) over (partition by conversation_id order by seq) as ended_by_role
    from changes
),

-- a span that is still going on is measured until now; what comes after "now" has not passed yet
ends as (
    select
        spans.*,
        case when to_epoch <= now_epoch then to_epoch else now_epoch end as end_epoch,
        case when to_epoch <= now_epoch then to_business_clock_seconds else now_business_clock_seconds end
            as end_business_clock_seconds
    from spans
)

select
    conversation_id,
    cast(span as bigint) as span,  -- 1, 2, ... within the conversation
    seq as first_seq,  -- the event that began it
    next_seq,  -- the event that ended it; NULL: still going on
    state,  -- open, closed or snoozed
    previous_state,  -- NULL: the conversation begins here
    is_first_opening,  -- the conversation began closed, and this is the first time that it is not
    begun_by_role,  -- customer, teammate, bot, ...
    begun_by_id,
    to_timestamp(from_epoch) as from_at,
    from_epoch,
    to_timestamp(to_epoch) as to_at,  -- NULL: still going on
    to_epoch,
    case
        when state = 'closed' and to_epoch is null then null
        when end_epoch < from_epoch then 0
        else end_epoch - from_epoch
    end as seconds,  -- until now where it goes on; NULL: closed, and so it stays
    case
        when state = 'closed' and to_epoch is null then null
        when end_epoch < from_epoch then 0
        else end_business_clock_seconds - from_business_clock_seconds
    end as business_seconds,  -- the same in the working hours of the team that has the conversation now
    ended_by_role  -- who did what ended it: customer, teammate, bot, ...; NULL: still going on
from ends
