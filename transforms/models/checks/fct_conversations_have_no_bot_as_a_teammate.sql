-- error: No column of a teammate holds a bot.
-- incremental: conversation_id
select fct_conversations.conversation_id
from fct_conversations
inner join int_staff
    on fct_conversations.admin_assignee_id = int_staff.staff_id
    or fct_conversations.first_reply_admin_id = int_staff.staff_id
    or fct_conversations.last_closed_by_admin_id = int_staff.staff_id
    or fct_conversations.rated_admin_id = int_staff.staff_id
where int_staff.is_bot
