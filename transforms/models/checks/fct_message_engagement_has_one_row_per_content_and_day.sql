-- error: fct_message_engagement has one row per content and day, and neither is missing.
select content_id, day
from fct_message_engagement
group by content_id, day
having count(*) > 1 or content_id is null or day is null
