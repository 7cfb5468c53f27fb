-- One row per ticket that exists in Intercom.
select
    tickets.id as ticket_id,
    nullif(tickets.ticket_id, '') as ticket_number,  -- the number that the inbox shows
    nullif(tickets.category, '') as category,
    nullif(tickets.ticket_type__id, '') as ticket_type_id,
    nullif(tickets.ticket_type__name, '') as ticket_type_name,
    nullif(tickets.ticket_state, '') as ticket_state,
    nullif(tickets.ticket_state_internal_label, '') as ticket_state_internal_label,
    nullif(tickets.ticket_state_external_label, '') as ticket_state_external_label,
    nullif(nullif(tickets.admin_assignee_id, ''), '0') as admin_assignee_id,  -- the API says "0" for nobody
    nullif(nullif(tickets.team_assignee_id, ''), '0') as team_assignee_id,
    tickets.open as is_open,
    tickets.is_shared,
    nullif(tickets.company_id, '') as company_id,
    tickets.created_at as created_at_epoch,
    to_timestamp(tickets.created_at) as created_at,
    tickets.updated_at as updated_at_epoch,
    to_timestamp(tickets.updated_at) as updated_at,
    tickets.snoozed_until as snoozed_until_epoch,
    to_timestamp(tickets.snoozed_until) as snoozed_until,
    tickets.ticket_parts__total_count as ticket_parts_total_count,
    tickets.ticket_attributes
from raw.tickets
left join raw.deleted_records
    on deleted_records.entity = 'tickets' and tickets.id = deleted_records.id
where deleted_records.id is null
