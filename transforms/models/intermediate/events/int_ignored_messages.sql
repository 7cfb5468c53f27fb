-- One row per message after a close, also one without a part, that opens nothing, though the conversation was opened later.
-- ephemeral: int_events would be too long in one file
with

-- what sets a state where customers have written into a closed conversation
states_around_messages as (
    select
        parts.conversation_id,
        parts.place,
        parts.at_epoch,
        parts.is_plain_message,
        max(case when parts.action_code <= 4 then parts.place + parts.action_code end) over (
            partition by parts.conversation_id order by parts.place
            rows between unbounded preceding and 1 preceding
        ) % 8 as last_action_code,
        max(case when parts.action_code <= 4 then parts.at_epoch end) over (
            partition by parts.conversation_id order by parts.place
            rows between unbounded preceding and 1 preceding
        ) as last_action_at_epoch,
        min(case when parts.action_code <= 4 then parts.place + parts.action_code end) over (
            partition by parts.conversation_id order by parts.place
            rows between 1 following and unbounded following
        ) % 8 as next_action_code,
        min(case when parts.action_code <= 4 then parts.at_epoch end) over (
            partition by parts.conversation_id order by parts.place
            rows between 1 following and unbounded following
        ) as next_action_at_epoch,
        lead(parts.state_set) over (partition by parts.conversation_id order by parts.place) as next_state_code,
        conversations.statistics_first_close_at_epoch as first_close_at_epoch,  -- those that Intercom knows of
        conversations.statistics_last_close_at_epoch as last_close_at_epoch
    from int_part_landmarks as landmarks
    inner join int_classified_conversations as conversations on landmarks.conversation_id = conversations.conversation_id
    inner join int_ordered_parts as parts on landmarks.conversation_id = parts.conversation_id
    where
        parts.state_set is not null
        and landmarks.last_message_place is not null
        and (
            (
                landmarks.last_message_place > landmarks.first_close_place
                and landmarks.last_reopen_place > landmarks.first_close_place
            )
            -- a close that left no part may come before every part that closes
            or conversations.statistics_first_close_at_epoch <> coalesce(landmarks.first_close_at_epoch, -1)
            or conversations.statistics_last_close_at_epoch <> coalesce(landmarks.last_close_at_epoch, -1)
        )
)

select conversation_id, place
from states_around_messages
where
    is_plain_message
    and (
        -- a part that opens it proves that it was closed until then, unless Intercom knows of a close in between
        (
            (
                last_action_code = 1
                or (first_close_at_epoch > coalesce(last_action_at_epoch, 0) and first_close_at_epoch <= at_epoch)
                or (last_close_at_epoch > coalesce(last_action_at_epoch, 0) and last_close_at_epoch <= at_epoch)
            )
            and next_action_code = 3
            and next_action_at_epoch > at_epoch + 60
            and not coalesce(
                first_close_at_epoch >= at_epoch
                and first_close_at_epoch > coalesce(last_action_at_epoch, 0)
                and first_close_at_epoch < next_action_at_epoch,
                false
            )
            and not coalesce(
                last_close_at_epoch >= at_epoch
                and last_close_at_epoch > coalesce(last_action_at_epoch, 0)
                and last_close_at_epoch < next_action_at_epoch,
                false
            )
        )
        -- Intercom says of the close before that it came after the message; in the second of the part the ids tell
        or (
            last_action_code = 1
            and next_state_code = 0
            and (
                (
                    first_close_at_epoch >= at_epoch
                    and first_close_at_epoch > last_action_at_epoch
                    and first_close_at_epoch <= last_action_at_epoch + 60
                )
                or (
                    last_close_at_epoch >= at_epoch
                    and last_close_at_epoch > last_action_at_epoch
                    and last_close_at_epoch <= last_action_at_epoch + 60
                )
            )
        )
    )
