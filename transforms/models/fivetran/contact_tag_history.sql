-- One row per contact and tag on it, as Fivetran shapes it.
select
    contact_tags.contact_id,
    contact_tags.tag_id,
    to_timestamp(contacts.updated_at) as contact_updated_at,
    true as _fivetran_active,
    to_timestamp(contacts.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.contact_tags
inner join raw.contacts on contact_tags.contact_id = contacts.id
left join raw.deleted_records
    on deleted_records.entity = 'contacts' and contacts.id = deleted_records.id
where deleted_records.id is null
