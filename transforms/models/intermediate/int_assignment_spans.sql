-- One row per stretch of time in which a conversation belongs to one teammate and team (or to nobody), without a gap.
-- An assignment to a team takes the teammate away; one to a teammate, a bot or nobody leaves the team as it is.
-- incremental: conversation_id
with

-- the last assignment before one that no part shows, in the same second
told_before as (
    select
        inferred.conversation_id,
        inferred.seq as inferred_seq,
        inferred.to_admin_id,
        inferred.to_team_id,
        max(told.seq) as seq
    from int_events as inferred
    inner join int_events as told
        on inferred.conversation_id = told.conversation_id
        and inferred.at_epoch = told.at_epoch
    where
        inferred.is_inferred
        and inferred.sets_teammate
        and told.sets_teammate
        and not told.is_inferred
        and told.seq > 0
    group by inferred.conversation_id, inferred.seq, inferred.to_admin_id, inferred.to_team_id
),

-- of a team and a teammate assigned in one step a part shows one, and the conversation's own fields show both
in_one_step as (
    select told_before.*
    from told_before
    inner join int_events as told
        on told_before.conversation_id = told.conversation_id
        and told_before.seq = told.seq
        and (
            told.to_admin_id = told_before.to_admin_id
            or (told.to_admin_id is null and told.to_team_id = told_before.to_team_id)
        )
),

-- the part has the place of both: a reply or close in its second comes before or after it
assignments as (
    select
        int_events.conversation_id,
        int_events.seq,
        int_events.at_epoch,
        case when merged.seq is null then int_events.to_admin_id else merged.to_admin_id end as to_admin_id,
        case when merged.seq is null then int_events.to_team_id else merged.to_team_id end as to_team_id,
        int_events.sets_team or merged.seq is not null as sets_team
    from int_events
    left join in_one_step as merged
        on int_events.conversation_id = merged.conversation_id and int_events.seq = merged.seq
    left join in_one_step as told
        on int_events.conversation_id = told.conversation_id and int_events.seq = told.inferred_seq
    where int_events.sets_teammate and told.seq is null
),

-- what sets the team sets the teammate, too
owners as (
    select
        conversation_id,
        seq,
        at_epoch,
        to_admin_id as admin_id,
        lag(to_admin_id) over (partition by conversation_id order by seq) as previous_admin_id,
        -- a number of ten digits before the id: the greatest is the last one that was set
        max(case when sets_team then cast(1000000000 + seq as varchar) || coalesce(to_team_id, '') end) over (
            partition by conversation_id order by seq rows between unbounded preceding and current row
        ) as team_set,
        max(case when sets_team then cast(1000000000 + seq as varchar) || coalesce(to_team_id, '') end) over (
            partition by conversation_id order by seq rows between unbounded preceding and 1 preceding
        ) as previous_team_set
    from assignments
),

-- an assignment to the one who has it already begins no new span
spans as (
    select
        conversation_id,
        row_number() over (partition by conversation_id order by seq) as span,
        admin_id,
        nullif(substring(team_set, 11), '') as team_id,
        previous_admin_id,
        nullif(substring(previous_team_set, 11), '') as previous_team_id,
        seq as first_seq,
        lead(seq) over (partition by conversation_id order by seq) as next_seq,
        at_epoch as from_epoch,
        lead(at_epoch) over (partition by conversation_id order by seq) as to_epoch
    from owners
    where
        seq = 0
        or coalesce(admin_id, '') <> coalesce(previous_admin_id, '')
        or substring(team_set, 11) <> substring(previous_team_set, 11)
),

-- where it overlaps with a span in which the conversation is open; what comes after "now" has not passed yet
open_times as (
    select
        spans.conversation_id,
        spans.first_seq,
        case when states.from_epoch > spans.from_epoch then states.from_epoch else spans.from_epoch end as from_epoch,
        case
            when states.to_epoch <= build_clock.now_epoch
                and (spans.to_epoch is null or states.to_epoch <= spans.to_epoch)
                then states.to_epoch
            when spans.to_epoch <= build_clock.now_epoch then spans.to_epoch
            else build_clock.now_epoch
        end as to_epoch
    from spans
    inner join int_state_spans as states
        on spans.conversation_id = states.conversation_id
        and (states.next_seq is null or states.next_seq > spans.first_seq)
        and (spans.next_seq is null or spans.next_seq > states.first_seq)
    cross join build_clock
    where states.state = 'open'
),

open_seconds as (
    select
        conversation_id,
        first_seq,
        sum(to_epoch - from_epoch) as open_seconds
    from open_times
    where to_epoch > from_epoch
    group by conversation_id, first_seq
)

select
    spans.conversation_id,
    cast(spans.span as bigint) as span,  -- 1, 2, ... within the conversation
    spans.admin_id,  -- NULL: no teammate (nobody, or a bot)
    spans.team_id,  -- NULL: no team
    spans.previous_admin_id,  -- of the span before; NULL also in the first
    spans.previous_team_id,
    spans.first_seq,  -- the event that began it: the opening message, an assignment, or an inferred event
    spans.next_seq,  -- the event that ended it; NULL: still going on
    to_timestamp(spans.from_epoch) as from_at,
    spans.from_epoch,
    to_timestamp(spans.to_epoch) as to_at,  -- NULL: still going on
    spans.to_epoch,
    cast(coalesce(open_seconds.open_seconds, 0) as bigint) as open_seconds  -- snoozed and closed time cut out
from spans
left join open_seconds
    on spans.conversation_id = open_seconds.conversation_id and spans.first_seq = open_seconds.first_seq
