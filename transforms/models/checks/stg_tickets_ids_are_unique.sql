-- error: A ticket is loaded once.
select ticket_id
from stg_tickets
group by ticket_id
having count(*) > 1 or ticket_id is null
