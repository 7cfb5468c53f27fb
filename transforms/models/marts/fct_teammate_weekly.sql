-- One row per teammate and week (beginning on Monday) in which the teammate replied, closed, owned, handed over or was rated.
with

events as (
    select
        int_events.conversation_id,
        int_events.seq,
        int_events.at_epoch,
        int_events.author_id as admin_id,
        int_events.is_reply,
        int_events.kind,
        local_slots.week_start
    from int_events
    inner join local_slots on cast(floor(int_events.at_epoch / 900) as bigint) = local_slots.slot_id
    where int_events.author_role = 'teammate' and int_events.author_id is not null
),

activity as (
    select
        admin_id,
        week_start,
        count(distinct case when is_reply then conversation_id end) as count_replied_conversations,
        sum(case when is_reply then 1 else 0 end) as count_replies,
        sum(case when kind = 'close' then 1 else 0 end) as count_closes
    from events
    where is_reply or kind = 'close'
    group by admin_id, week_start
),

-- a closed span that ends is a conversation that came back
closes as (
    select
        events.admin_id,
        events.week_start,
        events.conversation_id,
        case when int_state_spans.to_epoch <= int_state_spans.from_epoch + 604800 then 1 else 0 end as is_reopened
    from events
    inner join int_state_spans
        on events.conversation_id = int_state_spans.conversation_id
        and events.seq = int_state_spans.first_seq
        and int_state_spans.state = 'closed'
),

own_open_seconds as (
    select conversation_id, admin_id, sum(open_seconds) as open_seconds
    from int_assignment_spans
    where admin_id is not null
    group by conversation_id, admin_id
),

closed_conversations as (
    select distinct admin_id, week_start, conversation_id
    from closes
),

handling as (
    select
        closed_conversations.admin_id,
        closed_conversations.week_start,
        median(own_open_seconds.open_seconds) as median_handling_seconds
    from closed_conversations
    inner join own_open_seconds
        on closed_conversations.conversation_id = own_open_seconds.conversation_id
        and closed_conversations.admin_id = own_open_seconds.admin_id
    group by closed_conversations.admin_id, closed_conversations.week_start
),

reopens as (
    select admin_id, week_start, count(*) as count_own_closes, sum(is_reopened) as count_reopened
    from closes
    group by admin_id, week_start
),

weeks as (
    select week_start, min(starts_at_epoch) as starts_at_epoch, max(ends_at_epoch) as ends_at_epoch
    from calendar_days
    group by week_start
),

open_spans as (
    select
        int_status_spans.admin_id,
        int_status_spans.from_epoch,
        case
            when int_status_spans.to_epoch <= build_clock.now_epoch then int_status_spans.to_epoch
            else build_clock.now_epoch
        end as to_epoch
    from int_status_spans
    cross join build_clock
    where int_status_spans.state = 'open' and int_status_spans.admin_id is not null
),

ownership as (
    select
        open_spans.admin_id,
        weeks.week_start,
        sum(
            case when open_spans.to_epoch < weeks.ends_at_epoch then open_spans.to_epoch else weeks.ends_at_epoch end
            - case
                when open_spans.from_epoch > weeks.starts_at_epoch then open_spans.from_epoch
                else weeks.starts_at_epoch
            end
        ) as owned_seconds
    from open_spans
    inner join weeks
        on open_spans.from_epoch < weeks.ends_at_epoch and open_spans.to_epoch > weeks.starts_at_epoch
    where open_spans.from_epoch < open_spans.to_epoch
    group by open_spans.admin_id, weeks.week_start
),

first_responses as (
    select
        fct_response_turns.admin_id,
        local_slots.week_start,
        count(*) as count_first_responses,
        median(fct_response_turns.response_seconds) as median_first_response_seconds
    from fct_response_turns
    inner join local_slots
        on cast(floor(fct_response_turns.answered_at_epoch / 900) as bigint) = local_slots.slot_id
    where fct_response_turns.is_first and fct_response_turns.admin_id is not null
    group by fct_response_turns.admin_id, local_slots.week_start
),

moves as (
    select to_admin_id as admin_id, handed_over_at_epoch, 1 as count_in, 0 as count_out
    from fct_handovers
    where kind in ('teammate_to_teammate', 'bot_to_teammate')
    union all
    select from_admin_id as admin_id, handed_over_at_epoch, 0 as count_in, 1 as count_out
    from fct_handovers
    where kind in ('teammate_to_teammate', 'to_unassigned')
),

handovers as (
    select
        moves.admin_id,
        local_slots.week_start,
        sum(moves.count_in) as count_handovers_in,
        sum(moves.count_out) as count_handovers_out
    from moves
    inner join local_slots on cast(floor(moves.handed_over_at_epoch / 900) as bigint) = local_slots.slot_id
    group by moves.admin_id, local_slots.week_start
),

ratings as (
    select
        fct_csat.admin_id,
        local_slots.week_start,
        count(*) as count_ratings,
        sum(case when fct_csat.is_positive then 1 else 0 end) as count_positive_ratings
    from fct_csat
    inner join local_slots on cast(floor(fct_csat.rated_at_epoch / 900) as bigint) = local_slots.slot_id
    where fct_csat.admin_id is not null
    group by fct_csat.admin_id, local_slots.week_start
),

team_lists as (
    select
        stg_team_admins.admin_id,
        string_agg(coalesce(stg_teams.name, stg_team_admins.team_id), ', '
            order by coalesce(stg_teams.name, stg_team_admins.team_id)) as teams
    from stg_team_admins
    left join stg_teams on stg_team_admins.team_id = stg_teams.team_id
    group by stg_team_admins.admin_id
),

keys as (
    select admin_id, week_start from activity
    union
    select admin_id, week_start from ownership
    union
    select admin_id, week_start from handovers
    union
    select admin_id, week_start from ratings
)

select
    keys.admin_id,
    keys.week_start,  -- Monday, in the workspace's time zone
    stg_admins.name as admin_name,  -- NULL: has left the workspace
    team_lists.teams,  -- the teammate's teams now, in alphabetical order, separated by ', '
    coalesce(activity.count_replied_conversations, 0) as count_replied_conversations,
    cast(coalesce(activity.count_replies, 0) as bigint) as count_replies,
    cast(coalesce(activity.count_closes, 0) as bigint) as count_closes,
    cast(coalesce(ownership.owned_seconds, 0) as bigint) as owned_seconds,  -- of open conversations, added up, in this week
    handling.median_handling_seconds,  -- own open time in the conversations that the teammate closed in this week
    coalesce(first_responses.count_first_responses, 0) as count_first_responses,
    first_responses.median_first_response_seconds,  -- of the first turns that the teammate answered in this week
    cast(coalesce(handovers.count_handovers_in, 0) as bigint) as count_handovers_in,
    cast(coalesce(handovers.count_handovers_out, 0) as bigint) as count_handovers_out,
    -- of the own closes: open again within 7 days; NULL: closed nothing
    cast(reopens.count_reopened as double) / reopens.count_own_closes as reopen_rate,
    coalesce(ratings.count_ratings, 0) as count_ratings,
    cast(ratings.count_positive_ratings as double) / ratings.count_ratings as csat  -- ratings of 4 and 5; NULL: none
from keys
left join stg_admins on keys.admin_id = stg_admins.admin_id
left join team_lists on keys.admin_id = team_lists.admin_id
left join activity on keys.admin_id = activity.admin_id and keys.week_start = activity.week_start
left join ownership on keys.admin_id = ownership.admin_id and keys.week_start = ownership.week_start
left join handling on keys.admin_id = handling.admin_id and keys.week_start = handling.week_start
left join reopens on keys.admin_id = reopens.admin_id and keys.week_start = reopens.week_start
left join first_responses
    on keys.admin_id = first_responses.admin_id and keys.week_start = first_responses.week_start
left join handovers on keys.admin_id = handovers.admin_id and keys.week_start = handovers.week_start
left join ratings on keys.admin_id = ratings.admin_id and keys.week_start = ratings.week_start
