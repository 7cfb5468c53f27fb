-- One row per move of a conversation into or out of a team's open or snoozed conversations, on the day on which it happens.
-- A conversation that gets its first team on the day on which it begins is that team's from its beginning.
-- incremental: conversation_id
with

days as (
    -- what has not happened yet is on no day; to leave it out here would make DuckDB expect next to no rows
    select
        int_status_spans.*,
        int_status_spans.from_epoch <= build_clock.now_epoch as is_past,
        case when int_status_spans.from_epoch <= build_clock.now_epoch then local_slots.day end as day
    from int_status_spans
    cross join build_clock
    left join local_slots on cast(floor(int_status_spans.from_epoch / 900) as bigint) = local_slots.slot_id
),

first_places as (
    select
        conversation_id,
        min(case when team_id is not null and is_past then first_seq end) as first_seq,
        max(case when previous_state is null then day end) as beginning_day
    from days
    group by conversation_id
),

first_teams as (
    select days.conversation_id, days.team_id, days.first_seq
    from first_places
    inner join days
        on first_places.conversation_id = days.conversation_id
        and first_places.first_seq = days.first_seq
        and first_places.beginning_day = days.day
),

steps as (
    select
        days.conversation_id,
        days.first_seq,
        days.day,
        days.state,
        days.previous_state,
        coalesce(
            days.team_id, case when days.first_seq < first_teams.first_seq then first_teams.team_id end, 'none'
        ) as team_id,
        -- the span before begins earlier than this one, and so before the first team when this one is not after that
        coalesce(
            days.previous_team_id, case when days.first_seq <= first_teams.first_seq then first_teams.team_id end, 'none'
        ) as previous_team_id
    from days
    left join first_teams on days.conversation_id = first_teams.conversation_id
)

select
    conversation_id,
    first_seq,  -- the event that did it
    day,
    team_id,  -- 'none': no team
    state,  -- open or snoozed
    case
        when previous_state is null then 'opened'
        when previous_state = 'closed' then 'reopened'
        else 'moved_in'
    end as kind  -- of entering: opened, reopened or moved_in (from another team or state); of leaving: closed or moved_out
from steps
where
    state <> 'closed'
    and day is not null
    and (previous_state is null or previous_state <> state or previous_team_id <> team_id)
union all
select
    conversation_id,
    first_seq,
    day,
    previous_team_id as team_id,
    previous_state as state,
    case when state = 'closed' then 'closed' else 'moved_out' end as kind
from steps
where
    previous_state <> 'closed'
    and day is not null
    and (previous_state <> state or previous_team_id <> team_id)
