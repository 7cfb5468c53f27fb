-- One row per ticket and contact that it concerns.
select
    ticket_contacts.ticket_id,
    ticket_contacts.contact_id,
    nullif(ticket_contacts.external_id, '') as external_id
from raw.ticket_contacts
left join raw.deleted_records
    on deleted_records.entity = 'tickets' and ticket_contacts.ticket_id = deleted_records.id
where deleted_records.id is null
