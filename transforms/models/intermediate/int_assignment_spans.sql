-- One row per stretch of time in which a conversation belongs to one teammate and team (or to nobody), without a gap.
-- An assignment to a team takes the teammate away; one to a teammate, a bot or nobody leaves the team as it is.
-- incremental: conversation_id
with

with_setters as (
    select
        conversation_id,
        seq,
        at_epoch,
        state_after,
        to_admin_id,
        to_team_id,
        -- how many events have set the teammate, and the team: constant until the next one does
        sum(case when sets_teammate then 1 else 0 end) over (
            partition by conversation_id order by seq rows between unbounded preceding and current row
        ) as admin_run,
        sum(case when sets_team then 1 else 0 end) over (
            partition by conversation_id order by seq rows between unbounded preceding and current row
        ) as team_run,
        lead(at_epoch) over (partition by conversation_id order by seq) as next_epoch
    from int_events
    -- what changes neither state nor owner only cuts a stretch in two, and the sum is the same
    where sets_teammate or sets_team or state_after <> state_before
),

measured as (
    select
        with_setters.*,
        -- what comes after "now" has not passed yet
        case
            when with_setters.next_epoch <= build_clock.now_epoch then with_setters.next_epoch
            else build_clock.now_epoch
        end - with_setters.at_epoch as seconds
    from with_setters
    cross join build_clock
),

runs as (
    select
        conversation_id,
        admin_run,
        team_run,
        min(seq) as first_seq,
        min(at_epoch) as from_epoch,
        max(to_admin_id) as set_admin_id,
        max(to_team_id) as set_team_id,
        sum(case when state_after = 'open' and seconds > 0 then seconds else 0 end) as open_seconds
    from measured
    group by conversation_id, admin_run, team_run
),

owners as (
    select
        runs.*,
        max(set_admin_id) over (partition by conversation_id, admin_run) as admin_id,
        max(set_team_id) over (partition by conversation_id, team_run) as team_id
    from runs
),

with_previous as (
    select
        owners.*,
        lag(admin_id) over (partition by conversation_id order by first_seq) as previous_admin_id,
        lag(team_id) over (partition by conversation_id order by first_seq) as previous_team_id
    from owners
),

with_spans as (
    -- an assignment to the one who has it already begins no new span
    select
        with_previous.*,
        sum(
            case
                when first_seq = 0
                    or coalesce(admin_id, '') <> coalesce(previous_admin_id, '')
                    or coalesce(team_id, '') <> coalesce(previous_team_id, '')
                    then 1
                else 0
            end
        ) over (partition by conversation_id order by first_seq rows between unbounded preceding and current row) as span
    from with_previous
),

spans as (
    select
        conversation_id,
        span,
        max(admin_id) as admin_id,
        max(team_id) as team_id,
        min(first_seq) as first_seq,
        min(from_epoch) as from_epoch,
        sum(open_seconds) as open_seconds
    from with_spans
    group by conversation_id, span
),

with_ends as (
    select
        spans.*,
        lead(from_epoch) over (partition by conversation_id order by span) as to_epoch
    from spans
)

select
    conversation_id,
    cast(span as bigint) as span,  -- 1, 2, ... within the conversation
    admin_id,  -- NULL: no teammate (nobody, or a bot)
    team_id,  -- NULL: no team
    first_seq,  -- the event that began it: the opening message, an assignment, or an inferred event
    to_timestamp(from_epoch) as from_at,
    from_epoch,
    to_timestamp(to_epoch) as to_at,  -- NULL: still going on
    to_epoch,
    cast(open_seconds as bigint) as open_seconds  -- snoozed and closed time cut out
from with_ends
