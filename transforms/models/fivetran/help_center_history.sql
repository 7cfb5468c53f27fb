-- One row per help center, in its current version, as Fivetran shapes it.
select
    help_centers.id,
    nullif(help_centers.display_name, '') as display_name,
    nullif(help_centers.identifier, '') as identifier,
    nullif(help_centers.workspace_id, '') as workspace_id,
    help_centers.website_turned_on,
    to_timestamp(help_centers.created_at) as created_at,
    to_timestamp(help_centers.updated_at) as updated_at,
    true as _fivetran_active,
    to_timestamp(help_centers.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.help_centers
