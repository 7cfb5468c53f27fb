-- One row per ticket and contact that it concerns.
select
    ticket_contacts.ticket_id,
    ticket_contacts.contact_id,
    nullif(ticket_contacts.external_id, '') as external_id
from raw.ticket_contacts
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'tickets' and deleted_records.id = ticket_contacts.ticket_id
)
