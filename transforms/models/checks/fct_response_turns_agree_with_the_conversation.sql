-- error: The first response of an inbound conversation is the answer of its first turn, unless it was closed before.
-- incremental: conversation_id
select fct_conversations.conversation_id
from fct_conversations
inner join fct_response_turns
    on fct_conversations.conversation_id = fct_response_turns.conversation_id and fct_response_turns.is_first
where
    fct_conversations.direction = 'inbound'
    and (
        case when fct_conversations.was_closed_before_first_reply then -1
            else coalesce(fct_conversations.first_response_seconds, -1) end
        <> coalesce(fct_response_turns.response_seconds, -1)
        or case when fct_conversations.was_closed_before_first_reply then -1
            else coalesce(fct_conversations.first_response_business_seconds, -1) end
        <> coalesce(fct_response_turns.response_business_seconds, -1)
        or fct_conversations.was_closed_before_first_reply <> (fct_response_turns.outcome = 'closed_unanswered')
    )
