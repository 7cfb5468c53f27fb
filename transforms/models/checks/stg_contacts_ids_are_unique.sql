-- error: A contact is loaded once.
select contact_id
from stg_contacts
group by contact_id
having count(*) > 1 or contact_id is null
