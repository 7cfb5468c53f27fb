-- error: Nothing takes less than no time, no ticket begins before it was made, and shares are between 0 and 1.
select ticket_id
from fct_tickets
where
    resolution_seconds < 0
    or first_in_progress_seconds < 0
    or submitted_seconds < 0
    or begun_at_epoch < created_at_epoch
    or waiting_on_customer_share < 0
    or waiting_on_customer_share > 1
