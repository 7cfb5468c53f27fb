-- One row per closed conversation in which nothing but a customer's message comes after the last close that Intercom knows of.
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
