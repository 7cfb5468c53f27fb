-- error: Every conversation of the backlog is open or snoozed, and no younger than nothing.
-- incremental: conversation_id
select day, conversation_id
from fct_backlog_conversations
where
    age_seconds < 0
    or coalesce(state, '') not in ('open', 'snoozed')
