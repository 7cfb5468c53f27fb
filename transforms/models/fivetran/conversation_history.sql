-- One row per conversation that exists in Intercom, in its current version, as Fivetran shapes it.
select
    conversations.id,
    to_timestamp(conversations.created_at) as created_at,
    to_timestamp(conversations.updated_at) as updated_at,
    nullif(nullif(conversations.admin_assignee_id, ''), '0') as assignee_id,
    case when nullif(nullif(conversations.admin_assignee_id, ''), '0') is not null then 'admin' end as assignee_type,
    conversations.conversation_rating__rating as conversation_rating_value,
    nullif(conversations.conversation_rating__remark, '') as conversation_rating_remark,
    to_timestamp(conversations.first_contact_reply__created_at) as first_contact_reply_created_at,
    nullif(conversations.first_contact_reply__type, '') as first_contact_reply_type,
    conversations.read,
    nullif(conversations.source__author__id, '') as source_author_id,
    nullif(conversations.source__author__type, '') as source_author_type,
    nullif(conversations.source__body, '') as source_body,
    nullif(conversations.source__delivered_as, '') as source_delivered_as,
    nullif(conversations.source__subject, '') as source_subject,
    nullif(conversations.source__type, '') as source_type,
    nullif(conversations.state, '') as state,
    case
        when conversations.waiting_since between 0 and 4102444800 then to_timestamp(conversations.waiting_since)
    end as waiting_since,
    to_timestamp(conversations.snoozed_until) as snoozed_until,
    nullif(conversations.sla_applied__sla_name, '') as sla_name,
    nullif(conversations.sla_applied__sla_status, '') as sla_status,
    true as _fivetran_active,
    to_timestamp(conversations.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.conversations
left join raw.deleted_records
    on deleted_records.entity = 'conversations' and conversations.id = deleted_records.id
where deleted_records.id is null
