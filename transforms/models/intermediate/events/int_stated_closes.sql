-- One row per first and last close in Intercom's statistics that may be none of the parts': what the parts say of that moment.
-- ephemeral: int_events would be too long in one file
with

-- the closes in Intercom's statistics that may be none of the parts': nearly all are the first or the last of these
stated_closes as (
    select
        conversations.conversation_id,
        'first_close' as event_id,
        conversations.statistics_first_close_at_epoch as at_epoch
    from int_classified_conversations as conversations
    inner join int_part_landmarks as landmarks on conversations.conversation_id = landmarks.conversation_id
    inner join qa_conversation_completeness as completeness
        on conversations.conversation_id = completeness.conversation_id
    where
        conversations.statistics_first_close_at_epoch <> coalesce(landmarks.first_close_at_epoch, -1)
        and conversations.statistics_first_close_at_epoch
        <> coalesce(conversations.statistics_last_close_at_epoch, -1)
        -- what happened among missing parts is not known, nor what came after it
        and (
            completeness.has_all_parts
            or conversations.statistics_first_close_at_epoch >= landmarks.first_part_at_epoch
        )
    union all
    select
        conversations.conversation_id,
        'last_close' as event_id,
        conversations.statistics_last_close_at_epoch as at_epoch
    from int_classified_conversations as conversations
    inner join int_part_landmarks as landmarks on conversations.conversation_id = landmarks.conversation_id
    inner join qa_conversation_completeness as completeness
        on conversations.conversation_id = completeness.conversation_id
    where
        (
            conversations.statistics_last_close_at_epoch <> coalesce(landmarks.last_close_at_epoch, -1)
            or landmarks.state_code = 0
        )
        and (
            completeness.has_all_parts
            or conversations.state = 'closed'
            or conversations.statistics_last_close_at_epoch >= landmarks.first_part_at_epoch
        )
),

-- what the parts say of those moments
around_closes as (
    select
        stated.conversation_id,
        stated.event_id,
        stated.at_epoch,
        max(case when parts.at_epoch <= stated.at_epoch then parts.place end) as place,
        max(case when parts.at_epoch <= stated.at_epoch then parts.place + parts.state_set end) % 8
            as state_code,
        max(case when parts.at_epoch = stated.at_epoch and parts.state_set = 1 then 1 else 0 end)
            as is_of_a_part,
        -- a close that a part shows a moment before, with nothing but a customer's messages in between, is the same one
        max(
            case when parts.at_epoch <= stated.at_epoch and parts.action_code <= 4
                then parts.place + parts.action_code
            end
        ) % 8 = 1
        and max(
            case when parts.at_epoch <= stated.at_epoch and parts.action_code <= 4 then parts.at_epoch end
        ) >= stated.at_epoch - 60 as is_of_the_part_before,
        max(case when parts.at_epoch <= stated.at_epoch and parts.action_code = 1 then parts.place end)
            as close_place,
        min(case when parts.at_epoch > stated.at_epoch then parts.place + parts.state_set end) % 8
            as next_state_code,
        min(case when parts.at_epoch > stated.at_epoch and parts.state_set = 1 then parts.at_epoch end)
            as next_close_at_epoch
    from stated_closes as stated
    inner join int_ordered_parts as parts on stated.conversation_id = parts.conversation_id
    group by stated.conversation_id, stated.event_id, stated.at_epoch
)

select
    conversation_id,
    event_id,  -- first_close or last_close
    at_epoch,
    place,  -- of the last part until then
    close_place,  -- of the last part until then that closes
    next_state_code,
    is_of_the_part_before,
    state_code <> 1
    and is_of_a_part = 0
    and not coalesce(is_of_the_part_before, false)
    -- a close that a part shows a moment later, with nothing in between that opened it, is the same one
    and not coalesce(next_state_code = 1 and next_close_at_epoch <= at_epoch + 60, false) as is_unseen  -- no part shows it
from around_closes
