-- One row per teammate and week (beginning on Monday) in which the teammate replied, closed, owned, handed over or was rated.
-- question: How many replies does each teammate write in a week?
-- incremental: week_start
with

weeks as (
    select week_start, min(starts_at_epoch) as starts_at_epoch, max(ends_at_epoch) as ends_at_epoch
    from calendar_days
    group by week_start
),

slots as (
    select local_slots.slot_id, local_slots.week_start
    from local_slots
    inner join weeks on local_slots.week_start = weeks.week_start
),

events as (
    select
        int_events.conversation_id,
        int_events.seq,
        int_events.at_epoch,
        int_events.author_id as admin_id,
        int_events.is_reply,
        int_events.kind,
        slots.week_start
    from int_events
    inner join slots on cast(floor(int_events.at_epoch / 900) as bigint) = slots.slot_id
    where int_events.author_role = 'teammate' and int_events.author_id is not null
        and (int_events.is_reply or int_events.kind = 'close')
),

-- first by conversation, because a distinct count together with all replies would sort them
conversations as (
    select
        admin_id,
        week_start,
        conversation_id,
        sum(case when is_reply then 1 else 0 end) as count_replies,
        sum(case when kind = 'close' then 1 else 0 end) as count_closes
    from events
    group by admin_id, week_start, conversation_id
),

activity as (
    select
        admin_id,
        week_start,
        sum(case when count_replies > 0 then 1 else 0 end) as count_replied_conversations,
        sum(count_replies) as count_replies,
        sum(count_closes) as count_closes
    from conversations
    group by admin_id, week_start
),

-- a closed span that ends is a conversation that came back
closes as (
    select
        events.admin_id,
        events.week_start,
        events.conversation_id,
        case when int_state_spans.to_epoch <= int_state_spans.from_epoch + 604800 then 1 else 0 end as is_reopened,
        weeks.ends_at_epoch + 604800 <= build_clock.now_epoch as is_over
    from events
    cross join build_clock
    inner join weeks on events.week_start = weeks.week_start
    -- where only the newest parts are shown, what followed a close among them is loaded, too
    inner join qa_conversation_completeness as completeness
        on events.conversation_id = completeness.conversation_id
        and completeness.has_newest_parts
    inner join int_conversation_rollup as rollup
        on events.conversation_id = rollup.conversation_id
        and (completeness.has_all_parts or events.seq >= rollup.newest_from_seq)
    inner join int_state_spans
        on events.conversation_id = int_state_spans.conversation_id
        and events.seq = int_state_spans.first_seq
        and int_state_spans.state = 'closed'
    where events.kind = 'close'
),

closed_conversations as (
    select distinct admin_id, week_start, conversation_id
    from closes
),

own_open_seconds as (
    select
        closed_conversations.admin_id,
        closed_conversations.week_start,
        closed_conversations.conversation_id,
        sum(int_assignment_spans.open_seconds) as open_seconds
    from closed_conversations
    inner join qa_conversation_completeness
        on closed_conversations.conversation_id = qa_conversation_completeness.conversation_id
        and qa_conversation_completeness.has_all_parts
    inner join int_assignment_spans
        on closed_conversations.conversation_id = int_assignment_spans.conversation_id
        and closed_conversations.admin_id = int_assignment_spans.admin_id
    group by closed_conversations.admin_id, closed_conversations.week_start, closed_conversations.conversation_id
),

handling as (
    select admin_id, week_start, median(open_seconds) as median_handling_seconds
    from own_open_seconds
    group by admin_id, week_start
),

reopens as (
    select
        admin_id,
        week_start,
        count(*) as count_own_closes,
        sum(is_reopened) as count_reopened,
        max(case when is_over then 1 else 0 end) as is_over
    from closes
    group by admin_id, week_start
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
    inner join qa_conversation_completeness as completeness
        on int_status_spans.conversation_id = completeness.conversation_id
    where
        int_status_spans.state = 'open'
        and int_status_spans.admin_id is not null
        and completeness.has_all_parts
),

placed_spans as (
    select
        open_spans.*,
        slots.week_start,
        coalesce(weeks.ends_at_epoch, 0) as week_ends_at_epoch
    from open_spans
    left join slots on cast(floor(open_spans.from_epoch / 900) as bigint) = slots.slot_id
    left join weeks on slots.week_start = weeks.week_start
    where open_spans.from_epoch < open_spans.to_epoch
),

-- most spans end in the week in which they begin, and need not be compared with every week
owned as (
    select admin_id, week_start, to_epoch - from_epoch as owned_seconds
    from placed_spans
    where to_epoch <= week_ends_at_epoch
    union all
    select
        placed_spans.admin_id,
        weeks.week_start,
        case when placed_spans.to_epoch < weeks.ends_at_epoch then placed_spans.to_epoch else weeks.ends_at_epoch end
        - case
            when placed_spans.from_epoch > weeks.starts_at_epoch then placed_spans.from_epoch
            else weeks.starts_at_epoch
        end as owned_seconds
    from placed_spans
    inner join weeks
        on placed_spans.from_epoch < weeks.ends_at_epoch and placed_spans.to_epoch > weeks.starts_at_epoch
    where placed_spans.to_epoch > placed_spans.week_ends_at_epoch
),

ownership as (
    select admin_id, week_start, sum(owned_seconds) as owned_seconds
    from owned
    group by admin_id, week_start
),

-- the first responses of fct_conversations, in the week of the reply
first_responses as (
    select
        fct_conversations.first_reply_admin_id as admin_id,
        slots.week_start,
        count(*) as count_first_responses,
        median(fct_conversations.first_response_seconds) as median_first_response_seconds
    from fct_conversations
    inner join slots
        on cast(floor(fct_conversations.first_reply_at_epoch / 900) as bigint) = slots.slot_id
    where
        fct_conversations.first_reply_admin_id is not null
        and fct_conversations.direction = 'inbound'
        and not fct_conversations.was_closed_before_first_reply
    group by fct_conversations.first_reply_admin_id, slots.week_start
),

moves as (
    select to_admin_id as admin_id, handed_over_at_epoch, 1 as count_in, 0 as count_out
    from fct_handovers
    where to_admin_id is not null and coalesce(from_admin_id, '') <> to_admin_id
    union all
    select from_admin_id as admin_id, handed_over_at_epoch, 0 as count_in, 1 as count_out
    from fct_handovers
    where from_admin_id is not null and coalesce(to_admin_id, '') <> from_admin_id
),

handovers as (
    select
        moves.admin_id,
        slots.week_start,
        sum(moves.count_in) as count_handovers_in,
        sum(moves.count_out) as count_handovers_out
    from moves
    inner join slots on cast(floor(moves.handed_over_at_epoch / 900) as bigint) = slots.slot_id
    group by moves.admin_id, slots.week_start
),

ratings as (
    select
        fct_csat.admin_id,
        slots.week_start,
        count(*) as count_ratings,
        sum(case when fct_csat.is_positive then 1 else 0 end) as count_positive_ratings
    from fct_csat
    inner join slots on cast(floor(fct_csat.rated_at_epoch / 900) as bigint) = slots.slot_id
    where fct_csat.admin_id is not null
    group by fct_csat.admin_id, slots.week_start
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
    keys.admin_id,  -- see dim_teammates
    keys.week_start,  -- Monday, in the workspace's time zone
    int_staff.name as admin_name,  -- as it is now; of one who has left, as the last parts hold it
    team_lists.teams,  -- the teammate's teams now, in alphabetical order, separated by ', '
    cast(coalesce(activity.count_replied_conversations, 0) as bigint) as count_replied_conversations,  -- in which the teammate replied in this week, of every direction, by the parts that are loaded, as the next two
    cast(coalesce(activity.count_replies, 0) as bigint) as count_replies,  -- messages that customers see, of every direction
    cast(coalesce(activity.count_closes, 0) as bigint) as count_closes,  -- a conversation closed twice counts twice
    cast(coalesce(ownership.owned_seconds, 0) as bigint) as owned_seconds,  -- assigned to the teammate and open in this week, of all conversations added up, closed later or not; without those of which parts are missing
    handling.median_handling_seconds,  -- of the conversations that the teammate closed in this week and ever had: how long each was open and assigned to the teammate
    coalesce(first_responses.count_first_responses, 0) as count_first_responses,  -- inbound conversations first answered by the teammate in this week, unless closed before it
    first_responses.median_first_response_seconds,  -- of these
    cast(coalesce(handovers.count_handovers_in, 0) as bigint) as count_handovers_in,  -- the teammate got it from another one, out of another team, or from a bot: see fct_handovers
    cast(coalesce(handovers.count_handovers_out, 0) as bigint) as count_handovers_out,  -- to another one, a team, or nobody
    case
        when reopens.is_over = 1 then cast(reopens.count_reopened as double) / reopens.count_own_closes
    end as reopen_rate,  -- of the own closes, those whose following parts may be missing left out: open again within 7 days; NULL: closed nothing, or the 7 days are not over for the whole week
    coalesce(ratings.count_ratings, 0) as count_ratings,  -- given in this week: see fct_csat
    cast(ratings.count_positive_ratings as double) / ratings.count_ratings as csat  -- ratings of 4 and 5 / ratings; NULL: none
from keys
left join int_staff on keys.admin_id = int_staff.staff_id
left join team_lists on keys.admin_id = team_lists.admin_id
left join activity on keys.admin_id = activity.admin_id and keys.week_start = activity.week_start
left join ownership on keys.admin_id = ownership.admin_id and keys.week_start = ownership.week_start
left join handling on keys.admin_id = handling.admin_id and keys.week_start = handling.week_start
left join reopens on keys.admin_id = reopens.admin_id and keys.week_start = reopens.week_start
left join first_responses
    on keys.admin_id = first_responses.admin_id and keys.week_start = first_responses.week_start
left join handovers on keys.admin_id = handovers.admin_id and keys.week_start = handovers.week_start
left join ratings on keys.admin_id = ratings.admin_id and keys.week_start = ratings.week_start
