-- One row per conversation with a service level, created since the day.
select created_on, channel, team_id, sla_name, sla_status, own_status
from fct_sla
where created_on >= cast('{since}' as date)
