-- warn: Ratings are from 1 to 5.
-- incremental: conversation_id
select conversation_id
from fct_csat
where
    rating < 1
    or rating > 5
