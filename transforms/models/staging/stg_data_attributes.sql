-- One row per attribute that contacts, companies or conversations have, built-in or custom.
select
    data_attributes.model as object,  -- contact, company or conversation
    data_attributes.full_name,
    nullif(data_attributes.id, '') as attribute_id,  -- built-in attributes have none
    data_attributes.name,  -- the key in custom_attributes; several may have one name
    nullif(data_attributes.label, '') as label,
    nullif(data_attributes.description, '') as description,
    nullif(data_attributes.data_type, '') as data_type,  -- string, integer, float, boolean, date, ...
    coalesce(data_attributes.custom, false) as is_custom,
    coalesce(data_attributes.archived, false) as is_archived
from raw.data_attributes
