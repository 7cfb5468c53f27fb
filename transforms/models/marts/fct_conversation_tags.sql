-- One row per conversation and tag that is on it now.
-- question: Which tags do conversations with bad ratings have?
-- incremental: conversation_id
select
    int_named_tags.conversation_id,  -- see fct_conversations
    int_named_tags.tag_id,  -- Intercom's id
    int_named_tags.tag_name,  -- as it is now; of a deleted tag, as the conversation holds it
    fct_conversations.conversation_url,  -- opens it in Intercom's inbox
    int_named_tags.applied_at,  -- NULL: Intercom does not say
    case
        when coalesce(int_named_tags.applied_by_type, 'admin') = 'admin' and not coalesce(int_staff.is_bot, false)
            then int_named_tags.applied_by_id
    end as applied_by_admin_id,  -- one who has left and did nothing else is in no dim_teammates; NULL: a customer, a bot (workflows tag as one), or Intercom does not say
    case
        when coalesce(int_named_tags.applied_by_type, 'admin') = 'admin' and not int_staff.is_bot
            then int_staff.name
    end as applied_by_name,  -- of applied_by_admin_id
    fct_conversations.direction,  -- of the conversation: inbound, outbound_replied or outbound
    fct_conversations.channel,  -- of the conversation
    fct_conversations.state,  -- of the conversation now
    coalesce(fct_conversations.team_assignee_id, 'none') as team_id,  -- the team that has the conversation now; 'none': no team
    fct_conversations.team_name,  -- of team_id
    fct_conversations.contact_id,  -- of the conversation
    fct_conversations.created_on,  -- when the conversation began, in the workspace's time zone
    fct_conversations.created_week,  -- its Monday
    fct_conversations.first_response_seconds,  -- of the conversation; leave it out of medians where the next is true
    fct_conversations.was_closed_before_first_reply,  -- of the conversation; NULL: not inbound
    fct_conversations.resolution_seconds,  -- of the conversation
    fct_conversations.is_reopened_within_7_days,  -- see fct_conversations
    fct_conversations.rating  -- of the conversation
from int_named_tags
inner join fct_conversations on int_named_tags.conversation_id = fct_conversations.conversation_id
left join int_staff on int_named_tags.applied_by_id = int_staff.staff_id
