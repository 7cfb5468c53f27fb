-- One row per closed conversation in which nothing but a customer's message comes after the last close: the last that Intercom
-- knows of, or one before the customer's first message, which its statistics leave out.
-- ephemeral: int_events would be too long in one file
select conversation_id, place
from (
    select
        conversations.conversation_id,
        landmarks.last_reopen_place,
        case
            when landmarks.last_close_at_epoch >= around.at_epoch then landmarks.last_close_place
            when around.is_of_the_part_before then around.close_place
            else around.place
        end as place
    from int_classified_conversations as conversations
    inner join int_part_landmarks as landmarks on conversations.conversation_id = landmarks.conversation_id
    inner join int_stated_closes as around
        on conversations.conversation_id = around.conversation_id
        and around.event_id = 'last_close'
    where
        conversations.state = 'closed'
        and landmarks.state_code = 0
        and coalesce(landmarks.last_close_at_epoch <= around.at_epoch + 60, true)
) as last_closes
where place is not null and coalesce(last_reopen_place <= place, true)
union all
select landmarks.conversation_id, landmarks.last_close_place as place
from int_part_landmarks as landmarks
inner join int_classified_conversations as conversations on landmarks.conversation_id = conversations.conversation_id
where
    conversations.state = 'closed'
    and landmarks.state_code = 0
    -- had a message opened it, there would be a close that Intercom knows of
    and conversations.statistics_count_conversation_parts is not null
    and conversations.statistics_first_close_at_epoch is null
    and conversations.statistics_last_close_at_epoch is null
    and landmarks.last_close_place < landmarks.first_message_place
    and coalesce(landmarks.last_reopen_place <= landmarks.last_close_place, true)
