-- One row per content and day on which it was sent to contacts: what they did with it. Each receipt's first reaction counts.
-- A reaction belongs to the day on which its message was sent, and counts if it came within 30 days (`export_days`): the newest days
-- are still growing.
-- question: Which messages are opened, clicked and answered?
with

receipts as (
    select
        coalesce(stg_message_receipts.content_id, 'none') as content_id,
        local_slots.day,
        case when stg_message_receipts.first_hard_bounce_at_epoch is null then 1 else 0 end as is_delivered,
        stg_message_receipts.received_at_epoch,
        stg_message_receipts.first_open_at_epoch,
        stg_message_receipts.first_click_at_epoch,
        stg_message_receipts.first_reply_at_epoch,
        stg_message_receipts.first_goal_success_at_epoch,
        stg_message_receipts.first_completion_at_epoch,
        stg_message_receipts.first_dismissal_at_epoch,
        stg_message_receipts.first_unsubscribe_at_epoch
    from stg_message_receipts
    inner join local_slots
        on cast(floor(stg_message_receipts.received_at_epoch / 900) as bigint) = local_slots.slot_id
),

-- what was not delivered cannot be read: rates have no more above than below
reactions as (
    select
        content_id,
        day,
        is_delivered,
        case when is_delivered = 1 and first_open_at_epoch is not null then 1 else 0 end as is_opened,
        case when is_delivered = 1 and first_click_at_epoch is not null then 1 else 0 end as is_clicked,
        case when is_delivered = 1 and first_reply_at_epoch is not null then 1 else 0 end as is_replied,
        case when is_delivered = 1 and first_goal_success_at_epoch is not null then 1 else 0 end as is_goal,
        case when is_delivered = 1 and first_completion_at_epoch is not null then 1 else 0 end as is_completed,
        case when is_delivered = 1 and first_dismissal_at_epoch is not null then 1 else 0 end as is_dismissed,
        case when is_delivered = 1 and first_unsubscribe_at_epoch is not null then 1 else 0 end as is_unsubscribed,
        case
            when is_delivered = 0 then null
            when first_open_at_epoch < received_at_epoch then 0
            else first_open_at_epoch - received_at_epoch
        end as seconds_to_open
    from receipts
),

totals as (
    select
        content_id,
        day,
        count(*) as count_receipts,
        sum(is_delivered) as count_delivered,
        sum(is_opened) as count_opened,
        sum(is_clicked) as count_clicked,
        sum(case when is_opened = 1 then is_clicked else 0 end) as count_opened_and_clicked,
        sum(is_replied) as count_replied,
        sum(is_goal) as count_goal_reached,
        sum(is_completed) as count_completed,
        sum(is_dismissed) as count_dismissed,
        sum(is_unsubscribed) as count_unsubscribed,
        median(seconds_to_open) as median_seconds_to_open
    from reactions
    group by content_id, day
),

-- a content that was renamed has its last name on all its days
contents as (
    select
        coalesce(content_id, 'none') as content_id,
        content_type,
        content_title,
        series_id,
        series_title,
        row_number() over (
            partition by coalesce(content_id, 'none')
            order by
                case when content_title is null then 1 else 0 end,
                received_at_epoch desc,
                receipt_id desc,
                coalesce(ruleset_id, '') desc
        ) as place
    from stg_message_receipts
    where received_at_epoch is not null
)

select
    totals.content_id,  -- 'none': Intercom does not say which
    totals.day,  -- on which the message was sent, in the workspace's time zone
    contents.content_type,  -- email, chat, post, ...
    contents.content_title,  -- its last one
    contents.series_id,  -- NULL: sent by itself
    contents.series_title,  -- of series_id
    totals.count_receipts,  -- how often it was sent; a contact who got it twice counts twice
    cast(totals.count_receipts - totals.count_delivered as bigint) as count_hard_bounces,  -- the address does not exist
    cast(totals.count_delivered as bigint) as count_delivered,  -- receipts without a hard bounce
    cast(totals.count_opened as bigint) as count_opened,  -- of the delivered
    cast(totals.count_clicked as bigint) as count_clicked,  -- of the delivered: a link in it
    cast(totals.count_replied as bigint) as count_replied,  -- of the delivered
    cast(totals.count_goal_reached as bigint) as count_goal_reached,  -- of the delivered: its goal
    cast(totals.count_completed as bigint) as count_completed,  -- of the delivered: a tour, survey or checklist
    cast(totals.count_dismissed as bigint) as count_dismissed,  -- of the delivered
    cast(totals.count_unsubscribed as bigint) as count_unsubscribed,  -- of the delivered: from emails
    cast(totals.count_opened as double) / nullif(totals.count_delivered, 0) as open_rate,  -- opened / delivered; NULL: none was delivered
    cast(totals.count_clicked as double) / nullif(totals.count_delivered, 0) as click_rate,  -- clicked / delivered
    cast(totals.count_replied as double) / nullif(totals.count_delivered, 0) as reply_rate,  -- replied / delivered
    cast(totals.count_goal_reached as double) / nullif(totals.count_delivered, 0) as goal_rate,  -- goal reached / delivered
    cast(totals.count_completed as double) / nullif(totals.count_delivered, 0) as completion_rate,  -- completed / delivered
    cast(totals.count_dismissed as double) / nullif(totals.count_delivered, 0) as dismissal_rate,  -- dismissed / delivered
    cast(totals.count_unsubscribed as double) / nullif(totals.count_delivered, 0) as unsubscribe_rate,  -- unsubscribed / delivered
    cast(totals.count_opened_and_clicked as double) / nullif(totals.count_opened, 0) as click_to_open_rate,  -- of the opened
    totals.median_seconds_to_open  -- from sending to the first opening
from totals
inner join contents on totals.content_id = contents.content_id and contents.place = 1
