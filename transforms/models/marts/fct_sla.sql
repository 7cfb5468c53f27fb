-- One row per conversation with a service level: one that Intercom applied, or an own target from the settings (inbound ones).
-- Intercom calls one missed only when the late reply has come, and hit at the reply in time: among the conversations of the newest
-- days is_hit is true too often.
-- question: How often is each service level missed, and by how much?
-- incremental: conversation_id
with

matching_targets as (
    select
        fct_conversations.conversation_id,
        sla_targets.first_response_seconds,
        sla_targets.next_response_seconds,
        sla_targets.resolution_seconds,
        -- the more exact target wins, and is taken whole: team and priority, then team, then priority, then all
        row_number() over (
            partition by fct_conversations.conversation_id
            order by
                case when sla_targets.team_id is null then 0 else 2 end
                + case when sla_targets.priority is null then 0 else 1 end desc
        ) as place
    from fct_conversations
    inner join sla_targets
        on (sla_targets.team_id is null or sla_targets.team_id = fct_conversations.team_assignee_id)
        and (sla_targets.priority is null or sla_targets.priority = fct_conversations.priority)
    where fct_conversations.direction = 'inbound'
),

-- a question that was closed unanswered and opened again is still the same one
waits as (
    select
        conversation_id,
        coalesce(max(case when question = 1 and outcome <> 'closed_unanswered' then outcome end), 'closed_unanswered')
            as first_outcome,
        max(case when question = 1 then waited_business_seconds end) as first_wait_seconds,
        max(case when question > 1 then waited_business_seconds end) as next_wait_seconds,
        sum(case when question > 1 and outcome = 'waiting' then 1 else 0 end) as count_next_waiting,
        sum(case when question > 1 and outcome = 'answered' then 1 else 0 end) as count_next_answered
    from int_turns
    group by conversation_id
),

measured as (
    select
        fct_conversations.*,
        targets.first_response_seconds as first_response_target_seconds,
        targets.next_response_seconds as next_response_target_seconds,
        targets.resolution_seconds as resolution_target_seconds,
        targets.conversation_id is not null as has_own_target,
        case
            when waits.conversation_id is not null then waits.first_wait_seconds
            else fct_conversations.first_response_business_seconds
        end as first_wait_seconds,
        case
            when waits.conversation_id is not null then waits.first_outcome
            when fct_conversations.first_response_business_seconds is not null then 'answered'
        end as first_outcome,
        waits.next_wait_seconds,
        waits.count_next_waiting,
        waits.count_next_answered,
        case
            when fct_conversations.is_closed then fct_conversations.resolution_business_seconds
            when fct_conversations.asked_at_epoch > clocks.now_epoch then 0
            else cast(clocks.now_business_clock_seconds - int_since_asked.asked_business_clock_seconds as bigint)
        end as elapsed_seconds
    from fct_conversations
    left join int_since_asked on fct_conversations.conversation_id = int_since_asked.conversation_id
    left join int_conversation_clocks as clocks on fct_conversations.conversation_id = clocks.conversation_id
    left join matching_targets as targets
        on fct_conversations.conversation_id = targets.conversation_id and targets.place = 1
    left join waits on fct_conversations.conversation_id = waits.conversation_id
    where fct_conversations.sla_name is not null or targets.conversation_id is not null
),

-- closed before the customer wrote, and not opened by what they wrote: there is nothing to wait for, now or ever
judged as (
    select
        measured.*,
        case
            when first_response_target_seconds is null then null
            when first_outcome is null and has_all_parts and is_closed then 'cancelled'
            when first_outcome is null then null
            when first_wait_seconds > first_response_target_seconds then 'missed'
            when first_outcome = 'answered' then 'hit'
            when first_outcome = 'waiting' then 'active'
            else 'cancelled'
        end as first_response_status,
        case
            when next_response_target_seconds is null or not has_all_parts then null
            when next_wait_seconds > next_response_target_seconds then 'missed'
            when count_next_waiting > 0 then 'active'
            when count_next_answered > 0 then 'hit'
            when is_closed then 'cancelled'
            else 'active'
        end as next_response_status,
        case
            when resolution_target_seconds is null then null
            when elapsed_seconds is null and has_all_parts and is_closed then 'cancelled'
            when elapsed_seconds is null then null
            when elapsed_seconds > resolution_target_seconds then 'missed'
            when is_closed then 'hit'
            else 'active'
        end as resolution_status
    from measured
),

with_breaches as (
    select
        judged.*,
        case
            when first_response_status = 'missed' then first_wait_seconds - first_response_target_seconds
            when first_response_status is not null or first_response_target_seconds is null then 0
        end as first_response_breach_seconds,
        case
            when next_response_status = 'missed' then next_wait_seconds - next_response_target_seconds
            when next_response_status is not null or next_response_target_seconds is null then 0
        end as next_response_breach_seconds,
        case
            when resolution_status = 'missed' then elapsed_seconds - resolution_target_seconds
            when resolution_status is not null or resolution_target_seconds is null then 0
        end as resolution_breach_seconds
    from judged
)

select
    conversation_id,  -- see fct_conversations
    conversation_url,  -- opens it in Intercom's inbox
    sla_name,  -- Intercom's; NULL: only an own target applies
    sla_status,  -- Intercom's: hit, missed, cancelled or active (also while overdue, until a teammate replies); NULL: removed, or only an own target
    case when sla_status = 'hit' then true when sla_status = 'missed' then false end as is_hit,  -- Intercom's service level; the hit rate is over what is not NULL; NULL: not decided, overdue ones included, or removed
    channel,  -- of the conversation
    priority,  -- priority or not_priority
    coalesce(team_assignee_id, 'none') as team_id,  -- the team that has it now; 'none': no team
    team_name,  -- of team_id
    admin_assignee_id as admin_id,  -- the teammate who has it now; NULL: nobody, or a bot
    assignee_name as admin_name,  -- of admin_id
    contact_id,  -- of the conversation
    contact_name,  -- of contact_id
    created_on,  -- in the workspace's time zone
    created_week,  -- its Monday

    -- own targets, all in business seconds, a wait that goes on until now: what the most specific target of the settings promises
    -- for the team that has the conversation now, also where another team had it when the customer asked
    first_response_target_seconds,  -- own target of the priority and team that it has now, whoever answered; NULL: none
    first_wait_seconds as first_response_seconds,  -- the wait of the first question until the reply, the close or now; the longest of them, where it was closed unanswered and opened again
    first_response_status,  -- hit, missed (also in silence), active (still in time) or cancelled (closed in time without a reply, or before the customer wrote)
    first_response_breach_seconds,  -- beyond the target; 0: not missed, or no target; NULL: not known
    next_response_target_seconds,  -- own target of the priority and team that it has now, whoever answered; NULL: none
    next_wait_seconds as next_response_seconds,  -- the longest wait of the later questions
    next_response_status,  -- of the longest of these waits; cancelled: closed without need of one
    next_response_breach_seconds,  -- beyond the target; 0: not missed, or no target; NULL: not known (parts are missing)
    resolution_target_seconds,  -- own target of the priority and team that it has now; NULL: none
    elapsed_seconds as resolution_seconds,  -- from the first customer message to the last close, or until now
    resolution_status,  -- hit, missed (also while still open), active, or cancelled (closed before the customer wrote, and left so)
    resolution_breach_seconds,  -- beyond the target; 0: not missed, or no target; NULL: not known
    case
        when not has_own_target then null
        when first_response_status = 'missed' or next_response_status = 'missed' or resolution_status = 'missed'
            then 'missed'
        when
            (first_response_target_seconds is not null and first_response_status is null)
            or (next_response_target_seconds is not null and next_response_status is null)
            or (resolution_target_seconds is not null and resolution_status is null)
            then null
        when first_response_status = 'active' or next_response_status = 'active' or resolution_status = 'active'
            then 'active'
        when first_response_status = 'hit' or next_response_status = 'hit' or resolution_status = 'hit' then 'hit'
        when first_response_status = 'cancelled' or next_response_status = 'cancelled' or resolution_status = 'cancelled'
            then 'cancelled'
    end as own_status,  -- of all own targets together: missed if one is, else active if one is, else hit if one is, else cancelled; NULL: none, or one is not known and none missed
    case
        when first_response_breach_seconds is null
            or next_response_breach_seconds is null
            or resolution_breach_seconds is null
            then null
        when first_response_breach_seconds >= next_response_breach_seconds
            and first_response_breach_seconds >= resolution_breach_seconds
            then first_response_breach_seconds
        when next_response_breach_seconds >= resolution_breach_seconds then next_response_breach_seconds
        else resolution_breach_seconds
    end as breach_seconds  -- the greatest of the three; 0: no own target is missed; NULL: one of the three is not known
from with_breaches
