-- error: Where parts are missing, no figure is invented from those that are left.
-- incremental: conversation_id
select conversation_id
from fct_conversations
where
    not has_all_parts
    and (
        count_replies is not null
        or count_turns is not null
        or count_closes is not null
        or count_handovers is not null
        or count_reassignments is not null
        or first_assignment_to_close_seconds is not null
        or last_assignment_to_close_seconds is not null
        or unassigned_seconds is not null
        or is_one_touch is not null
        or is_deflected_by_bot is not null
        or first_reply_admin_id is not null
    )
