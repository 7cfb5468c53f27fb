-- error: Rates are between 0 and 1, and no part is greater than its whole.
select period, starts_on, channel, team_id
from int_support_figures
where
    reopen_rate < 0
    or reopen_rate > 1
    or share_within_1_business_hour < 0
    or share_within_1_business_hour > 1
    or csat < 0
    or csat > 1
    or csat_response_rate < 0
    or csat_response_rate > 1
    or count_replied > count_inbound_conversations
    or count_closed_before_first_reply > count_inbound_conversations
    or count_closed_now > count_inbound_conversations
    or count_inbound_conversations > count_conversations
    or count_rated > count_rateable
    or count_rateable > count_conversations
    or count_reopened_within_7_days > count_first_closed
    or median_first_response_seconds < 0
    or median_first_response_seconds > p90_first_response_seconds
    or median_first_response_business_seconds > p90_first_response_business_seconds
