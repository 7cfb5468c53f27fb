-- One row per help center.
select
    help_centers.id as help_center_id,
    nullif(help_centers.display_name, '') as display_name,
    nullif(help_centers.identifier, '') as identifier,  -- part of its address
    nullif(help_centers.url, '') as url,
    nullif(help_centers.custom_domain, '') as custom_domain,
    nullif(help_centers.workspace_id, '') as workspace_id,
    help_centers.website_turned_on as is_website_turned_on,
    help_centers.created_at as created_at_epoch,
    to_timestamp(help_centers.created_at) as created_at,
    help_centers.updated_at as updated_at_epoch,
    to_timestamp(help_centers.updated_at) as updated_at
from raw.help_centers
