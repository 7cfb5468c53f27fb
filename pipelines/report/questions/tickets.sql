-- One row per ticket that began since the day.
select begun_on, team_id, ticket_type_name, ticket_state, resolution_seconds as resolution, count_reopens
from fct_tickets
where begun_on >= cast('{since}' as date)
