-- One row per conversation: the figures of Fivetran's dbt_intercom, by its definitions and not by Intercom's (which ignore the opening message).
-- question: What would dbt_intercom's intercom__conversation_metrics say?
-- incremental: conversation_id
with

parts as (
    select
        stg_conversation_parts.conversation_id,
        stg_conversation_parts.created_at_epoch as at_epoch,
        stg_conversation_parts.part_type like '%assignment%' as is_assignment,
        stg_conversation_parts.part_type = 'open' as is_reopen,
        stg_conversation_parts.part_type = 'close' as is_close,
        stg_conversation_parts.part_type = 'close' and stg_conversation_parts.author_type = 'admin' as is_admin_close,
        stg_conversation_parts.part_type = 'comment'
        and stg_conversation_parts.author_type in ('lead', 'user') as is_contact_reply,
        stg_conversation_parts.part_type in ('comment', 'assignment')
        and stg_conversation_parts.author_type = 'admin'
        and stg_conversation_parts.body is not null as is_admin_response
    from stg_conversation_parts
),

totals as (
    select
        conversation_id,
        count(*) as count_total_parts,
        sum(case when is_assignment then 1 else 0 end) as count_assignments,
        sum(case when is_reopen then 1 else 0 end) as count_reopens,
        min(case when is_assignment then at_epoch end) as first_assignment_at_epoch,
        max(case when is_assignment then at_epoch end) as last_assignment_at_epoch,
        min(case when is_reopen then at_epoch end) as first_reopen_at_epoch,
        max(case when is_reopen then at_epoch end) as last_reopen_at_epoch,
        min(case when is_contact_reply then at_epoch end) as first_contact_reply_at_epoch,
        max(case when is_contact_reply then at_epoch end) as last_contact_reply_at_epoch,
        min(case when is_admin_response then at_epoch end) as first_admin_response_at_epoch,
        max(case when is_admin_response then at_epoch end) as last_admin_response_at_epoch,
        min(case when is_close then at_epoch end) as first_close_at_epoch,
        max(case when is_close then at_epoch end) as last_close_at_epoch,
        min(case when is_admin_close then at_epoch end) as first_admin_close_at_epoch,
        max(case when is_admin_close then at_epoch end) as last_admin_close_at_epoch
    from parts
    group by conversation_id
)

select
    stg_conversations.conversation_id,  -- see fct_conversations
    cast(coalesce(totals.count_total_parts, 0) as bigint) as count_total_parts,  -- parts that are loaded
    cast(coalesce(totals.count_assignments, 0) as bigint) as count_assignments,  -- parts of a type with 'assignment' in it
    cast(coalesce(totals.count_reopens, 0) as bigint) as count_reopens,  -- parts of type open
    to_timestamp(totals.first_contact_reply_at_epoch) as first_contact_reply_at,  -- first comment by a lead or user
    to_timestamp(totals.last_contact_reply_at_epoch) as last_contact_reply_at,  -- last comment by a lead or user
    to_timestamp(totals.first_admin_response_at_epoch) as first_admin_response_at,  -- first comment or assignment by an admin with a text
    to_timestamp(totals.last_admin_response_at_epoch) as last_admin_response_at,  -- last comment or assignment by an admin with a text
    to_timestamp(totals.first_close_at_epoch) as first_close_at,  -- first part of type close
    to_timestamp(totals.last_close_at_epoch) as last_close_at,  -- last part of type close
    to_timestamp(totals.first_admin_close_at_epoch) as first_admin_close_at,  -- first part of type close by an admin
    to_timestamp(totals.last_admin_close_at_epoch) as last_admin_close_at,  -- last part of type close by an admin

    -- minutes with two decimals
    cast(round(cast((totals.first_admin_response_at_epoch - stg_conversations.created_at_epoch) / 60 as decimal(18, 6)), 2)
        as double) as time_to_first_response_minutes,  -- creation to first_admin_response_at
    cast(round(cast((totals.first_assignment_at_epoch - stg_conversations.created_at_epoch) / 60 as decimal(18, 6)), 2)
        as double) as time_to_first_assignment_minutes,  -- creation to the first assignment
    cast(round(cast((totals.last_assignment_at_epoch - stg_conversations.created_at_epoch) / 60 as decimal(18, 6)), 2)
        as double) as time_to_last_assignment_minutes,  -- creation to the last assignment
    cast(round(cast((totals.first_close_at_epoch - totals.first_contact_reply_at_epoch) / 60 as decimal(18, 6)), 2)
        as double) as time_to_first_close_minutes,  -- first_contact_reply_at to first_close_at: NULL: one is missing; negative: the close came first
    cast(round(cast((totals.last_close_at_epoch - totals.first_contact_reply_at_epoch) / 60 as decimal(18, 6)), 2)
        as double) as time_to_last_close_minutes,  -- first_contact_reply_at to last_close_at
    cast(round(cast((totals.first_admin_close_at_epoch - totals.first_contact_reply_at_epoch) / 60 as decimal(18, 6)), 2)
        as double) as time_to_admin_first_close_minutes,  -- first_contact_reply_at to first_admin_close_at
    cast(round(cast((totals.last_admin_close_at_epoch - totals.first_contact_reply_at_epoch) / 60 as decimal(18, 6)), 2)
        as double) as time_to_admin_last_close_minutes,  -- first_contact_reply_at to last_admin_close_at
    stg_conversations.rating as conversation_rating,  -- as it is now
    to_timestamp(totals.first_assignment_at_epoch) as first_assignment_at,  -- first part of a type with 'assignment' in it
    to_timestamp(totals.last_assignment_at_epoch) as last_assignment_at,  -- last part of a type with 'assignment' in it
    to_timestamp(totals.first_reopen_at_epoch) as first_reopen_at,  -- first part of type open
    to_timestamp(totals.last_reopen_at_epoch) as last_reopen_at  -- last part of type open
from stg_conversations
left join totals on stg_conversations.conversation_id = totals.conversation_id
