-- One row per ticket made since the day.
select created_on, team_id, ticket_type_name, ticket_state, resolution_seconds as resolution, count_reopens
from fct_tickets
where created_on >= cast('{since}' as date)
