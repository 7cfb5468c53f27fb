-- error: Every schedule of working hours reaches now.
select business_spans.schedule_id
from business_spans
left join int_schedule_clocks on business_spans.schedule_id = int_schedule_clocks.schedule_id
where int_schedule_clocks.schedule_id is null
