-- One row: the workspace that the raw tables are of.
select
    workspace.id_code as workspace_id,
    nullif(workspace.name, '') as name,
    nullif(workspace.timezone, '') as time_zone,
    case
        when upper(workspace.region) = 'EU' then 'https://app.eu.intercom.com'
        when upper(workspace.region) = 'AU' then 'https://app.au.intercom.com'
        else 'https://app.intercom.com'
    end as app_url  -- where teammates open Intercom, by the region in which the workspace is kept
from raw.workspace
