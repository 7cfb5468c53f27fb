-- error: Rates are between 0 and 1, and no part is greater than its whole.
select day, channel, team_id
from fct_support_daily
where
    reopen_rate < 0
    or share_within_1_business_hour < 0
    or share_within_1_business_hour > 1
    or reopen_rate > 1
    or count_replied > count_customer_conversations
    or count_closed > count_customer_conversations
    or count_customer_conversations > count_conversations
    or median_first_response_seconds < 0
    or median_first_response_seconds > p90_first_response_seconds
