-- error: No duration of a conversation is negative, and working hours are no longer than all hours.
-- incremental: conversation_id
select conversation_id
from fct_conversations
where
    first_response_seconds < 0
    or first_response_after_bot_seconds < 0
    or first_response_after_bot_seconds > first_response_seconds
    or time_to_first_assignment_seconds < 0
    or unassigned_seconds < 0
    or (has_all_parts and first_close_seconds < 0)
    or (has_all_parts and last_close_seconds < first_close_seconds)
    or (has_all_parts and resolution_seconds < 0)
    or first_response_business_seconds < 0
    or first_response_business_seconds > first_response_seconds
    or resolution_business_seconds < 0
    or (has_all_parts and resolution_business_seconds > resolution_seconds)
    or handling_seconds < 0
    or last_assignment_to_close_seconds < 0
    or last_assignment_to_close_seconds > first_assignment_to_close_seconds
    or first_assignment_to_close_seconds > last_close_seconds
    or count_reassignments > count_assignments
    or waiting_business_seconds < 0
