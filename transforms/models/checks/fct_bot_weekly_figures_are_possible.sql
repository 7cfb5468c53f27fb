-- error: No part is greater than its whole, and no rate than 1.
select week_start, channel
from fct_bot_weekly
where
    count_bot_involved > count_conversations
    or count_deflected > count_bot_involved
    or count_handed_off > count_bot_involved
    or count_returned_within_24_hours > count_deflected
    or count_fin_resolved + count_fin_routed + count_fin_abandoned > count_fin_involved
    or count_fin_confirmed > count_fin_resolved
    or deflection_rate > 1
    or bot_only_csat > 1
    or fin_resolution_rate > 1
