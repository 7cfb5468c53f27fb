-- One row per thing that a teammate did in the workspace's settings.
select
    activity_logs.id as activity_log_id,
    nullif(activity_logs.activity_type, '') as activity_type,
    nullif(activity_logs.activity_description, '') as description,
    nullif(activity_logs.performed_by__type, '') as performed_by_type,
    nullif(nullif(activity_logs.performed_by__id, ''), '0') as performed_by_admin_id,
    nullif(activity_logs.performed_by__email, '') as performed_by_email,
    nullif(activity_logs.performed_by__ip, '') as performed_by_ip,
    activity_logs.created_at as created_at_epoch,
    to_timestamp(activity_logs.created_at) as created_at,
    activity_logs.metadata
from raw.activity_logs
