-- One row per conversation that exists in Intercom.
select
    conversations.id as conversation_id,
    nullif(conversations.title, '') as title,
    case
        when conversations.state in ('open', 'closed', 'snoozed') then conversations.state
        when conversations.open then 'open'
        when not conversations.open then 'closed'
    end as state,  -- open, closed or snoozed; where Intercom names none of these, by its flag `open`
    conversations.open as is_open,
    conversations.read as is_read,
    nullif(conversations.priority, '') as priority,
    nullif(nullif(conversations.admin_assignee_id, ''), '0') as admin_assignee_id,
    nullif(nullif(conversations.team_assignee_id, ''), '0') as team_assignee_id,
    conversations.created_at as created_at_epoch,
    to_timestamp(conversations.created_at) as created_at,
    conversations.updated_at as updated_at_epoch,
    to_timestamp(conversations.updated_at) as updated_at,
    -- Intercom has given moments thousands of years ahead where nobody waits
    case when conversations.waiting_since between 0 and 4102444800 then conversations.waiting_since end
        as waiting_since_epoch,
    case
        when conversations.waiting_since between 0 and 4102444800 then to_timestamp(conversations.waiting_since)
    end as waiting_since,
    conversations.snoozed_until as snoozed_until_epoch,
    to_timestamp(conversations.snoozed_until) as snoozed_until,

    -- the opening message
    nullif(conversations.source__type, '') as source_type,
    nullif(conversations.source__id, '') as source_id,
    nullif(conversations.source__delivered_as, '') as source_delivered_as,
    nullif(conversations.source__subject, '') as source_subject,
    nullif(conversations.source__body, '') as source_body,
    nullif(conversations.source__url, '') as source_url,
    conversations.source__redacted as is_source_redacted,
    nullif(conversations.source__author__type, '') as source_author_type,
    nullif(nullif(conversations.source__author__id, ''), '0') as source_author_id,
    nullif(conversations.source__author__name, '') as source_author_name,
    nullif(conversations.source__author__email, '') as source_author_email,

    -- rating
    conversations.conversation_rating__rating as rating,
    nullif(conversations.conversation_rating__remark, '') as rating_remark,
    conversations.conversation_rating__created_at as rating_requested_at_epoch,
    to_timestamp(conversations.conversation_rating__created_at) as rating_requested_at,
    nullif(nullif(conversations.conversation_rating__contact__id, ''), '0') as rating_contact_id,
    case
        when coalesce(conversations.conversation_rating__teammate__type, '') <> 'team'
            then nullif(nullif(conversations.conversation_rating__teammate__id, ''), '0')
    end as rating_admin_id,  -- of a workflow's rating, the id may be nobody's: int_staff knows who there is

    -- what Intercom says about service levels, its own figures and its bot
    nullif(conversations.sla_applied__sla_name, '') as sla_name,
    nullif(conversations.sla_applied__sla_status, '') as sla_status,
    conversations.first_contact_reply__created_at as first_contact_reply_at_epoch,
    conversations.statistics__time_to_assignment as statistics_time_to_assignment_seconds,
    conversations.statistics__time_to_admin_reply as statistics_time_to_admin_reply_seconds,
    conversations.statistics__time_to_first_close as statistics_time_to_first_close_seconds,
    conversations.statistics__time_to_last_close as statistics_time_to_last_close_seconds,
    conversations.statistics__median_time_to_reply as statistics_median_time_to_reply_seconds,
    conversations.statistics__first_contact_reply_at as statistics_first_contact_reply_at_epoch,
    conversations.statistics__first_assignment_at as statistics_first_assignment_at_epoch,
    conversations.statistics__first_admin_reply_at as statistics_first_admin_reply_at_epoch,
    conversations.statistics__first_close_at as statistics_first_close_at_epoch,
    conversations.statistics__last_assignment_at as statistics_last_assignment_at_epoch,
    conversations.statistics__last_assignment_admin_reply_at as statistics_last_assignment_admin_reply_at_epoch,
    conversations.statistics__last_contact_reply_at as statistics_last_contact_reply_at_epoch,
    conversations.statistics__last_admin_reply_at as statistics_last_admin_reply_at_epoch,
    conversations.statistics__last_close_at as statistics_last_close_at_epoch,
    nullif(nullif(conversations.statistics__last_closed_by_id, ''), '0') as statistics_last_closed_by_id,
    conversations.statistics__handling_time as statistics_handling_time_seconds,
    conversations.statistics__count_reopens as statistics_count_reopens,
    conversations.statistics__count_assignments as statistics_count_assignments,
    conversations.statistics__count_conversation_parts as statistics_count_conversation_parts,
    conversations.conversation_parts__total_count as conversation_parts_total_count,
    conversations.ai_agent_participated as is_ai_agent_involved,
    nullif(conversations.ai_agent__resolution_state, '') as ai_agent_resolution_state,
    nullif(conversations.ticket ->> 'id', '') as ticket_id,
    conversations.custom_attributes,
    conversations._dlt_load_id as load_id,  -- the load that wrote the row; all parts are written by the same one
    coalesce(conversations.ai_agent__source_type in ('fin_preview', 'workflow_preview'), false)
        as is_ai_agent_preview,  -- a teammate tries Fin out
    coalesce(conversations.conversation_rating__teammate__type = 'bot', false) as is_rating_of_bot  -- as the rating says it
from raw.conversations
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversations.id = deleted_records.id
where deleted_records.id is null
