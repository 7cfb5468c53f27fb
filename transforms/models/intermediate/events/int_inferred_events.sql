-- One row per event that only the conversation's own fields show: a close, a change of the state, or of teammate and team.
-- Where the parts do not lead to the state, teammate and team that the conversation has, an inferred event does: a change without
-- a part, or team and teammate assigned in one step. A first or last close that Intercom's statistics know and no part shows
-- (closing many at once leaves none) is an inferred event, too.
-- ephemeral: int_events would be too long in one file
with

last_unseen_closes as (
    select
        conversation_id,
        max(at_epoch) as at_epoch,
        max(case when next_state_code is null then 1 else 0 end) as is_closed
    from int_stated_closes
    where is_unseen
    group by conversation_id
),

inferred_states as (
    select
        conversations.conversation_id,
        case
            when conversations.state <> 'closed' and last_unseen_closes.at_epoch > landmarks.last_at_epoch
                then last_unseen_closes.at_epoch
            when conversations.state <> 'closed' then landmarks.last_at_epoch
            when conversations.statistics_last_close_at_epoch >= landmarks.state_set_at_epoch
                then conversations.statistics_last_close_at_epoch
            when conversations.updated_at_epoch >= landmarks.last_at_epoch then conversations.updated_at_epoch
            else landmarks.last_at_epoch
        end as at_epoch,
        case conversations.state when 'open' then 0 when 'closed' then 1 when 'snoozed' then 2 end as state_set,
        coalesce(
            conversations.state = 'closed'
            and conversations.statistics_last_close_at_epoch >= landmarks.state_set_at_epoch,
            false
        ) as is_last_close
    from int_classified_conversations as conversations
    inner join int_part_landmarks as landmarks on conversations.conversation_id = landmarks.conversation_id
    left join last_unseen_closes on conversations.conversation_id = last_unseen_closes.conversation_id
    left join int_stayed_closed as stayed_closed on conversations.conversation_id = stayed_closed.conversation_id
    where
        conversations.state in ('open', 'closed', 'snoozed')
        and conversations.state <> case
            when stayed_closed.conversation_id is not null or last_unseen_closes.is_closed = 1 then 'closed'
            when landmarks.state_code = 0 then 'open'
            when landmarks.state_code = 1 then 'closed'
            else 'snoozed'
        end
),

inferred_owners as (
    select
        conversations.conversation_id,
        case
            when conversations.statistics_last_assignment_at_epoch >= last_owners.assigned_at_epoch
                then conversations.statistics_last_assignment_at_epoch
            else landmarks.last_at_epoch
        end as at_epoch,
        conversations.owner_admin_id as to_admin_id,
        conversations.team_assignee_id as to_team_id,
        case
            when conversations.owner_admin_id is not null then 'teammate'
            when conversations.team_assignee_id is not null then 'team'
            else 'nobody'
        end as to_role
    from int_classified_conversations as conversations
    inner join int_part_landmarks as landmarks on conversations.conversation_id = landmarks.conversation_id
    inner join int_last_owners as last_owners on conversations.conversation_id = last_owners.conversation_id
    where
        coalesce(conversations.owner_admin_id, '') <> coalesce(last_owners.admin_id, '')
        or (
            not last_owners.has_kept_team
            and coalesce(conversations.team_assignee_id, '') <> coalesce(last_owners.team_id, '')
        )
),

inferences as (
    select
        conversation_id,
        'state' as event_id,
        at_epoch,
        is_last_close,
        case state_set when 0 then 3 else state_set end as action_code,
        state_set,
        cast(null as varchar) as to_role,
        cast(null as varchar) as to_admin_id,
        cast(null as varchar) as to_team_id
    from inferred_states
    union all
    select
        conversation_id,
        event_id,
        at_epoch,
        event_id = 'last_close' as is_last_close,
        1 as action_code,
        1 as state_set,
        cast(null as varchar) as to_role,
        cast(null as varchar) as to_admin_id,
        cast(null as varchar) as to_team_id
    from int_stated_closes
    where is_unseen
    union all
    select
        conversation_id,
        'owner' as event_id,
        at_epoch,
        false as is_last_close,
        5 as action_code,
        cast(null as integer) as state_set,
        to_role,
        to_admin_id,
        to_team_id
    from inferred_owners
),

-- Intercom names the teammate of the last close by one, who made the last close of all if none of the parts is that close; where
-- parts are missing it may be one of these, unless the conversation was closed once
closers as (
    select conversations.conversation_id, conversations.closer_role, conversations.statistics_last_closed_by_id as author_id
    from int_classified_conversations as conversations
    inner join qa_conversation_completeness as completeness
        on conversations.conversation_id = completeness.conversation_id
    left join int_ordered_parts as own_closes
        on conversations.conversation_id = own_closes.conversation_id
        and conversations.statistics_last_closed_by_id = own_closes.author_id
        and own_closes.action_code = 1
    where
        conversations.statistics_last_closed_by_id is not null
        and own_closes.conversation_id is null
        and (
            completeness.has_all_parts
            or conversations.statistics_first_close_at_epoch = conversations.statistics_last_close_at_epoch
        )
),

-- after the last message or part of its time
inferred_places as (
    select inferences.conversation_id, inferences.event_id, max(parts.place) as place
    from inferences
    inner join int_ordered_parts as parts
        on inferences.conversation_id = parts.conversation_id and parts.at_epoch <= inferences.at_epoch
    group by inferences.conversation_id, inferences.event_id
)

select
    inferences.conversation_id,
    inferences.event_id,
    inferences.at_epoch,
    coalesce(closers.closer_role, 'unknown') as author_role,
    closers.author_id,
    inferences.action_code,
    inferences.to_role,
    inferences.to_admin_id,
    inferences.to_team_id,
    -- between two places: up to four of them may follow the same part, in the order of their times, the close first, the owner last
    inferred_places.place + row_number() over (
        partition by inferences.conversation_id
        order by inferences.at_epoch, inferences.action_code, inferences.event_id
    ) as place,
    inferences.state_set
from inferences
inner join inferred_places
    on inferences.conversation_id = inferred_places.conversation_id
    and inferences.event_id = inferred_places.event_id
left join closers on inferences.conversation_id = closers.conversation_id and inferences.is_last_close
