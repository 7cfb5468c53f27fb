-- One row per collection of help center articles, in its current version, as Fivetran shapes it.
select
    collections.id,
    nullif(collections.help_center_id, '') as help_center_id,
    nullif(collections.parent_id, '') as parent_id,
    nullif(collections.name, '') as name,
    nullif(collections.description, '') as description,
    nullif(collections.url, '') as url,
    nullif(collections.icon, '') as icon,
    nullif(collections.type, '') as type,
    nullif(collections.default_locale, '') as default_locale,
    nullif(collections.workspace_id, '') as workspace_id,
    collections."order",
    to_timestamp(collections.created_at) as created_at,
    to_timestamp(collections.updated_at) as updated_at,
    true as _fivetran_active,
    to_timestamp(collections.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.collections
