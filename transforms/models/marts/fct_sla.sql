-- One row per conversation with a service level: one that Intercom applied, or an own target from the settings.
-- incremental: conversation_id
with

matching_targets as (
    select
        fct_conversations.conversation_id,
        sla_targets.first_response_seconds,
        sla_targets.next_response_seconds,
        sla_targets.resolution_seconds,
        -- the more exact target wins: team and priority, then team, then priority, then all
        row_number() over (
            partition by fct_conversations.conversation_id
            order by
                case when sla_targets.team_id is null then 0 else 2 end
                + case when sla_targets.priority is null then 0 else 1 end desc,
                coalesce(sla_targets.first_response_seconds, 0),
                coalesce(sla_targets.next_response_seconds, 0),
                coalesce(sla_targets.resolution_seconds, 0)
        ) as place
    from fct_conversations
    inner join sla_targets
        on (sla_targets.team_id is null or sla_targets.team_id = fct_conversations.team_assignee_id)
        and (sla_targets.priority is null or sla_targets.priority = fct_conversations.priority)
    where fct_conversations.is_customer_initiated
),

waits as (
    select
        conversation_id,
        max(case when is_first then waited_business_seconds end) as first_response_seconds,
        max(case when not is_first then waited_business_seconds end) as next_response_seconds
    from int_turns
    group by conversation_id
),

measured as (
    select
        fct_conversations.conversation_id,
        fct_conversations.sla_name,
        fct_conversations.sla_status,
        fct_conversations.channel,
        fct_conversations.priority,
        coalesce(fct_conversations.team_assignee_id, 'none') as team_id,
        fct_conversations.admin_assignee_id as admin_id,
        fct_conversations.created_on,
        targets.first_response_seconds as first_response_target_seconds,
        targets.next_response_seconds as next_response_target_seconds,
        targets.resolution_seconds as resolution_target_seconds,
        waits.first_response_seconds,
        waits.next_response_seconds,
        case
            when fct_conversations.is_closed then fct_conversations.resolution_business_seconds
            else int_conversation_clocks.now_business_clock_seconds - opening.business_clock_seconds
        end as resolution_seconds
    from fct_conversations
    inner join int_conversation_clocks
        on fct_conversations.conversation_id = int_conversation_clocks.conversation_id
    inner join int_events as opening
        on fct_conversations.conversation_id = opening.conversation_id and opening.seq = 0
    left join matching_targets as targets
        on fct_conversations.conversation_id = targets.conversation_id and targets.place = 1
    left join waits on fct_conversations.conversation_id = waits.conversation_id
    where fct_conversations.sla_name is not null or targets.conversation_id is not null
),

with_breaches as (
    select
        measured.*,
        case
            when first_response_seconds > first_response_target_seconds
                then first_response_seconds - first_response_target_seconds
            else 0
        end as first_response_breach_seconds,
        case
            when next_response_seconds > next_response_target_seconds
                then next_response_seconds - next_response_target_seconds
            else 0
        end as next_response_breach_seconds,
        case
            when resolution_seconds > resolution_target_seconds then resolution_seconds - resolution_target_seconds
            else 0
        end as resolution_breach_seconds
    from measured
)

select
    conversation_id,
    sla_name,  -- Intercom's; NULL: only an own target applies
    sla_status,  -- Intercom's: hit, missed, cancelled or active
    case when sla_status = 'hit' then true when sla_status = 'missed' then false end as is_hit,  -- rate: over what is not NULL
    channel,
    priority,
    team_id,
    admin_id,
    created_on,

    -- own targets and what they are compared with, all in business seconds; a wait that goes on is measured until now
    first_response_target_seconds,
    first_response_seconds,
    next_response_target_seconds,
    next_response_seconds,  -- the longest of the later turns
    resolution_target_seconds,
    resolution_seconds,
    first_response_breach_seconds,
    next_response_breach_seconds,
    resolution_breach_seconds,
    case
        when first_response_breach_seconds >= next_response_breach_seconds
            and first_response_breach_seconds >= resolution_breach_seconds
            then first_response_breach_seconds
        when next_response_breach_seconds >= resolution_breach_seconds then next_response_breach_seconds
        else resolution_breach_seconds
    end as breach_seconds,  -- the greatest of the three; 0: no own target is missed
    case
        when first_response_target_seconds is not null or next_response_target_seconds is not null
            or resolution_target_seconds is not null
            then first_response_breach_seconds + next_response_breach_seconds + resolution_breach_seconds > 0
    end as is_own_target_missed  -- NULL: there is no own target
from with_breaches
