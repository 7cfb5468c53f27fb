-- error: No duration of a conversation is negative.
select conversation_id
from fct_conversations
where
    first_response_seconds < 0
    or first_close_seconds < 0
    or last_close_seconds < first_close_seconds
    or resolution_seconds < 0
    or first_response_business_seconds < 0
    or first_response_business_seconds > first_response_seconds
    or resolution_business_seconds < 0
    or resolution_business_seconds > resolution_seconds
    or handling_seconds < 0
