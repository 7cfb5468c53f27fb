-- One row per stretch of time in which a conversation is open, closed or snoozed; the stretches follow without a gap.
with

changes as (
    select
        conversation_id,
        seq,
        state_after as state,
        state_before as previous_state,
        author_role as begun_by_role,
        author_id as begun_by_id,
        at_epoch as from_epoch,
        business_clock_seconds as from_business_clock_seconds,
        lead(at_epoch) over (partition by conversation_id order by seq) as to_epoch,
        lead(business_clock_seconds) over (partition by conversation_id order by seq) as to_business_clock_seconds,
        lead(author_role) over (partition by conversation_id order by seq) as ended_by_role,
        row_number() over (partition by conversation_id order by seq) as span
    from int_events
    where state_before is null or state_before <> state_after
),

-- a span that is still going on is measured until now; what comes after "now" has not passed yet
ends as (
    select
        changes.*,
        case
            when changes.to_epoch <= int_conversation_clocks.now_epoch then changes.to_epoch
            else int_conversation_clocks.now_epoch
        end as end_epoch,
        case
            when changes.to_epoch <= int_conversation_clocks.now_epoch then changes.to_business_clock_seconds
            else int_conversation_clocks.now_business_clock_seconds
        end as end_business_clock_seconds
    from changes
    inner join int_conversation_clocks on changes.conversation_id = int_conversation_clocks.conversation_id
)

select
    conversation_id,
    cast(span as bigint) as span,  -- 1, 2, ... within the conversation
    seq as first_seq,  -- the event that began it
    state,  -- open, closed or snoozed
    previous_state,  -- NULL: the conversation begins here
    begun_by_role,  -- customer, teammate, bot, ...
    begun_by_id,
    to_timestamp(from_epoch) as from_at,
    from_epoch,
    to_timestamp(to_epoch) as to_at,  -- NULL: still going on
    to_epoch,
    case when end_epoch < from_epoch then 0 else end_epoch - from_epoch end as seconds,
    case
        when end_epoch < from_epoch then 0
        else end_business_clock_seconds - from_business_clock_seconds
    end as business_seconds,
    ended_by_role  -- who did what ended it: customer, teammate, bot, ...; NULL: still going on
from ends
