-- One row per stretch of time in which a conversation belongs to one teammate and team (or to nobody), without a gap.
-- An assignment to a team takes the teammate away; one to a teammate, a bot or nobody leaves the team as it is.
-- incremental: conversation_id
with

setters as (
    select
        conversation_id,
        seq,
        at_epoch,
        state_after,
        -- a number of ten digits before the id: the greatest is the last one that was set
        case when sets_teammate then cast(1000000000 + seq as varchar) || coalesce(to_admin_id, '') end as admin_set,
        case when sets_team then cast(1000000000 + seq as varchar) || coalesce(to_team_id, '') end as team_set
    from int_events
    -- what changes neither state nor owner only cuts a stretch in two, and the sum is the same
    where sets_teammate or sets_team or state_after <> state_before
),

owners as (
    select
        conversation_id,
        seq,
        at_epoch,
        state_after,
        max(admin_set) over (
            partition by conversation_id order by seq rows between unbounded preceding and current row
        ) as admin_set,
        max(team_set) over (
            partition by conversation_id order by seq rows between unbounded preceding and current row
        ) as team_set,
        max(admin_set) over (
            partition by conversation_id order by seq rows between unbounded preceding and 1 preceding
        ) as previous_admin_set,
        max(team_set) over (
            partition by conversation_id order by seq rows between unbounded preceding and 1 preceding
        ) as previous_team_set,
        lead(at_epoch) over (partition by conversation_id order by seq) as next_epoch
    from setters
),

measured as (
    select
        owners.conversation_id,
        owners.seq,
        owners.at_epoch,
        owners.state_after,
        nullif(substring(owners.admin_set, 11), '') as admin_id,
        nullif(substring(owners.team_set, 11), '') as team_id,
        -- an assignment to the one who has it already begins no new span
        case
            when owners.seq = 0
                or substring(owners.admin_set, 11) <> substring(owners.previous_admin_set, 11)
                or substring(owners.team_set, 11) <> substring(owners.previous_team_set, 11)
                then 1
            else 0
        end as begins_span,
        -- what comes after "now" has not passed yet
        case
            when owners.next_epoch <= build_clock.now_epoch then owners.next_epoch
            else build_clock.now_epoch
        end - owners.at_epoch as seconds
    from owners
    cross join build_clock
),

with_spans as (
    select
        measured.*,
        sum(begins_span) over (
            partition by conversation_id order by seq rows between unbounded preceding and current row
        ) as span
    from measured
),

spans as (
    select
        conversation_id,
        span,
        max(admin_id) as admin_id,
        max(team_id) as team_id,
        min(seq) as first_seq,
        min(at_epoch) as from_epoch,
        sum(case when state_after = 'open' and seconds > 0 then seconds else 0 end) as open_seconds
    from with_spans
    group by conversation_id, span
),

with_ends as (
    select
        spans.*,
        lead(from_epoch) over (partition by conversation_id order by span) as to_epoch,
        lead(first_seq) over (partition by conversation_id order by span) as next_seq
    from spans
)

select
    conversation_id,
    cast(span as bigint) as span,  -- 1, 2, ... within the conversation
    admin_id,  -- NULL: no teammate (nobody, or a bot)
    team_id,  -- NULL: no team
    first_seq,  -- the event that began it: the opening message, an assignment, or an inferred event
    next_seq,  -- the event that ended it; NULL: still going on
    to_timestamp(from_epoch) as from_at,
    from_epoch,
    to_timestamp(to_epoch) as to_at,  -- NULL: still going on
    to_epoch,
    cast(open_seconds as bigint) as open_seconds  -- snoozed and closed time cut out
from with_ends
