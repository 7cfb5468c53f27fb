-- error: An event is loaded once.
select event_id
from stg_data_events
group by event_id
having count(*) > 1 or event_id is null
