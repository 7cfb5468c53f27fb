-- warn: The teammate to whom an open conversation is assigned is in the workspace.
select fct_conversations.conversation_id
from fct_conversations
left join stg_admins on fct_conversations.admin_assignee_id = stg_admins.admin_id
where
    fct_conversations.admin_assignee_id is not null
    and not fct_conversations.is_closed
    and stg_admins.admin_id is null
