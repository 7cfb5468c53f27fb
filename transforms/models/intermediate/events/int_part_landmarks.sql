-- One row per conversation: what its parts do first and last, and whether it began closed.
-- A conversation that a teammate, a campaign or a Series began may start closed, until somebody answers. It counts as started closed if the
-- first part that closes, snoozes or opens it is an opening, or if there is no such part, it is closed, and Intercom knows no close.
-- ephemeral: int_events would be too long in one file
with

totals as (
    select
        conversation_id,
        max(case when is_part = 0 and author_role = 'customer' then 1 else 0 end) as is_begun_by_customer,
        max(place + state_set) % 8 as state_code,
        min(case when is_customer_message then place end) as first_message_place,
        max(case when is_part = 1 and is_plain_message then place end) as last_message_place,
        min(case when action_code <= 4 then place + action_code end) as first_action_place_code,
        min(case when action_code = 3 then at_epoch end) as first_reopen_at_epoch,
        max(case when state_set is not null then at_epoch end) as state_set_at_epoch,
        min(case when state_set = 1 then at_epoch end) as first_close_at_epoch,
        min(case when state_set = 1 then place end) as first_close_place,
        max(case when state_set = 1 then at_epoch end) as last_close_at_epoch,
        max(case when state_set = 1 then place end) as last_close_place,
        max(case when action_code in (2, 3, 4) then place end) as last_reopen_place,  -- or snooze
        min(case when is_part = 1 then at_epoch end) as first_part_at_epoch,
        max(at_epoch) as last_at_epoch,
        max(case when to_role is not null then at_epoch end) as assigned_at_epoch,
        max(case when to_role is not null then place end) as assigned_place,
        max(case when to_role = 'team' then place end) as team_assigned_place
    from int_ordered_parts
    group by conversation_id
),

began_closed as (
    select
        totals.conversation_id,
        totals.first_reopen_at_epoch,
        totals.first_action_place_code - 3 as first_reopen_place  -- NULL: there was no action
    from totals
    inner join int_classified_conversations as conversations on totals.conversation_id = conversations.conversation_id
    where
        conversations.is_begun_by_us
        and totals.is_begun_by_customer = 0
        and (
            (
                totals.first_action_place_code % 8 = 3
                -- a close that Intercom knows of before that says that it was open
                and coalesce(
                    coalesce(
                        conversations.statistics_first_close_at_epoch, conversations.statistics_last_close_at_epoch
                    ) >= totals.first_reopen_at_epoch,
                    true
                )
            )
            or (
                totals.first_action_place_code is null
                and conversations.state = 'closed'
                and conversations.statistics_first_close_at_epoch is null
                and conversations.statistics_last_close_at_epoch is null
                -- an answer would have opened it; without statistics nobody says that nothing closed it afterwards
                and (
                    totals.last_message_place is null
                    or conversations.statistics_count_conversation_parts is not null
                )
            )
        )
),

-- a customer's answer may be a message and, at most a minute later, the part that opens; nothing before them opens it
beginnings as (
    select
        began_closed.conversation_id,
        began_closed.first_reopen_place,
        min(
            case when parts.at_epoch >= began_closed.first_reopen_at_epoch - 60 then parts.place end
        ) as opened_place  -- NULL: nothing has opened it
    from began_closed
    left join int_ordered_parts as parts
        on began_closed.conversation_id = parts.conversation_id
        and parts.is_part = 1
        and parts.state_set is not null
    group by began_closed.conversation_id, began_closed.first_reopen_place
)

select
    totals.conversation_id,
    beginnings.conversation_id is not null as has_begun_closed,
    beginnings.first_reopen_place,  -- of the part that opens one that has begun closed; NULL: none does
    beginnings.opened_place,  -- of that part, or of the message before it
    case
        when beginnings.conversation_id is not null and beginnings.first_reopen_place is null then 1
        else totals.state_code
    end as state_code,
    totals.first_message_place,  -- the opening message included
    totals.last_message_place,  -- of those that open by what they say
    totals.state_set_at_epoch,
    totals.first_close_at_epoch,
    totals.first_close_place,
    totals.last_close_at_epoch,
    totals.last_close_place,
    totals.last_reopen_place,
    totals.first_part_at_epoch,
    totals.last_at_epoch,
    totals.assigned_at_epoch,
    totals.assigned_place,
    totals.team_assigned_place
from totals
left join beginnings on totals.conversation_id = beginnings.conversation_id
