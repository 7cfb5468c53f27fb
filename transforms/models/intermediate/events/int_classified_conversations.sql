-- One row per conversation: the fields that tell its events, whether we began it, and who owns and closed it: no bot is a teammate.
-- ephemeral: int_events would be too long in one file
with

bots as (
    select staff_id from int_staff where is_bot
)

select
    stg_conversations.conversation_id,
    stg_conversations.state,
    stg_conversations.created_at_epoch,
    stg_conversations.updated_at_epoch,
    stg_conversations.source_author_type,
    stg_conversations.source_author_id,
    stg_conversations.source_author_name,
    stg_conversations.source_delivered_as,
    stg_conversations.team_assignee_id,
    stg_conversations.statistics_count_conversation_parts,
    stg_conversations.statistics_first_close_at_epoch,
    stg_conversations.statistics_last_close_at_epoch,
    stg_conversations.statistics_last_closed_by_id,
    stg_conversations.statistics_last_assignment_at_epoch,
    -- recorded of conversations that teammates began, and of these alone; bots greet in open ones
    people.is_begun_by_us,
    case when assigned_bots.staff_id is null then stg_conversations.admin_assignee_id end as owner_admin_id,
    case when closing_bots.staff_id is null then 'teammate' else 'bot' end as closer_role
from stg_conversations
inner join int_conversation_people as people on stg_conversations.conversation_id = people.conversation_id
left join bots as assigned_bots on stg_conversations.admin_assignee_id = assigned_bots.staff_id
left join bots as closing_bots on stg_conversations.statistics_last_closed_by_id = closing_bots.staff_id
