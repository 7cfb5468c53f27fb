-- error: A part of a ticket is loaded once.
select ticket_id, part_id
from stg_ticket_parts
group by ticket_id, part_id
having count(*) > 1 or part_id is null
