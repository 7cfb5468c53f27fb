-- warn: Every conversation began on a day of the calendar.
-- incremental: conversation_id
select conversation_id
from fct_conversations
where created_on is null
