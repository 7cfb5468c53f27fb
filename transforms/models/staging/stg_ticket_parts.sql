-- One row per part of a ticket.
select
    ticket_parts.ticket_id,
    ticket_parts.id as part_id,
    nullif(ticket_parts.part_type, '') as part_type,
    nullif(ticket_parts.body, '') as body,
    ticket_parts.redacted as is_redacted,
    nullif(ticket_parts.previous_ticket_state, '') as previous_ticket_state,
    nullif(ticket_parts.ticket_state, '') as ticket_state,
    -- where Intercom sent no number of seconds: when it last changed
    coalesce(ticket_parts.created_at, ticket_parts.updated_at) as created_at_epoch,
    to_timestamp(coalesce(ticket_parts.created_at, ticket_parts.updated_at)) as created_at,
    ticket_parts.updated_at as updated_at_epoch,
    to_timestamp(ticket_parts.updated_at) as updated_at,
    nullif(ticket_parts.author__type, '') as author_type,
    nullif(nullif(ticket_parts.author__id, ''), '0') as author_id,
    nullif(ticket_parts.author__name, '') as author_name,
    nullif(ticket_parts.assigned_to__type, '') as assigned_to_type,
    nullif(nullif(ticket_parts.assigned_to__id, ''), '0') as assigned_to_id,
    nullif(ticket_parts.author__email, '') as author_email
from raw.ticket_parts
left join raw.deleted_records
    on deleted_records.entity = 'tickets' and ticket_parts.ticket_id = deleted_records.id
where deleted_records.id is null
