-- admin
SELECT
  admins.id,
  NULLIF(admins.name, '') AS name,
  NULLIF(admins.job_title, '') AS job_title,
  FALSE AS _fivetran_deleted
FROM "raw".admins;

-- article_history
SELECT
  articles.id,
  CASE
    WHEN articles.parent_type = 'section'
    THEN NULL
    ELSE NULLIF(NULLIF(articles.parent_id, ''), '0')
  END AS collection_id,
  CASE WHEN articles.parent_type = 'section' THEN NULLIF(articles.parent_id, '') END AS section_id,
  NULLIF(articles.author_id, '') AS author_id,
  NULLIF(articles.title, '') AS title,
  NULLIF(articles.description, '') AS description,
  NULLIF(articles.body, '') AS body,
  NULLIF(articles.url, '') AS url,
  NULLIF(articles."type", '') AS "type",
  NULLIF(articles.state, '') AS state,
  NULLIF(articles.parent_type, '') AS parent_type,
  NULLIF(articles.default_locale, '') AS default_locale,
  NULLIF(articles.workspace_id, '') AS workspace_id,
  NULLIF(articles.statistics__type, '') AS statistics_type,
  articles.statistics__views AS statistics_views,
  COALESCE(articles.statistics__conversations, articles.statistics__conversions) AS statistics_conversations,
  articles.statistics__reactions AS statistics_reactions,
  articles.statistics__happy_reaction_percentage AS statistics_happy_reaction_percentage,
  articles.statistics__neutral_reaction_percentage AS statistics_neutral_reaction_percentage,
  articles.statistics__sad_reaction_percentage AS statistics_sad_reaction_percentage,
  (TIMESTAMP 'epoch' + articles.created_at * INTERVAL '1 SECOND') AS created_at,
  (TIMESTAMP 'epoch' + articles.updated_at * INTERVAL '1 SECOND') AS updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + articles.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".articles
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'articles' AND articles.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- built_conversations
WITH closed_last AS (
  SELECT
    conversation_id
  FROM int_state_spans
  WHERE
    to_epoch IS NULL AND state = 'closed'
)
SELECT
  conversation_versions.conversation_id,
  conversation_versions.contact_id,
  conversation_versions.version,
  fct_conversations.is_closed
  AND NOT closed_last.conversation_id IS NULL
  AND int_conversation_rollup.last_event_at_epoch <= build_clock.now_epoch
  AND COALESCE(fct_conversations.last_close_at_epoch + 604800, 0) <= build_clock.now_epoch
  AND COALESCE(fct_conversations.rated_at_epoch, 0) <= build_clock.now_epoch AS is_settled,
  build_clock.now_epoch AS built_at_epoch
FROM conversation_versions
CROSS JOIN build_clock
INNER JOIN fct_conversations
  ON conversation_versions.conversation_id = fct_conversations.conversation_id
INNER JOIN int_conversation_rollup
  ON conversation_versions.conversation_id = int_conversation_rollup.conversation_id
LEFT JOIN closed_last
  ON conversation_versions.conversation_id = closed_last.conversation_id;

-- built_names
SELECT
  entity,
  id,
  name
FROM current_names;

-- business_slots
SELECT
  business_spans.schedule_id,
  business_spans.first_slot + slot_numbers.n AS slot_id,
  business_spans.is_open,
  business_spans.open_seconds_before + business_spans.is_open * 900 * slot_numbers.n AS open_seconds_before
FROM business_spans
INNER JOIN slot_numbers
  ON slot_numbers.n < business_spans.count_slots;

-- changed_conversations
WITH renamed AS (
  SELECT
    COUNT(*) AS count_renamed
  FROM built_names
  FULL OUTER JOIN current_names
    ON built_names.entity = current_names.entity AND built_names.id = current_names.id
  WHERE
    COALESCE(current_names.name, '') <> COALESCE(built_names.name, '')
    AND (
      NOT built_names.id IS NULL OR current_names.entity = 'team'
    )
), changed AS (
  SELECT
    COALESCE(conversation_versions.conversation_id, built_conversations.conversation_id) AS conversation_id,
    conversation_versions.contact_id,
    built_conversations.contact_id AS former_contact_id
  FROM conversation_versions
  FULL OUTER JOIN built_conversations
    ON conversation_versions.conversation_id = built_conversations.conversation_id
  CROSS JOIN build_clock
  CROSS JOIN renamed
  WHERE
    COALESCE(conversation_versions.version, '') <> COALESCE(built_conversations.version, '')
    OR NOT built_conversations.is_settled
    OR renamed.count_renamed > 0
    OR build_clock.now_epoch < built_conversations.built_at_epoch
), people AS (
  SELECT
    contact_id
  FROM changed
  WHERE
    NOT contact_id IS NULL
  UNION
  SELECT
    former_contact_id AS contact_id
  FROM changed
  WHERE
    NOT former_contact_id IS NULL
)
SELECT
  conversation_id
FROM changed
UNION
SELECT
  conversation_versions.conversation_id
FROM conversation_versions
INNER JOIN people
  ON conversation_versions.contact_id = people.contact_id
UNION
SELECT
  built_conversations.conversation_id
FROM built_conversations
INNER JOIN people
  ON built_conversations.contact_id = people.contact_id;

-- collection_history
SELECT
  collections.id,
  NULLIF(collections.help_center_id, '') AS help_center_id,
  NULLIF(collections.parent_id, '') AS parent_id,
  NULLIF(collections.name, '') AS name,
  NULLIF(collections.description, '') AS description,
  NULLIF(collections.url, '') AS url,
  NULLIF(collections.icon, '') AS icon,
  NULLIF(collections."type", '') AS "type",
  NULLIF(collections.default_locale, '') AS default_locale,
  NULLIF(collections.workspace_id, '') AS workspace_id,
  collections."order",
  (TIMESTAMP 'epoch' + collections.created_at * INTERVAL '1 SECOND') AS created_at,
  (TIMESTAMP 'epoch' + collections.updated_at * INTERVAL '1 SECOND') AS updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + collections.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".collections;

-- company_history
SELECT
  companies.id,
  NULLIF(companies.name, '') AS name,
  NULLIF(companies.website, '') AS website,
  NULLIF(companies.industry, '') AS industry,
  (TIMESTAMP 'epoch' + companies.created_at * INTERVAL '1 SECOND') AS created_at,
  (TIMESTAMP 'epoch' + companies.updated_at * INTERVAL '1 SECOND') AS updated_at,
  companies.user_count,
  companies.session_count,
  companies.monthly_spend,
  NULLIF(companies.plan__id, '') AS plan_id,
  NULLIF(companies.plan__name, '') AS plan_name,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + companies.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".companies
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'companies' AND companies.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- company_tag_history
SELECT
  company_tags.company_id,
  company_tags.tag_id,
  (TIMESTAMP 'epoch' + companies.updated_at * INTERVAL '1 SECOND') AS company_updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + companies.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".company_tags
INNER JOIN "raw".companies
  ON company_tags.company_id = companies.id
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'companies' AND companies.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- compat_conversations
WITH parts AS (
  SELECT
    stg_conversation_parts.conversation_id,
    stg_conversation_parts.created_at_epoch AS at_epoch,
    stg_conversation_parts.part_type LIKE '%assignment%' AS is_assignment,
    stg_conversation_parts.part_type = 'open' AS is_reopen,
    stg_conversation_parts.part_type = 'close' AS is_close,
    stg_conversation_parts.part_type = 'close'
    AND stg_conversation_parts.author_type = 'admin' AS is_admin_close,
    stg_conversation_parts.part_type = 'comment'
    AND stg_conversation_parts.author_type IN ('lead', 'user') AS is_contact_reply,
    stg_conversation_parts.part_type IN ('comment', 'assignment')
    AND stg_conversation_parts.author_type = 'admin'
    AND NOT stg_conversation_parts.body IS NULL AS is_admin_response
  FROM stg_conversation_parts
), totals AS (
  SELECT
    conversation_id,
    COUNT(*) AS count_total_parts,
    SUM(CASE WHEN is_assignment THEN 1 ELSE 0 END) AS count_assignments,
    SUM(CASE WHEN is_reopen THEN 1 ELSE 0 END) AS count_reopens,
    MIN(CASE WHEN is_assignment THEN at_epoch END) AS first_assignment_at_epoch,
    MAX(CASE WHEN is_assignment THEN at_epoch END) AS last_assignment_at_epoch,
    MIN(CASE WHEN is_contact_reply THEN at_epoch END) AS first_contact_reply_at_epoch,
    MAX(CASE WHEN is_contact_reply THEN at_epoch END) AS last_contact_reply_at_epoch,
    MIN(CASE WHEN is_admin_response THEN at_epoch END) AS first_admin_response_at_epoch,
    MAX(CASE WHEN is_admin_response THEN at_epoch END) AS last_admin_response_at_epoch,
    MIN(CASE WHEN is_close THEN at_epoch END) AS first_close_at_epoch,
    MAX(CASE WHEN is_close THEN at_epoch END) AS last_close_at_epoch,
    MIN(CASE WHEN is_admin_close THEN at_epoch END) AS first_admin_close_at_epoch,
    MAX(CASE WHEN is_admin_close THEN at_epoch END) AS last_admin_close_at_epoch
  FROM parts
  GROUP BY
    conversation_id
)
SELECT
  stg_conversations.conversation_id,
  CAST(COALESCE(totals.count_total_parts, 0) AS BIGINT) AS count_total_parts,
  CAST(COALESCE(totals.count_assignments, 0) AS BIGINT) AS count_assignments,
  CAST(COALESCE(totals.count_reopens, 0) AS BIGINT) AS count_reopens,
  (TIMESTAMP 'epoch' + totals.first_contact_reply_at_epoch * INTERVAL '1 SECOND') AS first_contact_reply_at,
  (TIMESTAMP 'epoch' + totals.last_contact_reply_at_epoch * INTERVAL '1 SECOND') AS last_contact_reply_at,
  (TIMESTAMP 'epoch' + totals.first_admin_response_at_epoch * INTERVAL '1 SECOND') AS first_admin_response_at,
  (TIMESTAMP 'epoch' + totals.last_admin_response_at_epoch * INTERVAL '1 SECOND') AS last_admin_response_at,
  (TIMESTAMP 'epoch' + totals.first_close_at_epoch * INTERVAL '1 SECOND') AS first_close_at,
  (TIMESTAMP 'epoch' + totals.last_close_at_epoch * INTERVAL '1 SECOND') AS last_close_at,
  (TIMESTAMP 'epoch' + totals.first_admin_close_at_epoch * INTERVAL '1 SECOND') AS first_admin_close_at,
  (TIMESTAMP 'epoch' + totals.last_admin_close_at_epoch * INTERVAL '1 SECOND') AS last_admin_close_at,
  CAST(ROUND(
    CAST(CAST((
      totals.first_admin_response_at_epoch - stg_conversations.created_at_epoch
    ) AS DOUBLE PRECISION) / 60 AS DECIMAL(18, 6)),
    2
  ) AS DOUBLE PRECISION) AS time_to_first_response_minutes,
  CAST(ROUND(
    CAST(CAST((
      totals.first_assignment_at_epoch - stg_conversations.created_at_epoch
    ) AS DOUBLE PRECISION) / 60 AS DECIMAL(18, 6)),
    2
  ) AS DOUBLE PRECISION) AS time_to_first_assignment_minutes,
  CAST(ROUND(
    CAST(CAST((
      totals.last_assignment_at_epoch - stg_conversations.created_at_epoch
    ) AS DOUBLE PRECISION) / 60 AS DECIMAL(18, 6)),
    2
  ) AS DOUBLE PRECISION) AS time_to_last_assignment_minutes,
  CAST(ROUND(
    CAST(CAST((
      totals.first_close_at_epoch - totals.first_contact_reply_at_epoch
    ) AS DOUBLE PRECISION) / 60 AS DECIMAL(18, 6)),
    2
  ) AS DOUBLE PRECISION) AS time_to_first_close_minutes,
  CAST(ROUND(
    CAST(CAST((
      totals.last_close_at_epoch - totals.first_contact_reply_at_epoch
    ) AS DOUBLE PRECISION) / 60 AS DECIMAL(18, 6)),
    2
  ) AS DOUBLE PRECISION) AS time_to_last_close_minutes,
  CAST(ROUND(
    CAST(CAST((
      totals.first_admin_close_at_epoch - totals.first_contact_reply_at_epoch
    ) AS DOUBLE PRECISION) / 60 AS DECIMAL(18, 6)),
    2
  ) AS DOUBLE PRECISION) AS time_to_admin_first_close_minutes,
  CAST(ROUND(
    CAST(CAST((
      totals.last_admin_close_at_epoch - totals.first_contact_reply_at_epoch
    ) AS DOUBLE PRECISION) / 60 AS DECIMAL(18, 6)),
    2
  ) AS DOUBLE PRECISION) AS time_to_admin_last_close_minutes,
  stg_conversations.rating AS conversation_rating
FROM stg_conversations
LEFT JOIN totals
  ON stg_conversations.conversation_id = totals.conversation_id;

-- contact_company_history
SELECT
  contact_companies.contact_id,
  contact_companies.company_id,
  (TIMESTAMP 'epoch' + contacts.updated_at * INTERVAL '1 SECOND') AS contact_updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + contacts.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".contact_companies
INNER JOIN "raw".contacts
  ON contact_companies.contact_id = contacts.id
LEFT JOIN "raw".deleted_records AS deleted_contacts
  ON deleted_contacts.entity = 'contacts' AND contacts.id = deleted_contacts.id
LEFT JOIN "raw".deleted_records AS deleted_companies
  ON deleted_companies.entity = 'companies'
  AND contact_companies.company_id = deleted_companies.id
WHERE
  deleted_contacts.id IS NULL AND deleted_companies.id IS NULL;

-- contact_history
SELECT
  contacts.id,
  NULLIF(NULLIF(contacts.owner_id, ''), '0') AS admin_id,
  (TIMESTAMP 'epoch' + contacts.created_at * INTERVAL '1 SECOND') AS created_at,
  (TIMESTAMP 'epoch' + contacts.updated_at * INTERVAL '1 SECOND') AS updated_at,
  CASE
    WHEN contacts.signed_up_at BETWEEN 0 AND 4102444800
    THEN (TIMESTAMP 'epoch' + contacts.signed_up_at * INTERVAL '1 SECOND')
  END AS signed_up_at,
  NULLIF(contacts.name, '') AS name,
  NULLIF(contacts.role, '') AS role,
  NULLIF(contacts.email, '') AS email,
  (TIMESTAMP 'epoch' + contacts.last_contacted_at * INTERVAL '1 SECOND') AS last_contacted_at,
  (TIMESTAMP 'epoch' + contacts.last_email_clicked_at * INTERVAL '1 SECOND') AS last_email_clicked_at,
  (TIMESTAMP 'epoch' + contacts.last_email_opened_at * INTERVAL '1 SECOND') AS last_email_opened_at,
  (TIMESTAMP 'epoch' + contacts.last_replied_at * INTERVAL '1 SECOND') AS last_replied_at,
  contacts.unsubscribed_from_emails,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + contacts.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".contacts
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'contacts' AND contacts.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- contact_tag_history
SELECT
  contact_tags.contact_id,
  contact_tags.tag_id,
  (TIMESTAMP 'epoch' + contacts.updated_at * INTERVAL '1 SECOND') AS contact_updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + contacts.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".contact_tags
INNER JOIN "raw".contacts
  ON contact_tags.contact_id = contacts.id
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'contacts' AND contacts.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- conversation_contact_history
SELECT
  conversation_contacts.conversation_id,
  conversation_contacts.contact_id,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS conversation_updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".conversation_contacts
INNER JOIN "raw".conversations
  ON conversation_contacts.conversation_id = conversations.id
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversations.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- conversation_history
SELECT
  conversations.id,
  (TIMESTAMP 'epoch' + conversations.created_at * INTERVAL '1 SECOND') AS created_at,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS updated_at,
  NULLIF(NULLIF(conversations.admin_assignee_id, ''), '0') AS assignee_id,
  CASE
    WHEN NOT NULLIF(NULLIF(conversations.admin_assignee_id, ''), '0') IS NULL
    THEN 'admin'
  END AS assignee_type,
  conversations.conversation_rating__rating AS conversation_rating_value,
  NULLIF(conversations.conversation_rating__remark, '') AS conversation_rating_remark,
  (TIMESTAMP 'epoch' + conversations.first_contact_reply__created_at * INTERVAL '1 SECOND') AS first_contact_reply_created_at,
  NULLIF(conversations.first_contact_reply__type, '') AS first_contact_reply_type,
  conversations.read,
  NULLIF(conversations.source__author__id, '') AS source_author_id,
  NULLIF(conversations.source__author__type, '') AS source_author_type,
  NULLIF(conversations.source__body, '') AS source_body,
  NULLIF(conversations.source__delivered_as, '') AS source_delivered_as,
  NULLIF(conversations.source__subject, '') AS source_subject,
  NULLIF(conversations.source__type, '') AS source_type,
  NULLIF(conversations.state, '') AS state,
  (TIMESTAMP 'epoch' + conversations.waiting_since * INTERVAL '1 SECOND') AS waiting_since,
  (TIMESTAMP 'epoch' + conversations.snoozed_until * INTERVAL '1 SECOND') AS snoozed_until,
  NULLIF(conversations.sla_applied__sla_name, '') AS sla_name,
  NULLIF(conversations.sla_applied__sla_status, '') AS sla_status,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".conversations
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversations.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- conversation_part_history
SELECT
  conversation_parts.id,
  conversation_parts.conversation_id,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS conversation_updated_at,
  NULLIF(conversation_parts.part_type, '') AS part_type,
  NULLIF(conversation_parts.body, '') AS body,
  NULLIF(conversation_parts.author__id, '') AS author_id,
  NULLIF(conversation_parts.author__type, '') AS author_type,
  NULLIF(NULLIF(conversation_parts.assigned_to__id, ''), '0') AS assigned_to_id,
  NULLIF(conversation_parts.assigned_to__type, '') AS assigned_to_type,
  (TIMESTAMP 'epoch' + conversation_parts.created_at * INTERVAL '1 SECOND') AS created_at,
  (TIMESTAMP 'epoch' + conversation_parts.updated_at * INTERVAL '1 SECOND') AS updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".conversation_parts
INNER JOIN "raw".conversations
  ON conversation_parts.conversation_id = conversations.id
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversations.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- conversation_tag_history
SELECT
  conversation_tags.conversation_id,
  conversation_tags.tag_id,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS conversation_updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".conversation_tags
INNER JOIN "raw".conversations
  ON conversation_tags.conversation_id = conversations.id
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversations.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- conversation_versions
WITH part_loads AS (
  SELECT
    conversation_id,
    COUNT(*) AS count_parts,
    MAX(load_id) AS last_load_id
  FROM stg_conversation_parts
  GROUP BY
    conversation_id
), attachment_counts AS (
  SELECT
    conversation_id,
    COUNT(*) AS count_attachments
  FROM stg_conversation_part_attachments
  GROUP BY
    conversation_id
)
SELECT
  stg_conversations.conversation_id,
  int_conversation_people.contact_id,
  COALESCE(stg_conversations.load_id, '') || ' ' || COALESCE(part_loads.last_load_id, '') || ' ' || CAST(COALESCE(part_loads.count_parts, 0) AS VARCHAR(MAX)) || ' ' || CAST(COALESCE(attachment_counts.count_attachments, 0) AS VARCHAR(MAX)) || ' ' || COALESCE(int_conversation_people.contact_id, '') || ' ' || COALESCE(int_conversation_people.company_id, '') || ' ' || COALESCE(int_conversation_tags.tags, '') || ' ' || COALESCE(stg_contacts.name, '') || ' ' || COALESCE(stg_contacts.email, '') || ' ' || COALESCE(stg_companies.name, '') AS version
FROM stg_conversations
INNER JOIN int_conversation_people
  ON stg_conversations.conversation_id = int_conversation_people.conversation_id
LEFT JOIN part_loads
  ON stg_conversations.conversation_id = part_loads.conversation_id
LEFT JOIN attachment_counts
  ON stg_conversations.conversation_id = attachment_counts.conversation_id
LEFT JOIN int_conversation_tags
  ON stg_conversations.conversation_id = int_conversation_tags.conversation_id
LEFT JOIN stg_contacts
  ON int_conversation_people.contact_id = stg_contacts.contact_id
LEFT JOIN stg_companies
  ON int_conversation_people.company_id = stg_companies.company_id;

-- current_names
SELECT
  'staff' AS entity,
  staff_id AS id,
  COALESCE(name, '') || CASE WHEN is_bot THEN ' (bot)' ELSE '' END AS name
FROM int_staff
UNION ALL
SELECT
  'team' AS entity,
  team_id AS id,
  COALESCE(name, '') AS name
FROM stg_teams;

-- dim_companies
WITH company_conversations AS (
  SELECT DISTINCT
    stg_contact_companies.company_id,
    int_contact_conversations.conversation_id
  FROM stg_contact_companies
  INNER JOIN int_contact_conversations
    ON stg_contact_companies.contact_id = int_contact_conversations.contact_id
), conversations AS (
  SELECT
    company_conversations.company_id,
    fct_conversations.is_closed,
    fct_conversations.created_at_epoch,
    build_clock.now_epoch - fct_conversations.created_at_epoch AS age_seconds,
    fct_conversations.rating,
    fct_conversations.sla_status,
    CASE
      WHEN NOT fct_conversations.rating IS NULL
      THEN ROW_NUMBER() OVER (
        PARTITION BY company_conversations.company_id, CASE WHEN fct_conversations.rating IS NULL THEN 0 ELSE 1 END
        ORDER BY fct_conversations.rated_at_epoch DESC NULLS LAST, fct_conversations.conversation_id
      )
    END AS rating_place
  FROM company_conversations
  INNER JOIN fct_conversations
    ON company_conversations.conversation_id = fct_conversations.conversation_id
  CROSS JOIN build_clock
), totals AS (
  SELECT
    company_id,
    COUNT(*) AS count_conversations,
    SUM(CASE WHEN age_seconds <= 604800 THEN 1 ELSE 0 END) AS count_conversations_7_days,
    SUM(CASE WHEN age_seconds <= 7776000 THEN 1 ELSE 0 END) AS count_conversations_90_days,
    SUM(CASE WHEN is_closed THEN 0 ELSE 1 END) AS count_open_conversations,
    MIN(CASE WHEN NOT is_closed THEN created_at_epoch END) AS oldest_open_at_epoch,
    COUNT(rating) AS count_ratings,
    SUM(CASE WHEN rating >= 4 THEN 1 ELSE 0 END) AS count_positive_ratings,
    SUM(CASE WHEN sla_status = 'hit' THEN 1 ELSE 0 END) AS count_sla_hit,
    SUM(CASE WHEN sla_status IN ('hit', 'missed') THEN 1 ELSE 0 END) AS count_sla_decided,
    MAX(CASE WHEN rating_place = 1 THEN rating END) AS last_rating
  FROM conversations
  GROUP BY
    company_id
), waits AS (
  SELECT
    company_conversations.company_id,
    MAX(int_turns.waited_business_seconds) AS longest_wait_business_seconds
  FROM company_conversations
  INNER JOIN int_turns
    ON company_conversations.conversation_id = int_turns.conversation_id
  WHERE
    int_turns.outcome = 'waiting'
  GROUP BY
    company_conversations.company_id
), contact_counts AS (
  SELECT
    company_id,
    COUNT(*) AS count_contacts
  FROM stg_contact_companies
  GROUP BY
    company_id
), reasons AS (
  SELECT
    stg_companies.company_id,
    CASE
      WHEN totals.last_rating <= 2
      THEN '; last rating ' || CAST(totals.last_rating AS VARCHAR(MAX))
      ELSE ''
    END || CASE
      WHEN waits.longest_wait_business_seconds > 28800
      THEN '; waiting for more than 8 business hours'
      ELSE ''
    END || CASE
      WHEN totals.count_conversations_7_days >= 3
      THEN '; ' || CAST(totals.count_conversations_7_days AS VARCHAR(MAX)) || ' conversations in 7 days'
      ELSE ''
    END AS risks,
    COALESCE(totals.count_conversations_90_days, 0) = 0
    AND COALESCE(build_clock.now_epoch - stg_companies.created_at_epoch > 7776000, TRUE) AS is_quiet
  FROM stg_companies
  CROSS JOIN build_clock
  LEFT JOIN totals
    ON stg_companies.company_id = totals.company_id
  LEFT JOIN waits
    ON stg_companies.company_id = waits.company_id
)
SELECT
  stg_companies.company_id,
  stg_companies.external_company_id,
  stg_companies.name,
  stg_companies.plan_name,
  stg_companies.industry,
  stg_companies.monthly_spend,
  stg_companies.count_employees,
  stg_companies.count_users,
  COALESCE(contact_counts.count_contacts, 0) AS count_contacts,
  COALESCE(totals.count_conversations, 0) AS count_contact_conversations,
  CAST(COALESCE(totals.count_conversations_90_days, 0) AS BIGINT) AS count_contact_conversations_90_days,
  CAST(100 * COALESCE(totals.count_conversations, 0) AS DOUBLE PRECISION) / NULLIF(stg_companies.count_users, 0) AS contact_conversations_per_100_users,
  COALESCE(totals.count_ratings, 0) AS count_ratings,
  CAST(totals.count_positive_ratings AS DOUBLE PRECISION) / NULLIF(totals.count_ratings, 0) AS csat,
  CAST(totals.count_sla_hit AS DOUBLE PRECISION) / NULLIF(totals.count_sla_decided, 0) AS sla_hit_rate,
  CAST(COALESCE(totals.count_open_conversations, 0) AS BIGINT) AS count_open_conversations,
  (TIMESTAMP 'epoch' + totals.oldest_open_at_epoch * INTERVAL '1 SECOND') AS oldest_open_at,
  CASE
    WHEN reasons.risks <> ''
    THEN 'at_risk'
    WHEN reasons.is_quiet
    THEN 'quiet'
    ELSE 'healthy'
  END AS health,
  CASE
    WHEN reasons.risks <> ''
    THEN SUBSTRING(reasons.risks FROM 3)
    WHEN reasons.is_quiet
    THEN 'no conversation in 90 days'
  END AS health_reasons,
  CASE
    WHEN reasons.risks <> ''
    THEN COALESCE(stg_companies.monthly_spend, 0)
    ELSE 0
  END AS spend_at_risk
FROM stg_companies
INNER JOIN reasons
  ON stg_companies.company_id = reasons.company_id
LEFT JOIN totals
  ON stg_companies.company_id = totals.company_id
LEFT JOIN contact_counts
  ON stg_companies.company_id = contact_counts.company_id;

-- dim_company_attributes
WITH texts AS (
  SELECT
    int_custom_attributes.object_id
  FROM int_custom_attributes
  WHERE
    int_custom_attributes.object = 'company'
  GROUP BY
    int_custom_attributes.object_id
)
SELECT
  stg_companies.company_id
FROM stg_companies
LEFT JOIN texts
  ON stg_companies.company_id = texts.object_id;

-- dim_contact_attributes
WITH texts AS (
  SELECT
    int_custom_attributes.object_id,
    MAX(
      CASE
        WHEN int_custom_attributes.attribute = 'A string'
        THEN int_custom_attributes.value
      END
    ) AS a0,
    MAX(
      CASE
        WHEN int_custom_attributes.attribute = 'A integer'
        THEN int_custom_attributes.value
      END
    ) AS a1,
    MAX(
      CASE
        WHEN int_custom_attributes.attribute = 'A float'
        THEN int_custom_attributes.value
      END
    ) AS a2,
    MAX(
      CASE
        WHEN int_custom_attributes.attribute = 'A boolean'
        THEN int_custom_attributes.value
      END
    ) AS a3,
    MAX(
      CASE
        WHEN int_custom_attributes.attribute = 'A date'
        THEN int_custom_attributes.value
      END
    ) AS a4
  FROM int_custom_attributes
  WHERE
    int_custom_attributes.object = 'contact'
  GROUP BY
    int_custom_attributes.object_id
)
SELECT
  stg_contacts.contact_id,
  texts.a0 AS a_string,
  CASE WHEN texts.a1 ~ '^-?[0-9]{1,18}$' THEN CAST(texts.a1 AS BIGINT) END AS a_integer,
  CASE
    WHEN texts.a2 ~ '^-?[0-9]{1,250}([.][0-9]{1,250})?$'
    OR texts.a2 ~ '^-?[0-9]{1,30}([.][0-9]{1,30})?[eE][-+]?[0-9]{1,2}$'
    OR texts.a2 ~ '^-?[0-9]([.][0-9]{1,30})?[eE][-+]?[12]?[0-9]{1,2}$'
    THEN CAST(texts.a2 AS DOUBLE PRECISION)
  END AS a_float,
  CASE LOWER(texts.a3) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END AS a_boolean,
  CASE
    WHEN texts.a4 ~ '^-?[0-9]{1,10}$'
    THEN (TIMESTAMP 'epoch' + CAST(texts.a4 AS BIGINT) * INTERVAL '1 SECOND')
  END AS a_date
FROM stg_contacts
LEFT JOIN texts
  ON stg_contacts.contact_id = texts.object_id;

-- dim_contacts
WITH company_lists AS (
  SELECT
    stg_contact_companies.contact_id,
    COUNT(*) AS count_companies,
    LISTAGG(COALESCE(stg_companies.name, stg_contact_companies.company_id), ', ') WITHIN GROUP (ORDER BY
      COALESCE(stg_companies.name, stg_contact_companies.company_id)) AS companies
  FROM stg_contact_companies
  LEFT JOIN stg_companies
    ON stg_contact_companies.company_id = stg_companies.company_id
  GROUP BY
    stg_contact_companies.contact_id
), reasons AS (
  SELECT
    health.contact_id,
    CASE
      WHEN last_rating <= 2
      THEN '; last rating ' || CAST(last_rating AS VARCHAR(MAX))
      ELSE ''
    END || CASE
      WHEN longest_wait_business_seconds > 28800
      THEN '; waiting for more than 8 business hours'
      ELSE ''
    END || CASE
      WHEN count_conversations_7_days >= 3
      THEN '; ' || CAST(count_conversations_7_days AS VARCHAR(MAX)) || ' conversations in 7 days'
      ELSE ''
    END AS risks,
    count_conversations_90_days = 0
    AND COALESCE(build_clock.now_epoch - stg_contacts.created_at_epoch > 7776000, TRUE) AS is_quiet
  FROM int_contact_health AS health
  INNER JOIN stg_contacts
    ON health.contact_id = stg_contacts.contact_id
  CROSS JOIN build_clock
)
SELECT
  stg_contacts.contact_id,
  stg_contacts.external_id,
  stg_contacts.role,
  stg_contacts.name,
  stg_contacts.email,
  stg_contacts.created_at,
  COALESCE(company_lists.count_companies, 0) AS count_companies,
  company_lists.companies,
  health.count_conversations,
  (TIMESTAMP 'epoch' + health.first_conversation_at_epoch * INTERVAL '1 SECOND') AS first_conversation_at,
  (TIMESTAMP 'epoch' + health.last_conversation_at_epoch * INTERVAL '1 SECOND') AS last_conversation_at,
  health.count_conversations_30_days,
  health.count_conversations_90_days,
  health.count_open_conversations,
  health.reopen_rate,
  health.median_first_response_seconds,
  health.last_rating,
  health.longest_wait_business_seconds,
  stg_contacts.last_contacted_at,
  stg_contacts.last_email_opened_at,
  stg_contacts.last_email_clicked_at,
  COALESCE(stg_contacts.is_unsubscribed_from_emails, FALSE) AS is_unsubscribed_from_emails,
  COALESCE(stg_contacts.has_hard_bounced, FALSE) AS has_hard_bounced,
  CASE
    WHEN reasons.risks <> ''
    THEN 'at_risk'
    WHEN reasons.is_quiet
    THEN 'quiet'
    ELSE 'healthy'
  END AS health,
  CASE
    WHEN reasons.risks <> ''
    THEN SUBSTRING(reasons.risks FROM 3)
    WHEN reasons.is_quiet
    THEN 'no conversation in 90 days'
  END AS health_reasons
FROM stg_contacts
INNER JOIN int_contact_health AS health
  ON stg_contacts.contact_id = health.contact_id
INNER JOIN reasons
  ON stg_contacts.contact_id = reasons.contact_id
LEFT JOIN company_lists
  ON stg_contacts.contact_id = company_lists.contact_id;

-- dim_conversation_attributes
WITH texts AS (
  SELECT
    int_custom_attributes.object_id
  FROM int_custom_attributes
  WHERE
    int_custom_attributes.object = 'conversation'
  GROUP BY
    int_custom_attributes.object_id
)
SELECT
  stg_conversations.conversation_id
FROM stg_conversations
LEFT JOIN texts
  ON stg_conversations.conversation_id = texts.object_id;

-- dim_teammates
WITH team_lists AS (
  SELECT
    stg_team_admins.admin_id,
    COUNT(*) AS count_teams,
    LISTAGG(COALESCE(stg_teams.name, stg_team_admins.team_id), ', ') WITHIN GROUP (ORDER BY
      COALESCE(stg_teams.name, stg_team_admins.team_id)) AS teams
  FROM stg_team_admins
  LEFT JOIN stg_teams
    ON stg_team_admins.team_id = stg_teams.team_id
  GROUP BY
    stg_team_admins.admin_id
), assigned AS (
  SELECT
    admin_assignee_id AS admin_id,
    SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS count_open,
    SUM(CASE WHEN state = 'snoozed' THEN 1 ELSE 0 END) AS count_snoozed,
    SUM(CASE WHEN is_waiting_on_us THEN 1 ELSE 0 END) AS count_waiting,
    MIN(CASE WHEN is_waiting_on_us THEN waiting_since END) AS waiting_since
  FROM fct_conversations
  WHERE
    NOT admin_assignee_id IS NULL
  GROUP BY
    admin_assignee_id
)
SELECT
  int_staff.staff_id AS admin_id,
  int_staff.name,
  stg_admins.email,
  stg_admins.job_title,
  int_staff.is_departed,
  COALESCE(stg_admins.has_inbox_seat, FALSE) AS has_inbox_seat,
  COALESCE(stg_admins.is_away, FALSE) AS is_away,
  team_lists.teams,
  COALESCE(team_lists.count_teams, 0) AS count_teams,
  CAST(COALESCE(assigned.count_open, 0) AS BIGINT) AS count_open_conversations,
  CAST(COALESCE(assigned.count_snoozed, 0) AS BIGINT) AS count_snoozed_conversations,
  CAST(COALESCE(assigned.count_waiting, 0) AS BIGINT) AS count_waiting_on_us,
  assigned.waiting_since AS longest_waiting_since
FROM int_staff
LEFT JOIN stg_admins
  ON int_staff.staff_id = stg_admins.admin_id
LEFT JOIN team_lists
  ON int_staff.staff_id = team_lists.admin_id
LEFT JOIN assigned
  ON int_staff.staff_id = assigned.admin_id
WHERE
  NOT int_staff.is_bot;

-- dim_teams
WITH ids AS (
  SELECT
    team_id
  FROM stg_teams
  UNION
  SELECT
    COALESCE(team_assignee_id, 'none') AS team_id
  FROM fct_conversations
  UNION
  SELECT
    COALESCE(team_id, 'none') AS team_id
  FROM int_assignment_spans
  UNION
  SELECT
    team_id
  FROM fct_tickets
), members AS (
  SELECT
    stg_team_admins.team_id,
    COUNT(*) AS count_teammates,
    LISTAGG(COALESCE(int_staff.name, stg_team_admins.admin_id), ', ') WITHIN GROUP (ORDER BY
      COALESCE(int_staff.name, stg_team_admins.admin_id)) AS teammates
  FROM stg_team_admins
  LEFT JOIN int_staff
    ON stg_team_admins.admin_id = int_staff.staff_id
  GROUP BY
    stg_team_admins.team_id
), assigned AS (
  SELECT
    COALESCE(team_assignee_id, 'none') AS team_id,
    SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS count_open,
    SUM(CASE WHEN state = 'snoozed' THEN 1 ELSE 0 END) AS count_snoozed,
    SUM(CASE WHEN state = 'open' AND admin_assignee_id IS NULL THEN 1 ELSE 0 END) AS count_unassigned,
    SUM(CASE WHEN is_waiting_on_us THEN 1 ELSE 0 END) AS count_waiting,
    MIN(CASE WHEN is_waiting_on_us THEN waiting_since END) AS waiting_since
  FROM fct_conversations
  GROUP BY
    COALESCE(team_assignee_id, 'none')
)
SELECT
  ids.team_id,
  stg_teams.name,
  stg_teams.distribution_method,
  ids.team_id <> 'none' AND stg_teams.team_id IS NULL AS is_deleted,
  members.teammates,
  COALESCE(members.count_teammates, 0) AS count_teammates,
  CAST(COALESCE(assigned.count_open, 0) AS BIGINT) AS count_open_conversations,
  CAST(COALESCE(assigned.count_snoozed, 0) AS BIGINT) AS count_snoozed_conversations,
  CAST(COALESCE(assigned.count_unassigned, 0) AS BIGINT) AS count_unassigned,
  CAST(COALESCE(assigned.count_waiting, 0) AS BIGINT) AS count_waiting_on_us,
  assigned.waiting_since AS longest_waiting_since
FROM ids
LEFT JOIN stg_teams
  ON ids.team_id = stg_teams.team_id
LEFT JOIN members
  ON ids.team_id = members.team_id
LEFT JOIN assigned
  ON ids.team_id = assigned.team_id;

-- fct_articles
WITH languages AS (
  SELECT
    article_id,
    LISTAGG(locale, ', ') WITHIN GROUP (ORDER BY
      locale) AS languages,
    COUNT(*) AS count_languages
  FROM int_article_locales
  WHERE
    state = 'published'
  GROUP BY
    article_id
), places AS (
  SELECT
    stg_articles.article_id,
    COALESCE(stg_collections.collection_id, 'none') AS collection_id
  FROM stg_articles
  LEFT JOIN stg_collections
    ON stg_articles.collection_id = stg_collections.collection_id
), missing AS (
  SELECT
    places.article_id,
    LISTAGG(fct_help_center_coverage.locale, ', ') WITHIN GROUP (ORDER BY
      fct_help_center_coverage.locale) AS languages_missing,
    COUNT(*) AS count_languages_missing
  FROM places
  INNER JOIN stg_articles
    ON places.article_id = stg_articles.article_id
  INNER JOIN fct_help_center_coverage
    ON places.collection_id = fct_help_center_coverage.collection_id
  LEFT JOIN int_article_locales
    ON places.article_id = int_article_locales.article_id
    AND fct_help_center_coverage.locale = int_article_locales.locale
    AND int_article_locales.state = 'published'
  WHERE
    int_article_locales.article_id IS NULL AND stg_articles.state = 'published'
  GROUP BY
    places.article_id
)
SELECT
  stg_articles.article_id,
  stg_articles.title,
  stg_articles.url,
  stg_articles.state,
  places.collection_id,
  stg_collections.name AS collection_name,
  stg_articles.author_admin_id,
  int_staff.name AS author_name,
  COALESCE(stg_articles.default_locale, 'default') AS locale,
  languages.languages,
  COALESCE(languages.count_languages, 0) AS count_languages,
  missing.languages_missing,
  COALESCE(missing.count_languages_missing, 0) AS count_languages_missing,
  stg_articles.created_at,
  stg_articles.updated_at,
  COALESCE(
    stg_articles.state = 'published'
    AND build_clock.now_epoch - stg_articles.updated_at_epoch > 15552000,
    FALSE
  ) AS is_stale,
  stg_articles.count_views,
  stg_articles.count_conversations,
  CAST(1000 * CAST(stg_articles.count_conversations AS DOUBLE PRECISION) AS DOUBLE PRECISION) / NULLIF(stg_articles.count_views, 0) AS conversations_per_1000_views,
  stg_articles.count_reactions,
  CASE
    WHEN stg_articles.count_reactions >= 10
    THEN CAST(stg_articles.happy_reaction_percentage AS DOUBLE PRECISION) / 100
  END AS happy_share,
  CASE
    WHEN stg_articles.count_reactions >= 10
    THEN CAST(stg_articles.sad_reaction_percentage AS DOUBLE PRECISION) / 100
  END AS sad_share
FROM stg_articles
CROSS JOIN build_clock
INNER JOIN places
  ON stg_articles.article_id = places.article_id
LEFT JOIN stg_collections
  ON places.collection_id = stg_collections.collection_id
LEFT JOIN int_staff
  ON stg_articles.author_admin_id = int_staff.staff_id
LEFT JOIN languages
  ON stg_articles.article_id = languages.article_id
LEFT JOIN missing
  ON stg_articles.article_id = missing.article_id;

-- fct_backlog_conversations
WITH days AS (
  SELECT
    calendar_days.day,
    CASE
      WHEN calendar_days.ends_at_epoch > build_clock.now_epoch
      THEN build_clock.now_epoch + 1
      ELSE calendar_days.ends_at_epoch
    END AS ends_at_epoch
  FROM calendar_days
  CROSS JOIN build_clock
  WHERE
    calendar_days.starts_at_epoch <= build_clock.now_epoch
    AND calendar_days.count_slots > 0
), spans AS (
  SELECT
    int_status_spans.conversation_id,
    int_status_spans.state,
    int_status_spans.admin_id,
    int_status_spans.team_id,
    int_status_spans.from_epoch,
    COALESCE(int_status_spans.to_epoch, 253402300799) AS to_epoch,
    COALESCE(days.ends_at_epoch, 0) AS first_end_epoch
  FROM int_status_spans
  LEFT JOIN local_slots
    ON CAST(FLOOR(CAST(int_status_spans.from_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
  LEFT JOIN days
    ON local_slots.day = days.day
  WHERE
    int_status_spans.state <> 'closed'
), stock AS (
  SELECT
    days.day,
    days.ends_at_epoch,
    spans.conversation_id,
    spans.state,
    spans.admin_id,
    spans.team_id
  FROM spans
  INNER JOIN days
    ON spans.from_epoch < days.ends_at_epoch AND spans.to_epoch >= days.ends_at_epoch
  WHERE
    spans.to_epoch > spans.from_epoch AND spans.to_epoch >= spans.first_end_epoch
), messages AS (
  SELECT
    conversation_id,
    is_customer_message,
    at_epoch AS from_epoch,
    COALESCE(LEAD(at_epoch) OVER (PARTITION BY conversation_id ORDER BY seq), 253402300799) AS to_epoch
  FROM int_events
  WHERE
    is_customer_message OR is_reply
), waits AS (
  SELECT
    stock.day,
    stock.conversation_id
  FROM stock
  INNER JOIN messages
    ON stock.conversation_id = messages.conversation_id
    AND messages.from_epoch < stock.ends_at_epoch
    AND messages.to_epoch >= stock.ends_at_epoch
  WHERE
    stock.state = 'open' AND messages.is_customer_message
)
SELECT
  stock.day,
  stock.conversation_id,
  fct_conversations.conversation_url,
  stock.state,
  COALESCE(stock.team_id, 'none') AS team_id,
  stg_teams.name AS team_name,
  stock.admin_id,
  int_staff.name AS admin_name,
  fct_conversations.channel,
  fct_conversations.priority,
  fct_conversations.contact_id,
  fct_conversations.contact_name,
  NOT waits.conversation_id IS NULL AS is_waiting_on_us,
  stock.ends_at_epoch - fct_conversations.created_at_epoch AS age_seconds
FROM stock
INNER JOIN fct_conversations
  ON stock.conversation_id = fct_conversations.conversation_id
LEFT JOIN waits
  ON stock.day = waits.day AND stock.conversation_id = waits.conversation_id
LEFT JOIN stg_teams
  ON stock.team_id = stg_teams.team_id
LEFT JOIN int_staff
  ON stock.admin_id = int_staff.staff_id;

-- fct_backlog_daily
WITH days AS (
  SELECT
    calendar_days.day
  FROM calendar_days
  CROSS JOIN build_clock
  WHERE
    calendar_days.starts_at_epoch <= build_clock.now_epoch
    AND calendar_days.count_slots > 0
), stock AS (
  SELECT
    day,
    team_id,
    state,
    COUNT(*) AS count_conversations,
    SUM(CASE WHEN admin_id IS NULL THEN 1 ELSE 0 END) AS count_unassigned,
    SUM(CASE WHEN is_waiting_on_us THEN 1 ELSE 0 END) AS count_waiting_on_us,
    MEDIAN(age_seconds) AS median_age_seconds,
    PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
      age_seconds) AS p90_age_seconds,
    SUM(CASE WHEN age_seconds > 86400 THEN 1 ELSE 0 END) AS count_older_than_1_day,
    SUM(CASE WHEN age_seconds > 259200 THEN 1 ELSE 0 END) AS count_older_than_3_days,
    SUM(CASE WHEN age_seconds > 604800 THEN 1 ELSE 0 END) AS count_older_than_7_days
  FROM fct_backlog_conversations
  GROUP BY
    day,
    team_id,
    state
), flows AS (
  SELECT
    day,
    team_id,
    state,
    SUM(CASE WHEN kind = 'opened' THEN 1 ELSE 0 END) AS count_opened,
    SUM(CASE WHEN kind = 'reopened' THEN 1 ELSE 0 END) AS count_reopened,
    SUM(CASE WHEN kind = 'moved_in' THEN 1 ELSE 0 END) AS count_moved_in,
    SUM(CASE WHEN kind = 'closed' THEN 1 ELSE 0 END) AS count_closed,
    SUM(CASE WHEN kind = 'moved_out' THEN 1 ELSE 0 END) AS count_moved_out
  FROM int_backlog_moves
  GROUP BY
    day,
    team_id,
    state
), teams AS (
  SELECT
    team_id
  FROM flows
  UNION
  SELECT
    team_id
  FROM stock
), states AS (
  SELECT
    'open' AS state
  UNION ALL
  SELECT
    'snoozed' AS state
), grid AS (
  SELECT
    days.day,
    teams.team_id,
    states.state
  FROM days
  CROSS JOIN teams
  CROSS JOIN states
)
SELECT
  grid.day,
  grid.team_id,
  stg_teams.name AS team_name,
  grid.state,
  COALESCE(stock.count_conversations, 0) AS count_conversations,
  CAST(COALESCE(stock.count_unassigned, 0) AS BIGINT) AS count_unassigned,
  CAST(COALESCE(stock.count_waiting_on_us, 0) AS BIGINT) AS count_waiting_on_us,
  CAST(COALESCE(flows.count_opened, 0) AS BIGINT) AS count_opened,
  CAST(COALESCE(flows.count_reopened, 0) AS BIGINT) AS count_reopened,
  CAST(COALESCE(flows.count_moved_in, 0) AS BIGINT) AS count_moved_in,
  CAST(COALESCE(flows.count_closed, 0) AS BIGINT) AS count_closed,
  CAST(COALESCE(flows.count_moved_out, 0) AS BIGINT) AS count_moved_out,
  CAST(COALESCE(
    flows.count_opened + flows.count_reopened + flows.count_moved_in - flows.count_closed - flows.count_moved_out,
    0
  ) AS BIGINT) AS count_net,
  stock.median_age_seconds,
  stock.p90_age_seconds,
  CAST(COALESCE(stock.count_older_than_1_day, 0) AS BIGINT) AS count_older_than_1_day,
  CAST(COALESCE(stock.count_older_than_3_days, 0) AS BIGINT) AS count_older_than_3_days,
  CAST(COALESCE(stock.count_older_than_7_days, 0) AS BIGINT) AS count_older_than_7_days
FROM grid
LEFT JOIN stock
  ON grid.day = stock.day AND grid.team_id = stock.team_id AND grid.state = stock.state
LEFT JOIN flows
  ON grid.day = flows.day AND grid.team_id = flows.team_id AND grid.state = flows.state
LEFT JOIN stg_teams
  ON grid.team_id = stg_teams.team_id;

-- fct_bot_weekly
WITH conversations AS (
  SELECT
    fct_conversations.conversation_id,
    fct_conversations.created_week AS week_start,
    fct_conversations.channel,
    fct_conversations.contact_id,
    fct_conversations.created_at_epoch,
    fct_conversations.last_close_at_epoch,
    fct_conversations.fin_outcome,
    COALESCE(fct_conversations.count_bot_replies > 0, FALSE)
    OR fct_conversations.has_fin AS is_bot_involved,
    COALESCE(fct_conversations.is_deflected_by_bot, FALSE) AS is_deflected_by_bot,
    (
      COALESCE(fct_conversations.count_bot_replies > 0, FALSE)
      OR fct_conversations.has_fin
    )
    AND (
      COALESCE(fct_conversations.count_replies > 0, FALSE)
      OR int_conversation_rollup.count_assignments_to_teammates > 0
    ) AS is_handed_off,
    CASE
      WHEN fct_conversations.count_bot_replies > 0 AND fct_conversations.count_replies = 0
      THEN fct_conversations.rating
    END AS bot_only_rating
  FROM fct_conversations
  INNER JOIN int_conversation_rollup
    ON fct_conversations.conversation_id = int_conversation_rollup.conversation_id
  WHERE
    fct_conversations.direction = 'inbound'
    AND NOT fct_conversations.created_week IS NULL
), returns AS (
  SELECT DISTINCT
    deflected.conversation_id
  FROM conversations AS deflected
  INNER JOIN conversations AS later
    ON deflected.contact_id = later.contact_id
    AND later.created_at_epoch > deflected.last_close_at_epoch
    AND later.created_at_epoch <= deflected.last_close_at_epoch + 86400
  WHERE
    deflected.is_deflected_by_bot
)
SELECT
  conversations.week_start,
  conversations.channel,
  COUNT(*) AS count_conversations,
  CAST(SUM(CASE WHEN conversations.is_bot_involved THEN 1 ELSE 0 END) AS BIGINT) AS count_bot_involved,
  CAST(SUM(CASE WHEN conversations.is_deflected_by_bot THEN 1 ELSE 0 END) AS BIGINT) AS count_deflected,
  CAST(SUM(CASE WHEN conversations.is_handed_off THEN 1 ELSE 0 END) AS BIGINT) AS count_handed_off,
  COUNT(returns.conversation_id) AS count_returned_within_24_hours,
  CAST(SUM(CASE WHEN conversations.is_deflected_by_bot THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(SUM(CASE WHEN conversations.is_bot_involved THEN 1 ELSE 0 END), 0) AS deflection_rate,
  COUNT(conversations.bot_only_rating) AS count_bot_only_ratings,
  CAST(SUM(CASE WHEN conversations.bot_only_rating >= 4 THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(COUNT(conversations.bot_only_rating), 0) AS bot_only_csat,
  COUNT(conversations.fin_outcome) AS count_fin_involved,
  CAST(SUM(
    CASE
      WHEN conversations.fin_outcome LIKE '%resol%'
      AND conversations.fin_outcome NOT LIKE '%unresol%'
      THEN 1
      ELSE 0
    END
  ) AS BIGINT) AS count_fin_resolved,
  CAST(SUM(CASE WHEN conversations.fin_outcome = 'confirmed_resolution' THEN 1 ELSE 0 END) AS BIGINT) AS count_fin_confirmed,
  CAST(SUM(
    CASE
      WHEN conversations.fin_outcome LIKE 'routed%'
      OR conversations.fin_outcome LIKE 'escalated%'
      OR conversations.fin_outcome LIKE '%handoff%'
      THEN 1
      ELSE 0
    END
  ) AS BIGINT) AS count_fin_routed,
  CAST(SUM(CASE WHEN conversations.fin_outcome LIKE 'abandon%' THEN 1 ELSE 0 END) AS BIGINT) AS count_fin_abandoned,
  CAST(SUM(
    CASE
      WHEN conversations.fin_outcome LIKE '%resol%'
      AND conversations.fin_outcome NOT LIKE '%unresol%'
      THEN 1
      ELSE 0
    END
  ) AS DOUBLE PRECISION) / NULLIF(COUNT(conversations.fin_outcome), 0) AS fin_resolution_rate
FROM conversations
LEFT JOIN returns
  ON conversations.conversation_id = returns.conversation_id
GROUP BY
  conversations.week_start,
  conversations.channel;

-- fct_conversation_tags
SELECT
  stg_conversation_tags.conversation_id,
  stg_conversation_tags.tag_id,
  COALESCE(stg_tags.name, stg_conversation_tags.tag_name) AS tag_name,
  fct_conversations.conversation_url,
  stg_conversation_tags.applied_at,
  CASE WHEN int_staff.is_bot THEN NULL ELSE stg_conversation_tags.applied_by_id END AS applied_by_admin_id,
  CASE WHEN int_staff.is_bot THEN NULL ELSE int_staff.name END AS applied_by_name,
  fct_conversations.direction,
  fct_conversations.channel,
  fct_conversations.state,
  COALESCE(fct_conversations.team_assignee_id, 'none') AS team_id,
  fct_conversations.team_name,
  fct_conversations.contact_id,
  fct_conversations.created_on,
  fct_conversations.created_week,
  fct_conversations.first_response_seconds,
  fct_conversations.resolution_seconds,
  fct_conversations.rating
FROM stg_conversation_tags
INNER JOIN fct_conversations
  ON stg_conversation_tags.conversation_id = fct_conversations.conversation_id
LEFT JOIN stg_tags
  ON stg_conversation_tags.tag_id = stg_tags.tag_id
LEFT JOIN int_staff
  ON stg_conversation_tags.applied_by_id = int_staff.staff_id;

-- fct_conversations
WITH workspaces AS (
  SELECT
    MAX(workspace_id) AS workspace_id,
    MAX(app_url) AS app_url
  FROM stg_workspace
), facts AS (
  SELECT
    stg_conversations.*,
    opening.author_role AS opened_by_role,
    COALESCE(stg_conversations.state = 'closed', FALSE) AS is_closed,
    completeness.has_all_parts,
    responses.asked_at_epoch,
    CASE
      WHEN responses.conversation_id IS NULL
      AND rollup.first_customer_message_at_epoch IS NULL
      THEN 'outbound'
      WHEN stg_conversations.source_delivered_as IN ('customer_initiated', 'operator_initiated', 'automated')
      THEN 'inbound'
      WHEN stg_conversations.source_delivered_as IS NULL
      AND opening.author_role IN ('customer', 'bot')
      THEN 'inbound'
      ELSE 'outbound_replied'
    END AS direction,
    CASE
      WHEN completeness.has_all_parts
      THEN rollup.first_close_at_epoch
      ELSE stg_conversations.statistics_first_close_at_epoch
    END AS first_close_at_epoch,
    CASE
      WHEN completeness.has_all_parts
      THEN rollup.last_close_at_epoch
      ELSE stg_conversations.statistics_last_close_at_epoch
    END AS last_close_at_epoch,
    CASE
      WHEN completeness.has_all_parts
      THEN since.first_close_at_epoch
      WHEN NOT responses.asked_at_epoch IS NULL
      THEN stg_conversations.statistics_first_close_at_epoch
    END AS first_asked_close_at_epoch,
    CASE
      WHEN completeness.has_all_parts
      THEN since.last_close_at_epoch
      WHEN NOT responses.asked_at_epoch IS NULL
      THEN stg_conversations.statistics_last_close_at_epoch
    END AS last_asked_close_at_epoch,
    CASE WHEN completeness.has_all_parts THEN rollup.first_reopen_at_epoch END AS first_reopen_at_epoch,
    CASE
      WHEN completeness.has_all_parts
      THEN rollup.last_closed_by_role
      WHEN stg_conversations.statistics_last_closed_by_id IS NULL
      THEN NULL
      WHEN closers.is_bot
      THEN 'bot'
      ELSE 'teammate'
    END AS last_closed_by_role,
    CASE
      WHEN completeness.has_all_parts
      THEN rollup.last_closed_by_admin_id
      WHEN closers.is_bot
      THEN NULL
      ELSE stg_conversations.statistics_last_closed_by_id
    END AS last_closed_by_admin_id,
    CASE WHEN assignees.is_bot THEN NULL ELSE stg_conversations.admin_assignee_id END AS owner_admin_id,
    CASE WHEN raters.is_bot THEN NULL ELSE stg_conversations.rating_admin_id END AS rated_admin_id
  FROM stg_conversations
  INNER JOIN int_events AS opening
    ON stg_conversations.conversation_id = opening.conversation_id AND opening.seq = 0
  INNER JOIN int_conversation_rollup AS rollup
    ON stg_conversations.conversation_id = rollup.conversation_id
  INNER JOIN qa_conversation_completeness AS completeness
    ON stg_conversations.conversation_id = completeness.conversation_id
  LEFT JOIN int_first_responses AS responses
    ON stg_conversations.conversation_id = responses.conversation_id
  LEFT JOIN int_since_asked AS since
    ON stg_conversations.conversation_id = since.conversation_id
  LEFT JOIN int_staff AS closers
    ON stg_conversations.statistics_last_closed_by_id = closers.staff_id
  LEFT JOIN int_staff AS assignees
    ON stg_conversations.admin_assignee_id = assignees.staff_id
  LEFT JOIN int_staff AS raters
    ON stg_conversations.rating_admin_id = raters.staff_id
), with_customers AS (
  SELECT
    facts.*,
    opened_by_role = 'customer'
    AND COALESCE(source_delivered_as, '') = 'customer_initiated' AS is_customer_initiated
  FROM facts
), turns AS (
  SELECT
    conversation_id,
    COUNT(*) AS count_turns,
    MAX(CASE WHEN outcome = 'waiting' THEN asked_at_epoch END) AS waiting_since_epoch,
    MAX(CASE WHEN outcome = 'waiting' THEN waited_business_seconds END) AS waited_business_seconds
  FROM int_turns
  GROUP BY
    conversation_id
), owners AS (
  SELECT
    int_assignment_spans.*,
    LAG(admin_id) OVER (PARTITION BY conversation_id ORDER BY span) AS previous_admin_id,
    LAG(team_id) OVER (PARTITION BY conversation_id ORDER BY span) AS previous_team_id
  FROM int_assignment_spans
), ownership AS (
  SELECT
    conversation_id,
    SUM(CASE WHEN NOT admin_id IS NULL THEN open_seconds ELSE 0 END) AS handling_seconds,
    SUM(CASE WHEN admin_id IS NULL THEN open_seconds ELSE 0 END) AS unassigned_seconds,
    SUM(
      CASE
        WHEN admin_id <> previous_admin_id OR team_id <> previous_team_id
        THEN 1
        ELSE 0
      END
    ) AS count_handovers
  FROM owners
  GROUP BY
    conversation_id
), returns AS (
  SELECT
    closed.conversation_id,
    COUNT(*) AS count_returns
  FROM with_customers AS closed
  INNER JOIN int_conversation_people AS closed_people
    ON closed.conversation_id = closed_people.conversation_id
  INNER JOIN int_conversation_people AS later_people
    ON closed_people.contact_id = later_people.contact_id
  INNER JOIN with_customers AS later
    ON later_people.conversation_id = later.conversation_id
    AND later.created_at_epoch > closed.last_close_at_epoch
    AND later.created_at_epoch <= closed.last_close_at_epoch + 604800
  WHERE
    later.is_customer_initiated
  GROUP BY
    closed.conversation_id
)
SELECT
  conversations.conversation_id,
  workspaces.app_url || '/a/inbox/' || workspaces.workspace_id || '/inbox/conversation/' || conversations.conversation_id AS conversation_url,
  conversations.title,
  COALESCE(conversations.source_type, 'unknown') AS channel,
  conversations.source_delivered_as AS delivered_as,
  conversations.source_subject AS subject,
  conversations.opened_by_role,
  conversations.is_customer_initiated,
  conversations.direction,
  people.contact_id,
  COALESCE(
    stg_contacts.name,
    CASE
      WHEN people.contact_id = conversations.source_author_id
      THEN conversations.source_author_name
    END
  ) AS contact_name,
  COALESCE(
    stg_contacts.email,
    CASE
      WHEN people.contact_id = conversations.source_author_id
      THEN conversations.source_author_email
    END
  ) AS contact_email,
  people.company_id,
  stg_companies.name AS company_name,
  conversations.state,
  conversations.is_closed,
  conversations.priority,
  conversations.owner_admin_id AS admin_assignee_id,
  assignee_names.name AS assignee_name,
  conversations.team_assignee_id,
  stg_teams.name AS team_name,
  int_conversation_tags.tags,
  conversations.has_all_parts,
  conversations.created_at,
  conversations.created_at_epoch,
  local_slots.day AS created_on,
  local_slots.week_start AS created_week,
  local_slots.month_start AS created_month,
  local_slots.hour AS created_hour,
  local_slots.weekday AS created_weekday,
  conversations.updated_at,
  (TIMESTAMP 'epoch' + conversations.asked_at_epoch * INTERVAL '1 SECOND') AS asked_at,
  conversations.asked_at_epoch,
  (TIMESTAMP 'epoch' + responses.first_reply_at_epoch * INTERVAL '1 SECOND') AS first_reply_at,
  responses.first_reply_at_epoch,
  responses.first_reply_admin_id,
  replier_names.name AS first_reply_admin_name,
  (TIMESTAMP 'epoch' + CASE
    WHEN conversations.has_all_parts
    THEN rollup.last_reply_at_epoch
    ELSE conversations.statistics_last_admin_reply_at_epoch
  END * INTERVAL '1 SECOND') AS last_reply_at,
  (TIMESTAMP 'epoch' + CASE
    WHEN conversations.has_all_parts
    THEN rollup.last_customer_message_at_epoch
    ELSE conversations.statistics_last_contact_reply_at_epoch
  END * INTERVAL '1 SECOND') AS last_customer_message_at,
  (TIMESTAMP 'epoch' + conversations.first_close_at_epoch * INTERVAL '1 SECOND') AS first_close_at,
  conversations.first_close_at_epoch,
  (TIMESTAMP 'epoch' + conversations.last_close_at_epoch * INTERVAL '1 SECOND') AS last_close_at,
  conversations.last_close_at_epoch,
  (TIMESTAMP 'epoch' + conversations.first_reopen_at_epoch * INTERVAL '1 SECOND') AS first_reopen_at,
  conversations.first_reopen_at_epoch,
  conversations.last_closed_by_admin_id,
  closer_names.name AS last_closed_by_name,
  CASE
    WHEN conversations.has_all_parts
    THEN conversations.state = 'open' AND rollup.is_last_message_customers
    ELSE conversations.state = 'open' AND NOT conversations.waiting_since_epoch IS NULL
  END AS is_waiting_on_us,
  (TIMESTAMP 'epoch' + CASE
    WHEN NOT conversations.has_all_parts
    THEN conversations.waiting_since_epoch
    WHEN NOT turns.waiting_since_epoch IS NULL
    THEN turns.waiting_since_epoch
    WHEN conversations.state = 'open' AND rollup.is_last_message_customers
    THEN rollup.last_customer_message_at_epoch
  END * INTERVAL '1 SECOND') AS waiting_since,
  turns.waited_business_seconds AS waiting_business_seconds,
  conversations.last_closed_by_role,
  CASE WHEN conversations.direction = 'inbound' THEN responses.response_seconds END AS first_response_seconds,
  CASE
    WHEN conversations.direction = 'inbound'
    THEN responses.response_business_seconds
  END AS first_response_business_seconds,
  CASE
    WHEN conversations.direction = 'inbound'
    THEN responses.response_after_bot_seconds
  END AS first_response_after_bot_seconds,
  CASE
    WHEN conversations.direction = 'inbound'
    THEN responses.was_closed_before_first_reply
  END AS was_closed_before_first_reply,
  CASE WHEN conversations.direction = 'inbound' THEN responses.assignment_seconds END AS time_to_first_assignment_seconds,
  CASE
    WHEN conversations.has_all_parts
    THEN CAST(COALESCE(ownership.unassigned_seconds, 0) AS BIGINT)
  END AS unassigned_seconds,
  conversations.first_asked_close_at_epoch - conversations.asked_at_epoch AS first_close_seconds,
  conversations.last_asked_close_at_epoch - conversations.asked_at_epoch AS last_close_seconds,
  CASE
    WHEN conversations.is_closed
    THEN conversations.last_asked_close_at_epoch - conversations.asked_at_epoch
  END AS resolution_seconds,
  CASE
    WHEN conversations.is_closed
    THEN CAST(since.business_seconds_to_last_close AS BIGINT)
  END AS resolution_business_seconds,
  since.last_close_at_epoch - since.first_assigned_at_epoch AS first_assignment_to_close_seconds,
  since.last_close_at_epoch - since.last_assigned_at_epoch AS last_assignment_to_close_seconds,
  CASE
    WHEN conversations.first_close_at_epoch IS NULL
    THEN NULL
    WHEN conversations.has_all_parts
    THEN CAST(COALESCE(ownership.handling_seconds, 0) AS BIGINT)
    ELSE conversations.statistics_handling_time_seconds
  END AS handling_seconds,
  CASE WHEN conversations.has_all_parts THEN rollup.count_replies END AS count_replies,
  CASE WHEN conversations.has_all_parts THEN rollup.count_customer_messages END AS count_customer_messages,
  CASE WHEN conversations.has_all_parts THEN rollup.count_bot_replies END AS count_bot_replies,
  CASE WHEN conversations.has_all_parts THEN rollup.count_notes END AS count_notes,
  CASE WHEN conversations.has_all_parts THEN rollup.count_replying_admins END AS count_replying_admins,
  CASE
    WHEN conversations.has_all_parts
    THEN rollup.count_assignments
    ELSE conversations.statistics_count_assignments
  END AS count_assignments,
  since.count_reassignments,
  CASE WHEN conversations.has_all_parts THEN rollup.count_closes END AS count_closes,
  CASE
    WHEN conversations.has_all_parts
    THEN rollup.count_reopens
    ELSE conversations.statistics_count_reopens
  END AS count_reopens,
  CASE WHEN conversations.has_all_parts THEN COALESCE(turns.count_turns, 0) END AS count_turns,
  CASE
    WHEN conversations.has_all_parts
    THEN CAST(COALESCE(ownership.count_handovers, 0) AS BIGINT)
  END AS count_handovers,
  CASE
    WHEN conversations.has_all_parts
    THEN conversations.is_closed
    AND rollup.count_closes = 1
    AND rollup.count_replying_admins = 1
  END AS is_closed_on_first_contact,
  CASE
    WHEN conversations.has_all_parts
    THEN conversations.is_closed AND rollup.count_replies = 1 AND rollup.count_reopens = 0
  END AS is_one_touch,
  CASE
    WHEN conversations.first_close_at_epoch + 604800 <= build_clock.now_epoch
    AND conversations.has_all_parts
    THEN COALESCE(
      conversations.first_reopen_at_epoch <= conversations.first_close_at_epoch + 604800,
      FALSE
    )
  END AS is_reopened_within_7_days,
  CASE
    WHEN conversations.is_closed
    AND NOT people.contact_id IS NULL
    AND conversations.last_close_at_epoch + 604800 <= build_clock.now_epoch
    THEN returns.count_returns IS NULL
  END AS is_resolved_no_return,
  CASE
    WHEN conversations.has_all_parts
    THEN conversations.direction = 'inbound'
    AND conversations.is_closed
    AND rollup.has_bot_reply_to_customer
    AND rollup.count_replies = 0
    AND rollup.count_assignments_to_teammates = 0
    AND conversations.owner_admin_id IS NULL
    AND COALESCE(rollup.last_closed_by_role IN ('bot', 'customer', 'other'), FALSE)
  END AS is_deflected_by_bot,
  rollup.has_fin OR COALESCE(conversations.is_ai_agent_involved, FALSE) AS has_fin,
  conversations.ai_agent_resolution_state AS fin_outcome,
  conversations.sla_name,
  conversations.sla_status,
  conversations.rating,
  conversations.rating_remark,
  conversations.rated_at,
  conversations.rated_at_epoch,
  conversations.rated_admin_id,
  CASE
    WHEN conversations.has_all_parts
    THEN conversations.is_closed AND rollup.count_replies > 0
    WHEN NOT conversations.statistics_last_admin_reply_at_epoch IS NULL
    THEN conversations.is_closed
  END AS is_rateable
FROM with_customers AS conversations
CROSS JOIN build_clock
CROSS JOIN workspaces
INNER JOIN int_conversation_rollup AS rollup
  ON conversations.conversation_id = rollup.conversation_id
INNER JOIN int_conversation_people AS people
  ON conversations.conversation_id = people.conversation_id
LEFT JOIN int_first_responses AS responses
  ON conversations.conversation_id = responses.conversation_id
LEFT JOIN int_since_asked AS since
  ON conversations.conversation_id = since.conversation_id
LEFT JOIN local_slots
  ON CAST(FLOOR(CAST(conversations.created_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
LEFT JOIN int_conversation_tags
  ON conversations.conversation_id = int_conversation_tags.conversation_id
LEFT JOIN ownership
  ON conversations.conversation_id = ownership.conversation_id
LEFT JOIN turns
  ON conversations.conversation_id = turns.conversation_id
LEFT JOIN returns
  ON conversations.conversation_id = returns.conversation_id
LEFT JOIN stg_contacts
  ON people.contact_id = stg_contacts.contact_id
LEFT JOIN stg_companies
  ON people.company_id = stg_companies.company_id
LEFT JOIN stg_teams
  ON conversations.team_assignee_id = stg_teams.team_id
LEFT JOIN int_staff AS assignee_names
  ON conversations.owner_admin_id = assignee_names.staff_id
LEFT JOIN int_staff AS replier_names
  ON responses.first_reply_admin_id = replier_names.staff_id
LEFT JOIN int_staff AS closer_names
  ON conversations.last_closed_by_admin_id = closer_names.staff_id;

-- fct_csat
WITH repliers AS (
  SELECT
    fct_conversations.conversation_id,
    int_events.author_id AS admin_id,
    ROW_NUMBER() OVER (
      PARTITION BY fct_conversations.conversation_id
      ORDER BY int_events.seq DESC NULLS LAST
    ) AS place
  FROM fct_conversations
  INNER JOIN int_events
    ON fct_conversations.conversation_id = int_events.conversation_id
    AND int_events.is_reply
    AND int_events.at_epoch <= fct_conversations.rated_at_epoch
  WHERE
    NOT fct_conversations.rating IS NULL
), closes AS (
  SELECT
    fct_conversations.conversation_id,
    MAX(int_events.at_epoch) AS closed_at_epoch
  FROM fct_conversations
  INNER JOIN int_events
    ON fct_conversations.conversation_id = int_events.conversation_id
    AND int_events.kind = 'close'
    AND int_events.at_epoch <= fct_conversations.rated_at_epoch
  WHERE
    NOT fct_conversations.rating IS NULL
  GROUP BY
    fct_conversations.conversation_id
)
SELECT
  fct_conversations.conversation_id,
  fct_conversations.conversation_url,
  fct_conversations.rating,
  fct_conversations.rating >= 4 AS is_positive,
  fct_conversations.is_rateable,
  fct_conversations.rating_remark AS remark,
  fct_conversations.rated_at,
  fct_conversations.rated_at_epoch,
  local_slots.day AS rated_on,
  fct_conversations.direction,
  fct_conversations.channel,
  COALESCE(fct_conversations.team_assignee_id, 'none') AS team_id,
  fct_conversations.team_name,
  COALESCE(fct_conversations.rated_admin_id, repliers.admin_id) AS admin_id,
  int_staff.name AS admin_name,
  fct_conversations.contact_id,
  fct_conversations.contact_name,
  fct_conversations.company_id,
  CAST(fct_conversations.rated_at_epoch - closes.closed_at_epoch AS DOUBLE PRECISION) / 3600 AS hours_after_close
FROM fct_conversations
LEFT JOIN repliers
  ON fct_conversations.conversation_id = repliers.conversation_id
  AND repliers.place = 1
LEFT JOIN closes
  ON fct_conversations.conversation_id = closes.conversation_id
LEFT JOIN int_staff
  ON COALESCE(fct_conversations.rated_admin_id, repliers.admin_id) = int_staff.staff_id
LEFT JOIN local_slots
  ON CAST(FLOOR(CAST(fct_conversations.rated_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
WHERE
  NOT fct_conversations.rating IS NULL;

-- fct_handovers
WITH first_bot_acts AS (
  SELECT
    conversation_id,
    MIN(seq) AS seq
  FROM int_events
  WHERE
    is_bot_reply OR to_role = 'bot'
  GROUP BY
    conversation_id
), owners AS (
  SELECT
    int_assignment_spans.conversation_id,
    int_assignment_spans.span,
    int_assignment_spans.first_seq,
    int_assignment_spans.from_epoch,
    int_assignment_spans.admin_id,
    int_assignment_spans.team_id,
    LAG(int_assignment_spans.admin_id) OVER (
      PARTITION BY int_assignment_spans.conversation_id
      ORDER BY int_assignment_spans.span
    ) AS from_admin_id,
    LAG(int_assignment_spans.team_id) OVER (
      PARTITION BY int_assignment_spans.conversation_id
      ORDER BY int_assignment_spans.span
    ) AS from_team_id,
    MAX(int_assignment_spans.admin_id) OVER (
      PARTITION BY int_assignment_spans.conversation_id
      ORDER BY int_assignment_spans.span
      rows BETWEEN UNBOUNDED preceding AND 1 preceding
    ) AS any_earlier_admin_id
  FROM int_assignment_spans
  INNER JOIN qa_conversation_completeness
    ON int_assignment_spans.conversation_id = qa_conversation_completeness.conversation_id
  WHERE
    qa_conversation_completeness.has_all_parts
), with_kinds AS (
  SELECT
    owners.*,
    CASE
      WHEN owners.from_admin_id <> owners.admin_id
      THEN 'teammate_to_teammate'
      WHEN owners.from_team_id <> owners.team_id
      THEN 'team_to_team'
      WHEN NOT owners.from_admin_id IS NULL
      AND owners.admin_id IS NULL
      AND owners.from_team_id IS NULL
      AND NOT owners.team_id IS NULL
      THEN 'teammate_to_team'
      WHEN NOT owners.from_admin_id IS NULL AND owners.admin_id IS NULL
      THEN 'to_unassigned'
      WHEN NOT owners.admin_id IS NULL
      AND owners.any_earlier_admin_id IS NULL
      AND first_bot_acts.seq < owners.first_seq
      THEN 'bot_to_teammate'
    END AS kind
  FROM owners
  LEFT JOIN first_bot_acts
    ON owners.conversation_id = first_bot_acts.conversation_id
  WHERE
    owners.span > 1
), handovers AS (
  SELECT
    with_kinds.*,
    ROW_NUMBER() OVER (PARTITION BY conversation_id ORDER BY span) AS handover,
    LEAD(admin_id) OVER (PARTITION BY conversation_id, kind ORDER BY span) AS next_admin_id,
    LEAD(team_id) OVER (PARTITION BY conversation_id, kind ORDER BY span) AS next_team_id
  FROM with_kinds
  WHERE
    NOT kind IS NULL
), first_replies AS (
  SELECT
    handovers.conversation_id,
    handovers.handover,
    MIN(int_events.at_epoch) AS at_epoch
  FROM handovers
  INNER JOIN int_events
    ON handovers.conversation_id = int_events.conversation_id
    AND int_events.is_reply
    AND (
      (
        handovers.kind IN ('team_to_team', 'teammate_to_team')
        AND int_events.seq > handovers.first_seq
      )
      OR (
        NOT handovers.kind IN ('team_to_team', 'teammate_to_team')
        AND int_events.seq >= handovers.first_seq
        AND int_events.author_id = handovers.admin_id
      )
    )
  WHERE
    handovers.kind <> 'to_unassigned'
  GROUP BY
    handovers.conversation_id,
    handovers.handover
)
SELECT
  handovers.conversation_id,
  CAST(handovers.handover AS BIGINT) AS handover,
  fct_conversations.conversation_url,
  handovers.kind,
  handovers.from_admin_id,
  from_names.name AS from_admin_name,
  handovers.admin_id AS to_admin_id,
  to_names.name AS to_admin_name,
  handovers.from_team_id,
  from_teams.name AS from_team_name,
  handovers.team_id AS to_team_id,
  to_teams.name AS to_team_name,
  (TIMESTAMP 'epoch' + handovers.from_epoch * INTERVAL '1 SECOND') AS handed_over_at,
  handovers.from_epoch AS handed_over_at_epoch,
  local_slots.day AS handed_over_on,
  fct_conversations.channel,
  first_replies.at_epoch - handovers.from_epoch AS seconds_to_reply,
  CASE
    WHEN handovers.kind = 'teammate_to_teammate'
    THEN COALESCE(handovers.next_admin_id = handovers.from_admin_id, FALSE)
    WHEN handovers.kind = 'team_to_team'
    THEN COALESCE(handovers.next_team_id = handovers.from_team_id, FALSE)
    ELSE FALSE
  END AS was_bounced_back
FROM handovers
INNER JOIN fct_conversations
  ON handovers.conversation_id = fct_conversations.conversation_id
LEFT JOIN first_replies
  ON handovers.conversation_id = first_replies.conversation_id
  AND handovers.handover = first_replies.handover
LEFT JOIN int_staff AS from_names
  ON handovers.from_admin_id = from_names.staff_id
LEFT JOIN int_staff AS to_names
  ON handovers.admin_id = to_names.staff_id
LEFT JOIN stg_teams AS from_teams
  ON handovers.from_team_id = from_teams.team_id
LEFT JOIN stg_teams AS to_teams
  ON handovers.team_id = to_teams.team_id
LEFT JOIN local_slots
  ON CAST(FLOOR(CAST(handovers.from_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id;

-- fct_help_center_coverage
WITH collections AS (
  SELECT
    stg_collections.collection_id,
    stg_collections.name,
    stg_collections.default_locale,
    COALESCE(
      stg_collections.help_center_id,
      parents.help_center_id,
      grandparents.help_center_id,
      'none'
    ) AS help_center_id
  FROM stg_collections
  LEFT JOIN stg_collections AS parents
    ON stg_collections.parent_collection_id = parents.collection_id
  LEFT JOIN stg_collections AS grandparents
    ON parents.parent_collection_id = grandparents.collection_id
  UNION ALL
  SELECT
    'none' AS collection_id,
    NULL AS name,
    NULL AS default_locale,
    'none' AS help_center_id
), texts AS (
  SELECT
    collections.collection_id,
    collections.help_center_id,
    int_article_locales.article_id,
    int_article_locales.locale,
    int_article_locales.is_default_locale,
    int_article_locales.state,
    CASE
      WHEN int_article_locales.state = 'published'
      AND build_clock.now_epoch - int_article_locales.updated_at_epoch > 15552000
      THEN 1
      ELSE 0
    END AS is_stale,
    stg_articles.count_views,
    stg_articles.count_conversations,
    stg_articles.count_reactions,
    CAST(stg_articles.count_reactions * stg_articles.sad_reaction_percentage AS DOUBLE PRECISION) / 100 AS count_sad_reactions
  FROM int_article_locales
  INNER JOIN stg_articles
    ON int_article_locales.article_id = stg_articles.article_id
  LEFT JOIN stg_collections
    ON int_article_locales.collection_id = stg_collections.collection_id
  INNER JOIN collections
    ON COALESCE(stg_collections.collection_id, 'none') = collections.collection_id
  CROSS JOIN build_clock
), languages AS (
  SELECT
    help_center_id,
    locale
  FROM texts
  UNION
  SELECT
    help_center_id,
    default_locale AS locale
  FROM collections
  WHERE
    NOT default_locale IS NULL
), grid AS (
  SELECT
    collections.collection_id,
    collections.help_center_id,
    collections.name,
    languages.locale
  FROM collections
  INNER JOIN languages
    ON collections.help_center_id = languages.help_center_id
  WHERE
    collections.collection_id <> 'none'
    OR EXISTS(
      SELECT
        1
      FROM texts
      WHERE
        texts.collection_id = 'none'
    )
), written AS (
  SELECT
    collection_id,
    locale,
    SUM(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS count_published,
    SUM(CASE WHEN state = 'draft' THEN 1 ELSE 0 END) AS count_drafts,
    SUM(is_stale) AS count_stale,
    SUM(CASE WHEN is_default_locale THEN 1 ELSE 0 END) AS count_own,
    SUM(CASE WHEN is_default_locale THEN count_views END) AS count_views,
    SUM(CASE WHEN is_default_locale THEN count_conversations END) AS count_conversations,
    SUM(CASE WHEN is_default_locale THEN count_reactions END) AS count_reactions,
    SUM(CASE WHEN is_default_locale THEN count_sad_reactions END) AS count_sad_reactions,
    SUM(
      CASE
        WHEN is_default_locale AND state = 'published' AND count_views = 0
        THEN 1
        ELSE 0
      END
    ) AS count_without_views,
    SUM(
      CASE
        WHEN is_default_locale AND state = 'published' AND NOT count_views IS NULL
        THEN 1
        ELSE 0
      END
    ) AS count_with_known_views
  FROM texts
  GROUP BY
    collection_id,
    locale
), published AS (
  SELECT
    collection_id,
    article_id,
    locale AS own_locale
  FROM texts
  WHERE
    is_default_locale AND state = 'published'
), missing AS (
  SELECT
    grid.collection_id,
    grid.locale,
    COUNT(*) AS count_missing
  FROM grid
  INNER JOIN published
    ON grid.collection_id = published.collection_id
    AND grid.locale <> published.own_locale
  LEFT JOIN texts
    ON published.article_id = texts.article_id
    AND grid.locale = texts.locale
    AND texts.state = 'published'
  WHERE
    texts.article_id IS NULL
  GROUP BY
    grid.collection_id,
    grid.locale
)
SELECT
  grid.collection_id,
  grid.locale,
  grid.name AS collection_name,
  grid.help_center_id,
  CAST(COALESCE(written.count_published, 0) AS BIGINT) AS count_published,
  CAST(COALESCE(written.count_drafts, 0) AS BIGINT) AS count_drafts,
  CAST(COALESCE(written.count_stale, 0) AS BIGINT) AS count_stale,
  COALESCE(missing.count_missing, 0) AS count_missing_translations,
  CAST(written.count_views AS BIGINT) AS count_views,
  CAST(written.count_conversations AS BIGINT) AS count_conversations,
  CAST(1000 * CAST(written.count_conversations AS DOUBLE PRECISION) AS DOUBLE PRECISION) / NULLIF(written.count_views, 0) AS conversations_per_1000_views,
  CAST(written.count_reactions AS BIGINT) AS count_reactions,
  CASE
    WHEN written.count_reactions >= 10
    THEN CAST(written.count_sad_reactions AS DOUBLE PRECISION) / written.count_reactions
  END AS sad_share,
  CAST(written.count_without_views AS DOUBLE PRECISION) / NULLIF(written.count_with_known_views, 0) AS zero_view_share
FROM grid
LEFT JOIN written
  ON grid.collection_id = written.collection_id AND grid.locale = written.locale
LEFT JOIN missing
  ON grid.collection_id = missing.collection_id AND grid.locale = missing.locale;

-- fct_message_engagement
WITH receipts AS (
  SELECT
    COALESCE(stg_message_receipts.content_id, 'none') AS content_id,
    local_slots.day,
    CASE WHEN stg_message_receipts.first_hard_bounce_at_epoch IS NULL THEN 1 ELSE 0 END AS is_delivered,
    stg_message_receipts.received_at_epoch,
    stg_message_receipts.first_open_at_epoch,
    stg_message_receipts.first_click_at_epoch,
    stg_message_receipts.first_reply_at_epoch,
    stg_message_receipts.first_goal_success_at_epoch,
    stg_message_receipts.first_completion_at_epoch,
    stg_message_receipts.first_dismissal_at_epoch,
    stg_message_receipts.first_unsubscribe_at_epoch
  FROM stg_message_receipts
  INNER JOIN local_slots
    ON CAST(FLOOR(CAST(stg_message_receipts.received_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
), reactions AS (
  SELECT
    content_id,
    day,
    is_delivered,
    CASE WHEN is_delivered = 1 AND NOT first_open_at_epoch IS NULL THEN 1 ELSE 0 END AS is_opened,
    CASE WHEN is_delivered = 1 AND NOT first_click_at_epoch IS NULL THEN 1 ELSE 0 END AS is_clicked,
    CASE WHEN is_delivered = 1 AND NOT first_reply_at_epoch IS NULL THEN 1 ELSE 0 END AS is_replied,
    CASE
      WHEN is_delivered = 1 AND NOT first_goal_success_at_epoch IS NULL
      THEN 1
      ELSE 0
    END AS is_goal,
    CASE
      WHEN is_delivered = 1 AND NOT first_completion_at_epoch IS NULL
      THEN 1
      ELSE 0
    END AS is_completed,
    CASE
      WHEN is_delivered = 1 AND NOT first_dismissal_at_epoch IS NULL
      THEN 1
      ELSE 0
    END AS is_dismissed,
    CASE
      WHEN is_delivered = 1 AND NOT first_unsubscribe_at_epoch IS NULL
      THEN 1
      ELSE 0
    END AS is_unsubscribed,
    CASE
      WHEN is_delivered = 0
      THEN NULL
      WHEN first_open_at_epoch < received_at_epoch
      THEN 0
      ELSE first_open_at_epoch - received_at_epoch
    END AS seconds_to_open
  FROM receipts
), totals AS (
  SELECT
    content_id,
    day,
    COUNT(*) AS count_receipts,
    SUM(is_delivered) AS count_delivered,
    SUM(is_opened) AS count_opened,
    SUM(is_clicked) AS count_clicked,
    SUM(CASE WHEN is_opened = 1 THEN is_clicked ELSE 0 END) AS count_opened_and_clicked,
    SUM(is_replied) AS count_replied,
    SUM(is_goal) AS count_goal_reached,
    SUM(is_completed) AS count_completed,
    SUM(is_dismissed) AS count_dismissed,
    SUM(is_unsubscribed) AS count_unsubscribed,
    MEDIAN(seconds_to_open) AS median_seconds_to_open
  FROM reactions
  GROUP BY
    content_id,
    day
), contents AS (
  SELECT
    COALESCE(content_id, 'none') AS content_id,
    content_type,
    content_title,
    series_id,
    series_title,
    ROW_NUMBER() OVER (
      PARTITION BY COALESCE(content_id, 'none')
      ORDER BY received_at_epoch DESC NULLS LAST, receipt_id DESC NULLS LAST, COALESCE(ruleset_id, '') DESC NULLS LAST
    ) AS place
  FROM stg_message_receipts
  WHERE
    NOT received_at_epoch IS NULL
)
SELECT
  totals.content_id,
  totals.day,
  contents.content_type,
  contents.content_title,
  contents.series_id,
  contents.series_title,
  totals.count_receipts,
  CAST(totals.count_receipts - totals.count_delivered AS BIGINT) AS count_hard_bounces,
  CAST(totals.count_delivered AS BIGINT) AS count_delivered,
  CAST(totals.count_opened AS BIGINT) AS count_opened,
  CAST(totals.count_clicked AS BIGINT) AS count_clicked,
  CAST(totals.count_replied AS BIGINT) AS count_replied,
  CAST(totals.count_goal_reached AS BIGINT) AS count_goal_reached,
  CAST(totals.count_completed AS BIGINT) AS count_completed,
  CAST(totals.count_dismissed AS BIGINT) AS count_dismissed,
  CAST(totals.count_unsubscribed AS BIGINT) AS count_unsubscribed,
  CAST(totals.count_opened AS DOUBLE PRECISION) / NULLIF(totals.count_delivered, 0) AS open_rate,
  CAST(totals.count_clicked AS DOUBLE PRECISION) / NULLIF(totals.count_delivered, 0) AS click_rate,
  CAST(totals.count_replied AS DOUBLE PRECISION) / NULLIF(totals.count_delivered, 0) AS reply_rate,
  CAST(totals.count_goal_reached AS DOUBLE PRECISION) / NULLIF(totals.count_delivered, 0) AS goal_rate,
  CAST(totals.count_completed AS DOUBLE PRECISION) / NULLIF(totals.count_delivered, 0) AS completion_rate,
  CAST(totals.count_dismissed AS DOUBLE PRECISION) / NULLIF(totals.count_delivered, 0) AS dismissal_rate,
  CAST(totals.count_unsubscribed AS DOUBLE PRECISION) / NULLIF(totals.count_delivered, 0) AS unsubscribe_rate,
  CAST(totals.count_opened_and_clicked AS DOUBLE PRECISION) / NULLIF(totals.count_opened, 0) AS click_to_open_rate,
  totals.median_seconds_to_open
FROM totals
INNER JOIN contents
  ON totals.content_id = contents.content_id AND contents.place = 1;

-- fct_response_turns
SELECT
  int_turns.conversation_id,
  int_turns.turn,
  int_turns.is_first,
  fct_conversations.conversation_url,
  fct_conversations.direction,
  fct_conversations.channel,
  COALESCE(fct_conversations.team_assignee_id, 'none') AS team_id,
  fct_conversations.team_name,
  COALESCE(int_turns.asked_team_id, 'none') AS asked_team_id,
  stg_teams.name AS asked_team_name,
  int_turns.answered_by_admin_id AS admin_id,
  int_staff.name AS admin_name,
  fct_conversations.contact_id,
  int_turns.asked_at,
  int_turns.asked_at_epoch,
  local_slots.day AS asked_on,
  local_slots.hour AS asked_hour,
  local_slots.weekday AS asked_weekday,
  int_turns.answered_at,
  int_turns.answered_at_epoch,
  int_turns.ended_at,
  int_turns.response_seconds,
  int_turns.response_business_seconds,
  int_turns.waited_seconds,
  int_turns.waited_business_seconds,
  int_turns.count_customer_messages,
  int_turns.outcome
FROM int_turns
INNER JOIN fct_conversations
  ON int_turns.conversation_id = fct_conversations.conversation_id
LEFT JOIN stg_teams
  ON int_turns.asked_team_id = stg_teams.team_id
LEFT JOIN int_staff
  ON int_turns.answered_by_admin_id = int_staff.staff_id
LEFT JOIN local_slots
  ON CAST(FLOOR(CAST(int_turns.asked_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id;

-- fct_sla
WITH matching_targets AS (
  SELECT
    fct_conversations.conversation_id,
    sla_targets.first_response_seconds,
    sla_targets.next_response_seconds,
    sla_targets.resolution_seconds,
    ROW_NUMBER() OVER (
      PARTITION BY fct_conversations.conversation_id
      ORDER BY CASE WHEN sla_targets.team_id IS NULL THEN 0 ELSE 2 END + CASE WHEN sla_targets.priority IS NULL THEN 0 ELSE 1 END DESC NULLS LAST, COALESCE(sla_targets.first_response_seconds, 0), COALESCE(sla_targets.next_response_seconds, 0), COALESCE(sla_targets.resolution_seconds, 0)
    ) AS place
  FROM fct_conversations
  INNER JOIN sla_targets
    ON (
      sla_targets.team_id IS NULL
      OR sla_targets.team_id = fct_conversations.team_assignee_id
    )
    AND (
      sla_targets.priority IS NULL OR sla_targets.priority = fct_conversations.priority
    )
  WHERE
    fct_conversations.direction = 'inbound'
), waits AS (
  SELECT
    conversation_id,
    MAX(CASE WHEN is_first THEN outcome END) AS first_outcome,
    MAX(CASE WHEN is_first THEN waited_business_seconds END) AS first_wait_seconds,
    MAX(CASE WHEN NOT is_first THEN waited_business_seconds END) AS next_wait_seconds,
    SUM(CASE WHEN NOT is_first AND outcome = 'waiting' THEN 1 ELSE 0 END) AS count_next_waiting,
    SUM(CASE WHEN NOT is_first AND outcome = 'answered' THEN 1 ELSE 0 END) AS count_next_answered
  FROM int_turns
  GROUP BY
    conversation_id
), measured AS (
  SELECT
    fct_conversations.*,
    targets.first_response_seconds AS first_response_target_seconds,
    targets.next_response_seconds AS next_response_target_seconds,
    targets.resolution_seconds AS resolution_target_seconds,
    NOT targets.conversation_id IS NULL AS has_own_target,
    CASE
      WHEN NOT waits.conversation_id IS NULL
      THEN waits.first_wait_seconds
      ELSE fct_conversations.first_response_business_seconds
    END AS first_wait_seconds,
    CASE
      WHEN NOT waits.conversation_id IS NULL
      THEN waits.first_outcome
      WHEN NOT fct_conversations.first_response_business_seconds IS NULL
      THEN 'answered'
    END AS first_outcome,
    waits.next_wait_seconds,
    waits.count_next_waiting,
    waits.count_next_answered,
    CASE
      WHEN fct_conversations.is_closed
      THEN fct_conversations.resolution_business_seconds
      WHEN fct_conversations.asked_at_epoch > clocks.now_epoch
      THEN 0
      ELSE CAST(clocks.now_business_clock_seconds - int_since_asked.asked_business_clock_seconds AS BIGINT)
    END AS elapsed_seconds
  FROM fct_conversations
  LEFT JOIN int_since_asked
    ON fct_conversations.conversation_id = int_since_asked.conversation_id
  LEFT JOIN int_conversation_clocks AS clocks
    ON fct_conversations.conversation_id = clocks.conversation_id
  LEFT JOIN matching_targets AS targets
    ON fct_conversations.conversation_id = targets.conversation_id AND targets.place = 1
  LEFT JOIN waits
    ON fct_conversations.conversation_id = waits.conversation_id
  WHERE
    NOT fct_conversations.sla_name IS NULL OR NOT targets.conversation_id IS NULL
), judged AS (
  SELECT
    measured.*,
    CASE
      WHEN first_response_target_seconds IS NULL OR first_outcome IS NULL
      THEN NULL
      WHEN first_wait_seconds > first_response_target_seconds
      THEN 'missed'
      WHEN first_outcome = 'answered'
      THEN 'hit'
      WHEN first_outcome = 'waiting'
      THEN 'active'
      ELSE 'cancelled'
    END AS first_response_status,
    CASE
      WHEN next_response_target_seconds IS NULL OR NOT has_all_parts
      THEN NULL
      WHEN next_wait_seconds > next_response_target_seconds
      THEN 'missed'
      WHEN count_next_waiting > 0
      THEN 'active'
      WHEN count_next_answered > 0
      THEN 'hit'
      WHEN is_closed
      THEN 'cancelled'
      ELSE 'active'
    END AS next_response_status,
    CASE
      WHEN resolution_target_seconds IS NULL OR elapsed_seconds IS NULL
      THEN NULL
      WHEN elapsed_seconds > resolution_target_seconds
      THEN 'missed'
      WHEN is_closed
      THEN 'hit'
      ELSE 'active'
    END AS resolution_status
  FROM measured
), with_breaches AS (
  SELECT
    judged.*,
    CASE
      WHEN first_response_status = 'missed'
      THEN first_wait_seconds - first_response_target_seconds
      ELSE 0
    END AS first_response_breach_seconds,
    CASE
      WHEN next_response_status = 'missed'
      THEN next_wait_seconds - next_response_target_seconds
      ELSE 0
    END AS next_response_breach_seconds,
    CASE
      WHEN resolution_status = 'missed'
      THEN elapsed_seconds - resolution_target_seconds
      ELSE 0
    END AS resolution_breach_seconds
  FROM judged
)
SELECT
  conversation_id,
  conversation_url,
  sla_name,
  sla_status,
  CASE WHEN sla_status = 'hit' THEN TRUE WHEN sla_status = 'missed' THEN FALSE END AS is_hit,
  channel,
  priority,
  COALESCE(team_assignee_id, 'none') AS team_id,
  team_name,
  admin_assignee_id AS admin_id,
  assignee_name AS admin_name,
  contact_id,
  contact_name,
  created_on,
  created_week,
  first_response_target_seconds,
  first_wait_seconds AS first_response_seconds,
  first_response_status,
  first_response_breach_seconds,
  next_response_target_seconds,
  next_wait_seconds AS next_response_seconds,
  next_response_status,
  next_response_breach_seconds,
  resolution_target_seconds,
  elapsed_seconds AS resolution_seconds,
  resolution_status,
  resolution_breach_seconds,
  CASE
    WHEN NOT has_own_target
    THEN NULL
    WHEN first_response_status = 'missed'
    OR next_response_status = 'missed'
    OR resolution_status = 'missed'
    THEN 'missed'
    WHEN first_response_status = 'active'
    OR next_response_status = 'active'
    OR resolution_status = 'active'
    THEN 'active'
    WHEN first_response_status = 'hit'
    OR next_response_status = 'hit'
    OR resolution_status = 'hit'
    THEN 'hit'
    WHEN first_response_status = 'cancelled' OR next_response_status = 'cancelled'
    THEN 'cancelled'
  END AS own_status,
  CASE
    WHEN first_response_breach_seconds >= next_response_breach_seconds
    AND first_response_breach_seconds >= resolution_breach_seconds
    THEN first_response_breach_seconds
    WHEN next_response_breach_seconds >= resolution_breach_seconds
    THEN next_response_breach_seconds
    ELSE resolution_breach_seconds
  END AS breach_seconds
FROM with_breaches;

-- fct_support_daily
WITH conversations AS (
  SELECT
    fct_conversations.conversation_id,
    fct_conversations.channel,
    COALESCE(fct_conversations.team_assignee_id, 'none') AS team_id,
    fct_conversations.direction,
    fct_conversations.is_closed,
    fct_conversations.first_reply_at_epoch,
    COALESCE(fct_conversations.was_closed_before_first_reply, FALSE) AS was_closed_before_first_reply,
    COALESCE(fct_conversations.is_rateable, FALSE) AS is_rateable,
    fct_conversations.rating,
    fct_conversations.created_on,
    fct_conversations.created_week,
    fct_conversations.created_month,
    fct_conversations.created_hour,
    CASE
      WHEN NOT COALESCE(fct_conversations.was_closed_before_first_reply, FALSE)
      THEN fct_conversations.first_response_seconds
    END AS response_seconds,
    CASE
      WHEN NOT COALESCE(fct_conversations.was_closed_before_first_reply, FALSE)
      THEN fct_conversations.first_response_business_seconds
    END AS response_business_seconds,
    closed_slots.day AS first_closed_on,
    closed_slots.week_start AS first_closed_week,
    closed_slots.month_start AS first_closed_month,
    COALESCE(fct_conversations.is_reopened_within_7_days, FALSE) AS is_reopened_within_7_days
  FROM fct_conversations
  LEFT JOIN local_slots AS closed_slots
    ON CAST(FLOOR(CAST(fct_conversations.first_close_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = closed_slots.slot_id
), created AS (
  SELECT
    created_on AS day,
    channel,
    team_id,
    COUNT(*) AS count_conversations,
    SUM(CASE WHEN direction = 'inbound' THEN 1 ELSE 0 END) AS count_inbound,
    SUM(
      CASE
        WHEN direction = 'inbound' AND NOT first_reply_at_epoch IS NULL
        THEN 1
        ELSE 0
      END
    ) AS count_replied,
    SUM(CASE WHEN was_closed_before_first_reply THEN 1 ELSE 0 END) AS count_closed_before_first_reply,
    SUM(CASE WHEN direction = 'inbound' AND is_closed THEN 1 ELSE 0 END) AS count_closed_now,
    SUM(CASE WHEN is_rateable THEN 1 ELSE 0 END) AS count_rateable,
    SUM(CASE WHEN is_rateable AND NOT rating IS NULL THEN 1 ELSE 0 END) AS count_rated,
    SUM(CASE WHEN is_rateable AND rating >= 4 THEN 1 ELSE 0 END) AS count_rated_positive,
    MEDIAN(response_seconds) AS median_first_response_seconds,
    PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
      response_seconds) AS p90_first_response_seconds,
    CAST(SUM(CASE WHEN response_business_seconds <= 3600 THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(COUNT(response_business_seconds), 0) AS share_within_1_business_hour
  FROM conversations
  WHERE
    NOT created_on IS NULL
  GROUP BY
    created_on,
    channel,
    team_id
), in_business_hours AS (
  SELECT
    created_on AS day,
    channel,
    team_id,
    MEDIAN(response_business_seconds) AS median_first_response_business_seconds,
    PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
      response_business_seconds) AS p90_first_response_business_seconds
  FROM conversations
  WHERE
    NOT created_on IS NULL
  GROUP BY
    created_on,
    channel,
    team_id
), closed AS (
  SELECT
    first_closed_on AS day,
    channel,
    team_id,
    COUNT(*) AS count_first_closed,
    SUM(CASE WHEN is_reopened_within_7_days THEN 1 ELSE 0 END) AS count_reopened_within_7_days
  FROM conversations
  WHERE
    NOT first_closed_on IS NULL
  GROUP BY
    first_closed_on,
    channel,
    team_id
), counts_by_hour AS (
  SELECT
    created_on,
    channel,
    team_id,
    created_hour,
    COUNT(*) AS count_inbound
  FROM conversations
  WHERE
    direction = 'inbound' AND NOT created_on IS NULL
  GROUP BY
    created_on,
    channel,
    team_id,
    created_hour
), hours AS (
  SELECT
    created_on AS day,
    channel,
    team_id,
    23 - MAX(count_inbound * 24 + 23 - created_hour) % 24 AS busiest_hour
  FROM counts_by_hour
  GROUP BY
    created_on,
    channel,
    team_id
), keys AS (
  SELECT
    day,
    channel,
    team_id
  FROM created
  UNION
  SELECT
    day,
    channel,
    team_id
  FROM closed
)
SELECT
  keys.day,
  keys.channel,
  keys.team_id,
  stg_teams.name AS team_name,
  COALESCE(created.count_conversations, 0) AS count_conversations,
  CAST(COALESCE(created.count_inbound, 0) AS BIGINT) AS count_inbound_conversations,
  CAST(COALESCE(created.count_replied, 0) AS BIGINT) AS count_replied,
  CAST(COALESCE(created.count_closed_before_first_reply, 0) AS BIGINT) AS count_closed_before_first_reply,
  CAST(COALESCE(created.count_closed_now, 0) AS BIGINT) AS count_closed_now,
  created.median_first_response_seconds,
  created.p90_first_response_seconds,
  in_business_hours.median_first_response_business_seconds,
  in_business_hours.p90_first_response_business_seconds,
  created.share_within_1_business_hour,
  hours.busiest_hour,
  CAST(COALESCE(created.count_rateable, 0) AS BIGINT) AS count_rateable,
  CAST(COALESCE(created.count_rated, 0) AS BIGINT) AS count_rated,
  CAST(created.count_rated_positive AS DOUBLE PRECISION) / NULLIF(created.count_rated, 0) AS csat,
  CAST(created.count_rated AS DOUBLE PRECISION) / NULLIF(created.count_rateable, 0) AS csat_response_rate,
  COALESCE(closed.count_first_closed, 0) AS count_first_closed,
  CAST(COALESCE(closed.count_reopened_within_7_days, 0) AS BIGINT) AS count_reopened_within_7_days,
  CASE
    WHEN ends.ends_at_epoch + 604800 <= build_clock.now_epoch
    THEN CAST(closed.count_reopened_within_7_days AS DOUBLE PRECISION) / closed.count_first_closed
  END AS reopen_rate
FROM keys
CROSS JOIN build_clock
INNER JOIN calendar_days AS ends
  ON keys.day = ends.day
LEFT JOIN created
  ON keys.day = created.day
  AND keys.channel = created.channel
  AND keys.team_id = created.team_id
LEFT JOIN in_business_hours
  ON keys.day = in_business_hours.day
  AND keys.channel = in_business_hours.channel
  AND keys.team_id = in_business_hours.team_id
LEFT JOIN closed
  ON keys.day = closed.day
  AND keys.channel = closed.channel
  AND keys.team_id = closed.team_id
LEFT JOIN hours
  ON keys.day = hours.day
  AND keys.channel = hours.channel
  AND keys.team_id = hours.team_id
LEFT JOIN stg_teams
  ON keys.team_id = stg_teams.team_id;

-- fct_support_periods
WITH conversations AS (
  SELECT
    fct_conversations.conversation_id,
    fct_conversations.channel,
    COALESCE(fct_conversations.team_assignee_id, 'none') AS team_id,
    fct_conversations.direction,
    fct_conversations.is_closed,
    fct_conversations.first_reply_at_epoch,
    COALESCE(fct_conversations.was_closed_before_first_reply, FALSE) AS was_closed_before_first_reply,
    COALESCE(fct_conversations.is_rateable, FALSE) AS is_rateable,
    fct_conversations.rating,
    fct_conversations.created_on,
    fct_conversations.created_week,
    fct_conversations.created_month,
    fct_conversations.created_hour,
    CASE
      WHEN NOT COALESCE(fct_conversations.was_closed_before_first_reply, FALSE)
      THEN fct_conversations.first_response_seconds
    END AS response_seconds,
    CASE
      WHEN NOT COALESCE(fct_conversations.was_closed_before_first_reply, FALSE)
      THEN fct_conversations.first_response_business_seconds
    END AS response_business_seconds,
    closed_slots.day AS first_closed_on,
    closed_slots.week_start AS first_closed_week,
    closed_slots.month_start AS first_closed_month,
    COALESCE(fct_conversations.is_reopened_within_7_days, FALSE) AS is_reopened_within_7_days
  FROM fct_conversations
  LEFT JOIN local_slots AS closed_slots
    ON CAST(FLOOR(CAST(fct_conversations.first_close_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = closed_slots.slot_id
), cuts AS (
  SELECT
    'day' AS period,
    0 AS has_channel,
    0 AS has_team
  UNION ALL
  SELECT
    'day' AS period,
    1 AS has_channel,
    0 AS has_team
  UNION ALL
  SELECT
    'day' AS period,
    0 AS has_channel,
    1 AS has_team
  UNION ALL
  SELECT
    'week' AS period,
    0 AS has_channel,
    0 AS has_team
  UNION ALL
  SELECT
    'week' AS period,
    1 AS has_channel,
    0 AS has_team
  UNION ALL
  SELECT
    'week' AS period,
    0 AS has_channel,
    1 AS has_team
  UNION ALL
  SELECT
    'week' AS period,
    1 AS has_channel,
    1 AS has_team
  UNION ALL
  SELECT
    'month' AS period,
    0 AS has_channel,
    0 AS has_team
  UNION ALL
  SELECT
    'month' AS period,
    1 AS has_channel,
    0 AS has_team
  UNION ALL
  SELECT
    'month' AS period,
    0 AS has_channel,
    1 AS has_team
  UNION ALL
  SELECT
    'month' AS period,
    1 AS has_channel,
    1 AS has_team
), created_conversations AS (
  SELECT
    cuts.period,
    CASE cuts.period
      WHEN 'day'
      THEN conversations.created_on
      WHEN 'week'
      THEN conversations.created_week
      ELSE conversations.created_month
    END AS starts_on,
    CASE WHEN cuts.has_channel = 1 THEN conversations.channel ELSE 'all' END AS channel,
    CASE WHEN cuts.has_team = 1 THEN conversations.team_id ELSE 'all' END AS team_id,
    conversations.direction,
    conversations.is_closed,
    conversations.first_reply_at_epoch,
    conversations.was_closed_before_first_reply,
    conversations.is_rateable,
    conversations.rating,
    conversations.created_hour,
    conversations.response_seconds,
    conversations.response_business_seconds
  FROM conversations
  CROSS JOIN cuts
  WHERE
    NOT conversations.created_on IS NULL
), created AS (
  SELECT
    period,
    starts_on,
    channel,
    team_id,
    COUNT(*) AS count_conversations,
    SUM(CASE WHEN direction = 'inbound' THEN 1 ELSE 0 END) AS count_inbound,
    SUM(
      CASE
        WHEN direction = 'inbound' AND NOT first_reply_at_epoch IS NULL
        THEN 1
        ELSE 0
      END
    ) AS count_replied,
    SUM(CASE WHEN was_closed_before_first_reply THEN 1 ELSE 0 END) AS count_closed_before_first_reply,
    SUM(CASE WHEN direction = 'inbound' AND is_closed THEN 1 ELSE 0 END) AS count_closed_now,
    SUM(CASE WHEN is_rateable THEN 1 ELSE 0 END) AS count_rateable,
    SUM(CASE WHEN is_rateable AND NOT rating IS NULL THEN 1 ELSE 0 END) AS count_rated,
    SUM(CASE WHEN is_rateable AND rating >= 4 THEN 1 ELSE 0 END) AS count_rated_positive,
    MEDIAN(response_seconds) AS median_first_response_seconds,
    PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
      response_seconds) AS p90_first_response_seconds,
    CAST(SUM(CASE WHEN response_business_seconds <= 3600 THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / NULLIF(COUNT(response_business_seconds), 0) AS share_within_1_business_hour
  FROM created_conversations
  GROUP BY
    period,
    starts_on,
    channel,
    team_id
), in_business_hours AS (
  SELECT
    period,
    starts_on,
    channel,
    team_id,
    MEDIAN(response_business_seconds) AS median_first_response_business_seconds,
    PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
      response_business_seconds) AS p90_first_response_business_seconds
  FROM created_conversations
  GROUP BY
    period,
    starts_on,
    channel,
    team_id
), closed_conversations AS (
  SELECT
    cuts.period,
    CASE cuts.period
      WHEN 'day'
      THEN conversations.first_closed_on
      WHEN 'week'
      THEN conversations.first_closed_week
      ELSE conversations.first_closed_month
    END AS starts_on,
    CASE WHEN cuts.has_channel = 1 THEN conversations.channel ELSE 'all' END AS channel,
    CASE WHEN cuts.has_team = 1 THEN conversations.team_id ELSE 'all' END AS team_id,
    conversations.is_reopened_within_7_days
  FROM conversations
  CROSS JOIN cuts
  WHERE
    NOT conversations.first_closed_on IS NULL
), closed AS (
  SELECT
    period,
    starts_on,
    channel,
    team_id,
    COUNT(*) AS count_first_closed,
    SUM(CASE WHEN is_reopened_within_7_days THEN 1 ELSE 0 END) AS count_reopened_within_7_days
  FROM closed_conversations
  GROUP BY
    period,
    starts_on,
    channel,
    team_id
), counts_by_hour AS (
  SELECT
    period,
    starts_on,
    channel,
    team_id,
    created_hour,
    COUNT(*) AS count_inbound
  FROM created_conversations
  WHERE
    direction = 'inbound'
  GROUP BY
    period,
    starts_on,
    channel,
    team_id,
    created_hour
), hours AS (
  SELECT
    period,
    starts_on,
    channel,
    team_id,
    23 - MAX(count_inbound * 24 + 23 - created_hour) % 24 AS busiest_hour
  FROM counts_by_hour
  GROUP BY
    period,
    starts_on,
    channel,
    team_id
), keys AS (
  SELECT
    period,
    starts_on,
    channel,
    team_id
  FROM created
  UNION
  SELECT
    period,
    starts_on,
    channel,
    team_id
  FROM closed
), ends AS (
  SELECT
    'day' AS period,
    day AS starts_on,
    ends_at_epoch
  FROM calendar_days
  UNION ALL
  SELECT
    'week' AS period,
    week_start AS starts_on,
    MAX(ends_at_epoch) AS ends_at_epoch
  FROM calendar_days
  GROUP BY
    week_start
  UNION ALL
  SELECT
    'month' AS period,
    month_start AS starts_on,
    MAX(ends_at_epoch) AS ends_at_epoch
  FROM calendar_days
  GROUP BY
    month_start
)
SELECT
  keys.period,
  keys.starts_on,
  keys.channel,
  keys.team_id,
  stg_teams.name AS team_name,
  COALESCE(created.count_conversations, 0) AS count_conversations,
  CAST(COALESCE(created.count_inbound, 0) AS BIGINT) AS count_inbound_conversations,
  CAST(COALESCE(created.count_replied, 0) AS BIGINT) AS count_replied,
  CAST(COALESCE(created.count_closed_before_first_reply, 0) AS BIGINT) AS count_closed_before_first_reply,
  CAST(COALESCE(created.count_closed_now, 0) AS BIGINT) AS count_closed_now,
  created.median_first_response_seconds,
  created.p90_first_response_seconds,
  in_business_hours.median_first_response_business_seconds,
  in_business_hours.p90_first_response_business_seconds,
  created.share_within_1_business_hour,
  hours.busiest_hour,
  CAST(COALESCE(created.count_rateable, 0) AS BIGINT) AS count_rateable,
  CAST(COALESCE(created.count_rated, 0) AS BIGINT) AS count_rated,
  CAST(created.count_rated_positive AS DOUBLE PRECISION) / NULLIF(created.count_rated, 0) AS csat,
  CAST(created.count_rated AS DOUBLE PRECISION) / NULLIF(created.count_rateable, 0) AS csat_response_rate,
  COALESCE(closed.count_first_closed, 0) AS count_first_closed,
  CAST(COALESCE(closed.count_reopened_within_7_days, 0) AS BIGINT) AS count_reopened_within_7_days,
  CASE
    WHEN ends.ends_at_epoch + 604800 <= build_clock.now_epoch
    THEN CAST(closed.count_reopened_within_7_days AS DOUBLE PRECISION) / closed.count_first_closed
  END AS reopen_rate
FROM keys
CROSS JOIN build_clock
INNER JOIN ends
  ON keys.period = ends.period AND keys.starts_on = ends.starts_on
LEFT JOIN created
  ON keys.period = created.period
  AND keys.starts_on = created.starts_on
  AND keys.channel = created.channel
  AND keys.team_id = created.team_id
LEFT JOIN in_business_hours
  ON keys.period = in_business_hours.period
  AND keys.starts_on = in_business_hours.starts_on
  AND keys.channel = in_business_hours.channel
  AND keys.team_id = in_business_hours.team_id
LEFT JOIN closed
  ON keys.period = closed.period
  AND keys.starts_on = closed.starts_on
  AND keys.channel = closed.channel
  AND keys.team_id = closed.team_id
LEFT JOIN hours
  ON keys.period = hours.period
  AND keys.starts_on = hours.starts_on
  AND keys.channel = hours.channel
  AND keys.team_id = hours.team_id
LEFT JOIN stg_teams
  ON keys.team_id = stg_teams.team_id;

-- fct_tags_weekly
WITH weeks AS (
  SELECT
    calendar_days.week_start,
    ROW_NUMBER() OVER (ORDER BY calendar_days.week_start) AS week_number
  FROM calendar_days
  CROSS JOIN build_clock
  WHERE
    calendar_days.starts_at_epoch <= build_clock.now_epoch
  GROUP BY
    calendar_days.week_start
), totals AS (
  SELECT
    created_week AS week_start,
    COUNT(*) AS count_conversations
  FROM fct_conversations
  WHERE
    NOT created_week IS NULL
  GROUP BY
    created_week
), tagged AS (
  SELECT
    created_week AS week_start,
    tag_id,
    COUNT(*) AS count_conversations
  FROM fct_conversation_tags
  WHERE
    NOT created_week IS NULL
  GROUP BY
    created_week,
    tag_id
), tag_names AS (
  SELECT
    tag_id,
    MAX(tag_name) AS tag_name,
    MIN(created_week) AS first_week
  FROM fct_conversation_tags
  GROUP BY
    tag_id
), counted AS (
  SELECT
    weeks.week_start,
    weeks.week_number,
    tag_names.tag_id,
    tag_names.tag_name,
    COALESCE(tagged.count_conversations, 0) AS count_tagged,
    COALESCE(totals.count_conversations, 0) AS count_all
  FROM weeks
  INNER JOIN tag_names
    ON weeks.week_start >= tag_names.first_week
  LEFT JOIN tagged
    ON weeks.week_start = tagged.week_start AND tag_names.tag_id = tagged.tag_id
  LEFT JOIN totals
    ON weeks.week_start = totals.week_start
), compared AS (
  SELECT
    counted.*,
    SUM(count_tagged) OVER (PARTITION BY tag_id ORDER BY week_start rows BETWEEN 4 preceding AND 1 preceding) AS count_tagged_4_weeks_before
  FROM counted
)
SELECT
  week_start,
  tag_id,
  tag_name,
  CAST(count_tagged AS BIGINT) AS count_conversations,
  CAST(count_all AS BIGINT) AS count_all_conversations,
  CAST(count_tagged AS DOUBLE PRECISION) / NULLIF(count_all, 0) AS share,
  CASE
    WHEN week_number > 4
    THEN CAST(COALESCE(count_tagged_4_weeks_before, 0) AS DOUBLE PRECISION) / 4
  END AS average_of_4_weeks_before,
  CASE
    WHEN week_number > 4
    THEN count_tagged - CAST(COALESCE(count_tagged_4_weeks_before, 0) AS DOUBLE PRECISION) / 4
  END AS change_to_4_weeks_before
FROM compared;

-- fct_teammate_weekly
WITH events AS (
  SELECT
    int_events.conversation_id,
    int_events.seq,
    int_events.at_epoch,
    int_events.author_id AS admin_id,
    int_events.is_reply,
    int_events.kind,
    local_slots.week_start
  FROM int_events
  INNER JOIN local_slots
    ON CAST(FLOOR(CAST(int_events.at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
  WHERE
    int_events.author_role = 'teammate'
    AND NOT int_events.author_id IS NULL
    AND (
      int_events.is_reply OR int_events.kind = 'close'
    )
), activity AS (
  SELECT
    admin_id,
    week_start,
    COUNT(DISTINCT CASE WHEN is_reply THEN conversation_id END) AS count_replied_conversations,
    SUM(CASE WHEN is_reply THEN 1 ELSE 0 END) AS count_replies,
    SUM(CASE WHEN kind = 'close' THEN 1 ELSE 0 END) AS count_closes
  FROM events
  WHERE
    is_reply OR kind = 'close'
  GROUP BY
    admin_id,
    week_start
), weeks AS (
  SELECT
    week_start,
    MIN(starts_at_epoch) AS starts_at_epoch,
    MAX(ends_at_epoch) AS ends_at_epoch
  FROM calendar_days
  GROUP BY
    week_start
), closes AS (
  SELECT
    events.admin_id,
    events.week_start,
    events.conversation_id,
    CASE
      WHEN int_state_spans.to_epoch <= int_state_spans.from_epoch + 604800
      THEN 1
      ELSE 0
    END AS is_reopened,
    weeks.ends_at_epoch + 604800 <= build_clock.now_epoch AS is_over
  FROM events
  CROSS JOIN build_clock
  INNER JOIN weeks
    ON events.week_start = weeks.week_start
  INNER JOIN int_state_spans
    ON events.conversation_id = int_state_spans.conversation_id
    AND events.seq = int_state_spans.first_seq
    AND int_state_spans.state = 'closed'
), own_open_seconds AS (
  SELECT
    conversation_id,
    admin_id,
    SUM(open_seconds) AS open_seconds
  FROM int_assignment_spans
  WHERE
    NOT admin_id IS NULL
  GROUP BY
    conversation_id,
    admin_id
), closed_conversations AS (
  SELECT DISTINCT
    admin_id,
    week_start,
    conversation_id
  FROM closes
), handling AS (
  SELECT
    closed_conversations.admin_id,
    closed_conversations.week_start,
    MEDIAN(own_open_seconds.open_seconds) AS median_handling_seconds
  FROM closed_conversations
  INNER JOIN qa_conversation_completeness
    ON closed_conversations.conversation_id = qa_conversation_completeness.conversation_id
    AND qa_conversation_completeness.has_all_parts
  INNER JOIN own_open_seconds
    ON closed_conversations.conversation_id = own_open_seconds.conversation_id
    AND closed_conversations.admin_id = own_open_seconds.admin_id
  GROUP BY
    closed_conversations.admin_id,
    closed_conversations.week_start
), reopens AS (
  SELECT
    admin_id,
    week_start,
    COUNT(*) AS count_own_closes,
    SUM(is_reopened) AS count_reopened,
    MAX(CASE WHEN is_over THEN 1 ELSE 0 END) AS is_over
  FROM closes
  GROUP BY
    admin_id,
    week_start
), open_spans AS (
  SELECT
    int_status_spans.admin_id,
    int_status_spans.from_epoch,
    CASE
      WHEN int_status_spans.to_epoch <= build_clock.now_epoch
      THEN int_status_spans.to_epoch
      ELSE build_clock.now_epoch
    END AS to_epoch
  FROM int_status_spans
  CROSS JOIN build_clock
  WHERE
    int_status_spans.state = 'open' AND NOT int_status_spans.admin_id IS NULL
), ownership AS (
  SELECT
    open_spans.admin_id,
    weeks.week_start,
    SUM(
      CASE
        WHEN open_spans.to_epoch < weeks.ends_at_epoch
        THEN open_spans.to_epoch
        ELSE weeks.ends_at_epoch
      END - CASE
        WHEN open_spans.from_epoch > weeks.starts_at_epoch
        THEN open_spans.from_epoch
        ELSE weeks.starts_at_epoch
      END
    ) AS owned_seconds
  FROM open_spans
  INNER JOIN weeks
    ON open_spans.from_epoch < weeks.ends_at_epoch
    AND open_spans.to_epoch > weeks.starts_at_epoch
  WHERE
    open_spans.from_epoch < open_spans.to_epoch
  GROUP BY
    open_spans.admin_id,
    weeks.week_start
), first_responses AS (
  SELECT
    fct_conversations.first_reply_admin_id AS admin_id,
    local_slots.week_start,
    COUNT(*) AS count_first_responses,
    MEDIAN(fct_conversations.first_response_seconds) AS median_first_response_seconds
  FROM fct_conversations
  INNER JOIN local_slots
    ON CAST(FLOOR(CAST(fct_conversations.first_reply_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
  WHERE
    NOT fct_conversations.first_reply_admin_id IS NULL
    AND fct_conversations.direction = 'inbound'
    AND NOT fct_conversations.was_closed_before_first_reply
  GROUP BY
    fct_conversations.first_reply_admin_id,
    local_slots.week_start
), moves AS (
  SELECT
    to_admin_id AS admin_id,
    handed_over_at_epoch,
    1 AS count_in,
    0 AS count_out
  FROM fct_handovers
  WHERE
    NOT to_admin_id IS NULL AND COALESCE(from_admin_id, '') <> to_admin_id
  UNION ALL
  SELECT
    from_admin_id AS admin_id,
    handed_over_at_epoch,
    0 AS count_in,
    1 AS count_out
  FROM fct_handovers
  WHERE
    NOT from_admin_id IS NULL AND COALESCE(to_admin_id, '') <> from_admin_id
), handovers AS (
  SELECT
    moves.admin_id,
    local_slots.week_start,
    SUM(moves.count_in) AS count_handovers_in,
    SUM(moves.count_out) AS count_handovers_out
  FROM moves
  INNER JOIN local_slots
    ON CAST(FLOOR(CAST(moves.handed_over_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
  GROUP BY
    moves.admin_id,
    local_slots.week_start
), ratings AS (
  SELECT
    fct_csat.admin_id,
    local_slots.week_start,
    COUNT(*) AS count_ratings,
    SUM(CASE WHEN fct_csat.is_positive THEN 1 ELSE 0 END) AS count_positive_ratings
  FROM fct_csat
  INNER JOIN local_slots
    ON CAST(FLOOR(CAST(fct_csat.rated_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
  WHERE
    NOT fct_csat.admin_id IS NULL
  GROUP BY
    fct_csat.admin_id,
    local_slots.week_start
), team_lists AS (
  SELECT
    stg_team_admins.admin_id,
    LISTAGG(COALESCE(stg_teams.name, stg_team_admins.team_id), ', ') WITHIN GROUP (ORDER BY
      COALESCE(stg_teams.name, stg_team_admins.team_id)) AS teams
  FROM stg_team_admins
  LEFT JOIN stg_teams
    ON stg_team_admins.team_id = stg_teams.team_id
  GROUP BY
    stg_team_admins.admin_id
), keys AS (
  SELECT
    admin_id,
    week_start
  FROM activity
  UNION
  SELECT
    admin_id,
    week_start
  FROM ownership
  UNION
  SELECT
    admin_id,
    week_start
  FROM handovers
  UNION
  SELECT
    admin_id,
    week_start
  FROM ratings
)
SELECT
  keys.admin_id,
  keys.week_start,
  int_staff.name AS admin_name,
  team_lists.teams,
  COALESCE(activity.count_replied_conversations, 0) AS count_replied_conversations,
  CAST(COALESCE(activity.count_replies, 0) AS BIGINT) AS count_replies,
  CAST(COALESCE(activity.count_closes, 0) AS BIGINT) AS count_closes,
  CAST(COALESCE(ownership.owned_seconds, 0) AS BIGINT) AS owned_seconds,
  handling.median_handling_seconds,
  COALESCE(first_responses.count_first_responses, 0) AS count_first_responses,
  first_responses.median_first_response_seconds,
  CAST(COALESCE(handovers.count_handovers_in, 0) AS BIGINT) AS count_handovers_in,
  CAST(COALESCE(handovers.count_handovers_out, 0) AS BIGINT) AS count_handovers_out,
  CASE
    WHEN reopens.is_over = 1
    THEN CAST(reopens.count_reopened AS DOUBLE PRECISION) / reopens.count_own_closes
  END AS reopen_rate,
  COALESCE(ratings.count_ratings, 0) AS count_ratings,
  CAST(ratings.count_positive_ratings AS DOUBLE PRECISION) / ratings.count_ratings AS csat
FROM keys
LEFT JOIN int_staff
  ON keys.admin_id = int_staff.staff_id
LEFT JOIN team_lists
  ON keys.admin_id = team_lists.admin_id
LEFT JOIN activity
  ON keys.admin_id = activity.admin_id AND keys.week_start = activity.week_start
LEFT JOIN ownership
  ON keys.admin_id = ownership.admin_id AND keys.week_start = ownership.week_start
LEFT JOIN handling
  ON keys.admin_id = handling.admin_id AND keys.week_start = handling.week_start
LEFT JOIN reopens
  ON keys.admin_id = reopens.admin_id AND keys.week_start = reopens.week_start
LEFT JOIN first_responses
  ON keys.admin_id = first_responses.admin_id
  AND keys.week_start = first_responses.week_start
LEFT JOIN handovers
  ON keys.admin_id = handovers.admin_id AND keys.week_start = handovers.week_start
LEFT JOIN ratings
  ON keys.admin_id = ratings.admin_id AND keys.week_start = ratings.week_start;

-- fct_tickets
WITH states AS (
  SELECT
    ticket_id,
    MIN(CASE WHEN state = 'in_progress' THEN from_epoch END) AS first_in_progress_at_epoch,
    MIN(CASE WHEN state = 'resolved' THEN from_epoch END) AS first_resolved_at_epoch,
    SUM(CASE WHEN state = 'submitted' THEN seconds ELSE 0 END) AS submitted_seconds,
    SUM(CASE WHEN state = 'in_progress' THEN seconds ELSE 0 END) AS in_progress_seconds,
    SUM(CASE WHEN state = 'waiting_on_customer' THEN seconds ELSE 0 END) AS waiting_on_customer_seconds,
    SUM(CASE WHEN state = 'resolved' THEN seconds ELSE 0 END) AS resolved_seconds,
    SUM(CASE WHEN state <> 'resolved' THEN seconds ELSE 0 END) AS unresolved_seconds,
    SUM(CASE WHEN state = 'submitted' THEN business_seconds ELSE 0 END) AS submitted_business_seconds,
    SUM(CASE WHEN state = 'in_progress' THEN business_seconds ELSE 0 END) AS in_progress_business_seconds,
    SUM(CASE WHEN state = 'waiting_on_customer' THEN business_seconds ELSE 0 END) AS waiting_on_customer_business_seconds,
    SUM(CASE WHEN state = 'resolved' AND NOT to_epoch IS NULL THEN 1 ELSE 0 END) AS count_reopens
  FROM int_ticket_state_spans
  GROUP BY
    ticket_id
), assigned AS (
  SELECT
    ticket_id,
    part_id,
    created_at_epoch,
    CASE WHEN assigned_to_type = 'admin' THEN assigned_to_id END AS admin_id
  FROM stg_ticket_parts
  WHERE
    part_type LIKE '%assign%' AND assigned_to_type <> 'team'
), assignments AS (
  SELECT
    ticket_id,
    admin_id,
    LAG(admin_id) OVER (PARTITION BY ticket_id ORDER BY created_at_epoch, LENGTH(part_id), part_id) AS previous_admin_id
  FROM assigned
), handovers AS (
  SELECT
    ticket_id,
    COUNT(*) AS count_handovers
  FROM assignments
  WHERE
    admin_id <> previous_admin_id
  GROUP BY
    ticket_id
), links AS (
  SELECT
    linked_object_id AS ticket_id,
    conversation_id
  FROM stg_conversation_linked_objects
  WHERE
    linked_object_type = 'ticket'
  UNION
  SELECT
    ticket_id,
    linked_object_id AS conversation_id
  FROM stg_ticket_linked_objects
  WHERE
    linked_object_type = 'conversation'
), first_links AS (
  SELECT
    ticket_id,
    MIN(conversation_id) AS conversation_id,
    COUNT(*) AS count_conversations
  FROM links
  GROUP BY
    ticket_id
)
SELECT
  stg_tickets.ticket_id,
  stg_tickets.ticket_number,
  stg_tickets.ticket_type_id,
  COALESCE(stg_ticket_types.name, stg_tickets.ticket_type_name) AS ticket_type_name,
  stg_tickets.category,
  stg_tickets.ticket_state,
  stg_tickets.is_open,
  first_links.conversation_id,
  COALESCE(first_links.count_conversations, 0) AS count_conversations,
  CASE WHEN int_staff.is_bot THEN NULL ELSE stg_tickets.admin_assignee_id END AS admin_id,
  CASE WHEN int_staff.is_bot THEN NULL ELSE int_staff.name END AS admin_name,
  COALESCE(stg_tickets.team_assignee_id, 'none') AS team_id,
  stg_teams.name AS team_name,
  stg_tickets.company_id,
  stg_tickets.created_at,
  stg_tickets.created_at_epoch,
  local_slots.day AS created_on,
  (TIMESTAMP 'epoch' + states.first_in_progress_at_epoch * INTERVAL '1 SECOND') AS first_in_progress_at,
  states.first_in_progress_at_epoch - stg_tickets.created_at_epoch AS first_in_progress_seconds,
  (TIMESTAMP 'epoch' + states.first_resolved_at_epoch * INTERVAL '1 SECOND') AS first_resolved_at,
  states.first_resolved_at_epoch - stg_tickets.created_at_epoch AS resolution_seconds,
  CAST(states.submitted_seconds AS BIGINT) AS submitted_seconds,
  CAST(states.in_progress_seconds AS BIGINT) AS in_progress_seconds,
  CAST(states.waiting_on_customer_seconds AS BIGINT) AS waiting_on_customer_seconds,
  CAST(states.resolved_seconds AS BIGINT) AS resolved_seconds,
  CAST(states.submitted_business_seconds AS BIGINT) AS submitted_business_seconds,
  CAST(states.in_progress_business_seconds AS BIGINT) AS in_progress_business_seconds,
  CAST(states.waiting_on_customer_business_seconds AS BIGINT) AS waiting_on_customer_business_seconds,
  CAST(states.waiting_on_customer_seconds AS DOUBLE PRECISION) / NULLIF(states.unresolved_seconds, 0) AS waiting_on_customer_share,
  CAST(states.count_reopens AS BIGINT) AS count_reopens,
  COALESCE(handovers.count_handovers, 0) AS count_handovers
FROM stg_tickets
INNER JOIN states
  ON stg_tickets.ticket_id = states.ticket_id
LEFT JOIN stg_ticket_types
  ON stg_tickets.ticket_type_id = stg_ticket_types.ticket_type_id
LEFT JOIN stg_teams
  ON stg_tickets.team_assignee_id = stg_teams.team_id
LEFT JOIN int_staff
  ON stg_tickets.admin_assignee_id = int_staff.staff_id
LEFT JOIN handovers
  ON stg_tickets.ticket_id = handovers.ticket_id
LEFT JOIN first_links
  ON stg_tickets.ticket_id = first_links.ticket_id
LEFT JOIN local_slots
  ON CAST(FLOOR(CAST(stg_tickets.created_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id;

-- help_center_history
SELECT
  help_centers.id,
  NULLIF(help_centers.display_name, '') AS display_name,
  NULLIF(help_centers.identifier, '') AS identifier,
  NULLIF(help_centers.workspace_id, '') AS workspace_id,
  help_centers.website_turned_on,
  (TIMESTAMP 'epoch' + help_centers.created_at * INTERVAL '1 SECOND') AS created_at,
  (TIMESTAMP 'epoch' + help_centers.updated_at * INTERVAL '1 SECOND') AS updated_at,
  TRUE AS _fivetran_active,
  (TIMESTAMP 'epoch' + help_centers.updated_at * INTERVAL '1 SECOND') AS _fivetran_start,
  (TIMESTAMP 'epoch' + 253402300799 * INTERVAL '1 SECOND') AS _fivetran_end
FROM "raw".help_centers;

-- int_article_locales
WITH own_languages AS (
  SELECT
    article_id,
    collection_id,
    COALESCE(default_locale, 'default') AS locale,
    TRUE AS is_default_locale,
    title,
    state,
    updated_at_epoch
  FROM stg_articles
), translations AS (
  SELECT
    stg_articles.article_id,
    stg_articles.collection_id,
    help_center_locales.locale,
    FALSE AS is_default_locale,
    NULLIF(
      JSON_EXTRACT_PATH_TEXT(
        NULLIF(
          JSON_EXTRACT_PATH_TEXT(JSON_SERIALIZE(stg_articles.translated_content), help_center_locales.locale, TRUE),
          ''
        ),
        'title',
        TRUE
      ),
      ''
    ) AS title,
    NULLIF(
      JSON_EXTRACT_PATH_TEXT(
        NULLIF(
          JSON_EXTRACT_PATH_TEXT(JSON_SERIALIZE(stg_articles.translated_content), help_center_locales.locale, TRUE),
          ''
        ),
        'state',
        TRUE
      ),
      ''
    ) AS state,
    NULLIF(
      JSON_EXTRACT_PATH_TEXT(
        NULLIF(
          JSON_EXTRACT_PATH_TEXT(JSON_SERIALIZE(stg_articles.translated_content), help_center_locales.locale, TRUE),
          ''
        ),
        'updated_at',
        TRUE
      ),
      ''
    ) AS updated_at_text,
    stg_articles.updated_at_epoch
  FROM stg_articles
  CROSS JOIN help_center_locales
  WHERE
    stg_articles.default_locale IS NULL
    OR stg_articles.default_locale <> help_center_locales.locale
)
SELECT
  article_id,
  collection_id,
  locale,
  is_default_locale,
  title,
  state,
  updated_at_epoch
FROM own_languages
UNION ALL
SELECT
  article_id,
  collection_id,
  locale,
  is_default_locale,
  title,
  state,
  CASE
    WHEN updated_at_text ~ '^[0-9]{1,12}$'
    THEN CAST(updated_at_text AS BIGINT)
    ELSE updated_at_epoch
  END AS updated_at_epoch
FROM translations
WHERE
  NOT state IS NULL;

-- int_assignment_spans
WITH with_setters AS (
  SELECT
    conversation_id,
    seq,
    at_epoch,
    state_after,
    to_admin_id,
    to_team_id,
    SUM(CASE WHEN sets_teammate THEN 1 ELSE 0 END) OVER (
      PARTITION BY conversation_id
      ORDER BY seq
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS admin_run,
    SUM(CASE WHEN sets_team THEN 1 ELSE 0 END) OVER (
      PARTITION BY conversation_id
      ORDER BY seq
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS team_run,
    LEAD(at_epoch) OVER (PARTITION BY conversation_id ORDER BY seq) AS next_epoch
  FROM int_events
  WHERE
    sets_teammate OR sets_team OR state_after <> state_before
), measured AS (
  SELECT
    with_setters.*,
    CASE
      WHEN with_setters.next_epoch <= build_clock.now_epoch
      THEN with_setters.next_epoch
      ELSE build_clock.now_epoch
    END - with_setters.at_epoch AS seconds
  FROM with_setters
  CROSS JOIN build_clock
), runs AS (
  SELECT
    conversation_id,
    admin_run,
    team_run,
    MIN(seq) AS first_seq,
    MIN(at_epoch) AS from_epoch,
    MAX(to_admin_id) AS set_admin_id,
    MAX(to_team_id) AS set_team_id,
    SUM(CASE WHEN state_after = 'open' AND seconds > 0 THEN seconds ELSE 0 END) AS open_seconds
  FROM measured
  GROUP BY
    conversation_id,
    admin_run,
    team_run
), owners AS (
  SELECT
    runs.*,
    MAX(set_admin_id) OVER (PARTITION BY conversation_id, admin_run) AS admin_id,
    MAX(set_team_id) OVER (PARTITION BY conversation_id, team_run) AS team_id
  FROM runs
), with_previous AS (
  SELECT
    owners.*,
    LAG(admin_id) OVER (PARTITION BY conversation_id ORDER BY first_seq) AS previous_admin_id,
    LAG(team_id) OVER (PARTITION BY conversation_id ORDER BY first_seq) AS previous_team_id
  FROM owners
), with_spans AS (
  SELECT
    with_previous.*,
    SUM(
      CASE
        WHEN first_seq = 0
        OR COALESCE(admin_id, '') <> COALESCE(previous_admin_id, '')
        OR COALESCE(team_id, '') <> COALESCE(previous_team_id, '')
        THEN 1
        ELSE 0
      END
    ) OVER (
      PARTITION BY conversation_id
      ORDER BY first_seq
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS span
  FROM with_previous
), spans AS (
  SELECT
    conversation_id,
    span,
    MAX(admin_id) AS admin_id,
    MAX(team_id) AS team_id,
    MIN(first_seq) AS first_seq,
    MIN(from_epoch) AS from_epoch,
    SUM(open_seconds) AS open_seconds
  FROM with_spans
  GROUP BY
    conversation_id,
    span
), with_ends AS (
  SELECT
    spans.*,
    LEAD(from_epoch) OVER (PARTITION BY conversation_id ORDER BY span) AS to_epoch
  FROM spans
)
SELECT
  conversation_id,
  CAST(span AS BIGINT) AS span,
  admin_id,
  team_id,
  first_seq,
  (TIMESTAMP 'epoch' + from_epoch * INTERVAL '1 SECOND') AS from_at,
  from_epoch,
  (TIMESTAMP 'epoch' + to_epoch * INTERVAL '1 SECOND') AS to_at,
  to_epoch,
  CAST(open_seconds AS BIGINT) AS open_seconds
FROM with_ends;

-- int_backlog_moves
WITH days AS (
  SELECT
    int_status_spans.*,
    local_slots.day
  FROM int_status_spans
  CROSS JOIN build_clock
  LEFT JOIN local_slots
    ON CAST(FLOOR(CAST(int_status_spans.from_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = local_slots.slot_id
  WHERE
    int_status_spans.from_epoch <= build_clock.now_epoch
), with_places AS (
  SELECT
    days.*,
    ROW_NUMBER() OVER (
      PARTITION BY conversation_id, CASE WHEN team_id IS NULL THEN 0 ELSE 1 END
      ORDER BY first_seq
    ) AS place
  FROM days
), first_teams AS (
  SELECT
    beginnings.conversation_id,
    with_places.team_id,
    with_places.first_seq
  FROM with_places
  INNER JOIN days AS beginnings
    ON with_places.conversation_id = beginnings.conversation_id
    AND with_places.day = beginnings.day
  WHERE
    beginnings.previous_state IS NULL
    AND NOT with_places.team_id IS NULL
    AND with_places.place = 1
), with_teams AS (
  SELECT
    days.conversation_id,
    days.first_seq,
    days.day,
    days.state,
    days.previous_state,
    COALESCE(
      days.team_id,
      CASE WHEN days.first_seq < first_teams.first_seq THEN first_teams.team_id END,
      'none'
    ) AS team_id
  FROM days
  LEFT JOIN first_teams
    ON days.conversation_id = first_teams.conversation_id
), steps AS (
  SELECT
    with_teams.*,
    LAG(team_id) OVER (PARTITION BY conversation_id ORDER BY first_seq) AS previous_team_id
  FROM with_teams
)
SELECT
  conversation_id,
  first_seq,
  day,
  team_id,
  state,
  CASE
    WHEN previous_state IS NULL
    THEN 'opened'
    WHEN previous_state = 'closed'
    THEN 'reopened'
    ELSE 'moved_in'
  END AS kind
FROM steps
WHERE
  state <> 'closed'
  AND NOT day IS NULL
  AND (
    previous_state IS NULL OR previous_state <> state OR previous_team_id <> team_id
  )
UNION ALL
SELECT
  conversation_id,
  first_seq,
  day,
  previous_team_id AS team_id,
  previous_state AS state,
  CASE WHEN state = 'closed' THEN 'closed' ELSE 'moved_out' END AS kind
FROM steps
WHERE
  previous_state <> 'closed'
  AND NOT day IS NULL
  AND (
    previous_state <> state OR previous_team_id <> team_id
  );

-- int_contact_conversations
SELECT
  COALESCE(stg_merged_contacts.surviving_contact_id, stg_conversation_contacts.contact_id) AS contact_id,
  stg_conversation_contacts.conversation_id
FROM stg_conversation_contacts
LEFT JOIN stg_merged_contacts
  ON stg_conversation_contacts.contact_id = stg_merged_contacts.contact_id
UNION
SELECT
  contact_id,
  conversation_id
FROM int_conversation_people
WHERE
  NOT contact_id IS NULL;

-- int_contact_health
WITH conversations AS (
  SELECT
    int_contact_conversations.contact_id,
    fct_conversations.conversation_id,
    fct_conversations.is_closed,
    fct_conversations.created_at_epoch,
    fct_conversations.is_reopened_within_7_days,
    CASE
      WHEN NOT fct_conversations.was_closed_before_first_reply
      THEN fct_conversations.first_response_seconds
    END AS first_response_seconds,
    fct_conversations.rating,
    build_clock.now_epoch - fct_conversations.created_at_epoch AS age_seconds,
    CASE
      WHEN NOT fct_conversations.rating IS NULL
      THEN ROW_NUMBER() OVER (
        PARTITION BY int_contact_conversations.contact_id, CASE WHEN fct_conversations.rating IS NULL THEN 0 ELSE 1 END
        ORDER BY fct_conversations.rated_at_epoch DESC NULLS LAST, fct_conversations.conversation_id
      )
    END AS rating_place
  FROM int_contact_conversations
  INNER JOIN fct_conversations
    ON int_contact_conversations.conversation_id = fct_conversations.conversation_id
  CROSS JOIN build_clock
), totals AS (
  SELECT
    contact_id,
    COUNT(*) AS count_conversations,
    MIN(created_at_epoch) AS first_conversation_at_epoch,
    MAX(created_at_epoch) AS last_conversation_at_epoch,
    SUM(CASE WHEN age_seconds <= 604800 THEN 1 ELSE 0 END) AS count_conversations_7_days,
    SUM(CASE WHEN age_seconds <= 2592000 THEN 1 ELSE 0 END) AS count_conversations_30_days,
    SUM(CASE WHEN age_seconds <= 7776000 THEN 1 ELSE 0 END) AS count_conversations_90_days,
    SUM(CASE WHEN is_closed THEN 0 ELSE 1 END) AS count_open_conversations,
    SUM(CASE WHEN NOT is_reopened_within_7_days IS NULL THEN 1 ELSE 0 END) AS count_closed_for_7_days,
    SUM(CASE WHEN is_reopened_within_7_days THEN 1 ELSE 0 END) AS count_reopened,
    MEDIAN(first_response_seconds) AS median_first_response_seconds,
    MAX(CASE WHEN rating_place = 1 THEN rating END) AS last_rating
  FROM conversations
  GROUP BY
    contact_id
), waits AS (
  SELECT
    int_contact_conversations.contact_id,
    MAX(int_turns.waited_business_seconds) AS longest_wait_business_seconds
  FROM int_contact_conversations
  INNER JOIN int_turns
    ON int_contact_conversations.conversation_id = int_turns.conversation_id
  WHERE
    int_turns.outcome = 'waiting'
  GROUP BY
    int_contact_conversations.contact_id
)
SELECT
  stg_contacts.contact_id,
  COALESCE(totals.count_conversations, 0) AS count_conversations,
  totals.first_conversation_at_epoch,
  totals.last_conversation_at_epoch,
  CAST(COALESCE(totals.count_conversations_7_days, 0) AS BIGINT) AS count_conversations_7_days,
  CAST(COALESCE(totals.count_conversations_30_days, 0) AS BIGINT) AS count_conversations_30_days,
  CAST(COALESCE(totals.count_conversations_90_days, 0) AS BIGINT) AS count_conversations_90_days,
  CAST(COALESCE(totals.count_open_conversations, 0) AS BIGINT) AS count_open_conversations,
  CAST(totals.count_reopened AS DOUBLE PRECISION) / NULLIF(totals.count_closed_for_7_days, 0) AS reopen_rate,
  totals.median_first_response_seconds,
  totals.last_rating,
  waits.longest_wait_business_seconds
FROM stg_contacts
LEFT JOIN totals
  ON stg_contacts.contact_id = totals.contact_id
LEFT JOIN waits
  ON stg_contacts.contact_id = waits.contact_id;

-- int_conversation_clocks
SELECT
  stg_conversations.conversation_id,
  int_schedule_clocks.schedule_id,
  int_schedule_clocks.now_epoch,
  int_schedule_clocks.now_business_clock_seconds
FROM stg_conversations
LEFT JOIN team_schedules
  ON stg_conversations.team_assignee_id = team_schedules.team_id
INNER JOIN int_schedule_clocks
  ON COALESCE(team_schedules.schedule_id, 'default') = int_schedule_clocks.schedule_id;

-- int_conversation_people
WITH first_contacts AS (
  SELECT
    conversation_id,
    MIN(contact_id) AS contact_id
  FROM stg_conversation_contacts
  GROUP BY
    conversation_id
), only_companies AS (
  SELECT
    contact_id,
    MIN(company_id) AS company_id
  FROM stg_contact_companies
  GROUP BY
    contact_id
  HAVING
    COUNT(*) = 1
), named_contacts AS (
  SELECT
    stg_conversations.conversation_id,
    CASE
      WHEN stg_conversations.source_author_type IN ('user', 'lead', 'contact')
      THEN COALESCE(stg_conversations.source_author_id, first_contacts.contact_id)
      ELSE first_contacts.contact_id
    END AS contact_id
  FROM stg_conversations
  LEFT JOIN first_contacts
    ON stg_conversations.conversation_id = first_contacts.conversation_id
), contacts AS (
  SELECT
    named_contacts.conversation_id,
    COALESCE(stg_merged_contacts.surviving_contact_id, named_contacts.contact_id) AS contact_id
  FROM named_contacts
  LEFT JOIN stg_merged_contacts
    ON named_contacts.contact_id = stg_merged_contacts.contact_id
)
SELECT
  contacts.conversation_id,
  contacts.contact_id,
  only_companies.company_id
FROM contacts
LEFT JOIN only_companies
  ON contacts.contact_id = only_companies.contact_id;

-- int_conversation_rollup
WITH totals AS (
  SELECT
    conversation_id,
    MIN(CASE WHEN is_customer_message THEN seq END) AS asked_seq,
    MIN(CASE WHEN is_customer_message THEN at_epoch END) AS first_customer_message_at_epoch,
    MAX(CASE WHEN is_customer_message THEN at_epoch END) AS last_customer_message_at_epoch,
    MAX(CASE WHEN is_reply THEN at_epoch END) AS last_reply_at_epoch,
    MAX(at_epoch) AS last_event_at_epoch,
    MIN(CASE WHEN kind = 'close' THEN at_epoch END) AS first_close_at_epoch,
    MAX(CASE WHEN kind = 'close' THEN at_epoch END) AS last_close_at_epoch,
    MAX(CASE WHEN kind = 'close' THEN seq END) AS last_close_seq,
    MAX(CASE WHEN is_bot_reply THEN seq END) AS last_bot_reply_seq,
    MAX(CASE WHEN is_customer_message THEN seq END) AS last_customer_message_seq,
    MAX(CASE WHEN is_reply OR (
      seq = 0 AND author_role = 'teammate'
    ) THEN seq END) AS last_own_message_seq,
    MIN(CASE WHEN state_before = 'closed' AND state_after <> 'closed' THEN at_epoch END) AS first_reopen_at_epoch,
    SUM(CASE WHEN kind = 'close' THEN 1 ELSE 0 END) AS count_closes,
    SUM(CASE WHEN state_before = 'closed' AND state_after <> 'closed' THEN 1 ELSE 0 END) AS count_reopens,
    SUM(CASE WHEN is_reply THEN 1 ELSE 0 END) AS count_replies,
    SUM(CASE WHEN is_customer_message THEN 1 ELSE 0 END) AS count_customer_messages,
    SUM(CASE WHEN is_bot_reply THEN 1 ELSE 0 END) AS count_bot_replies,
    SUM(CASE WHEN part_type LIKE 'note%' THEN 1 ELSE 0 END) AS count_notes,
    SUM(CASE WHEN is_assignment THEN 1 ELSE 0 END) AS count_assignments,
    SUM(CASE WHEN NOT to_admin_id IS NULL THEN 1 ELSE 0 END) AS count_assignments_to_teammates,
    COUNT(DISTINCT CASE WHEN is_reply THEN author_id END) AS count_replying_admins,
    MAX(CASE WHEN is_fin THEN 1 ELSE 0 END) AS has_fin
  FROM int_events
  GROUP BY
    conversation_id
)
SELECT
  totals.conversation_id,
  totals.first_customer_message_at_epoch,
  totals.last_customer_message_at_epoch,
  totals.last_reply_at_epoch,
  totals.last_event_at_epoch,
  totals.first_close_at_epoch,
  totals.last_close_at_epoch,
  CASE WHEN last_close.author_role = 'teammate' THEN last_close.author_id END AS last_closed_by_admin_id,
  last_close.author_role AS last_closed_by_role,
  totals.first_reopen_at_epoch,
  CAST(totals.count_closes AS BIGINT) AS count_closes,
  CAST(totals.count_reopens AS BIGINT) AS count_reopens,
  CAST(totals.count_replies AS BIGINT) AS count_replies,
  CAST(totals.count_customer_messages AS BIGINT) AS count_customer_messages,
  CAST(totals.count_bot_replies AS BIGINT) AS count_bot_replies,
  CAST(totals.count_notes AS BIGINT) AS count_notes,
  CAST(totals.count_assignments AS BIGINT) AS count_assignments,
  CAST(totals.count_assignments_to_teammates AS BIGINT) AS count_assignments_to_teammates,
  totals.count_replying_admins,
  COALESCE(totals.last_bot_reply_seq > totals.asked_seq, FALSE) AS has_bot_reply_to_customer,
  COALESCE(
    totals.last_customer_message_seq > COALESCE(totals.last_own_message_seq, -1),
    FALSE
  ) AS is_last_message_customers,
  totals.has_fin = 1 AS has_fin
FROM totals
LEFT JOIN int_events AS last_close
  ON totals.conversation_id = last_close.conversation_id
  AND totals.last_close_seq = last_close.seq;

-- int_conversation_statistics
WITH events AS (
  SELECT
    *
  FROM int_events
  WHERE
    part_type <> 'inferred'
), starts AS (
  SELECT
    conversation_id,
    MIN(at_epoch) AS started_at_epoch
  FROM events
  WHERE
    is_customer_message
  GROUP BY
    conversation_id
), moments AS (
  SELECT
    events.conversation_id,
    starts.started_at_epoch,
    MAX(CASE WHEN events.is_customer_message THEN events.at_epoch END) AS last_contact_reply_at_epoch,
    MIN(CASE WHEN events.is_reply THEN events.at_epoch END) AS first_admin_reply_at_epoch,
    MAX(CASE WHEN events.is_reply THEN events.at_epoch END) AS last_admin_reply_at_epoch,
    MIN(CASE WHEN events.is_assignment THEN events.at_epoch END) AS first_assignment_at_epoch,
    MAX(CASE WHEN events.is_assignment THEN events.at_epoch END) AS last_assignment_at_epoch,
    MIN(CASE WHEN events.kind = 'close' THEN events.at_epoch END) AS first_close_at_epoch,
    MAX(CASE WHEN events.kind = 'close' THEN events.at_epoch END) AS last_close_at_epoch,
    MAX(
      CASE
        WHEN events.kind = 'close' AND events.author_role = 'teammate'
        THEN events.seq
      END
    ) AS last_teammate_close_seq,
    SUM(CASE WHEN events.kind = 'reopen' THEN 1 ELSE 0 END) AS count_reopens,
    SUM(CASE WHEN events.is_assignment THEN 1 ELSE 0 END) AS count_assignments
  FROM events
  INNER JOIN starts
    ON events.conversation_id = starts.conversation_id
    AND events.at_epoch >= starts.started_at_epoch
  GROUP BY
    events.conversation_id,
    starts.started_at_epoch
), around_assignments AS (
  SELECT
    events.conversation_id,
    MAX(
      CASE
        WHEN events.is_assignment
        AND (
          moments.first_admin_reply_at_epoch IS NULL
          OR events.at_epoch <= moments.first_admin_reply_at_epoch
        )
        THEN events.at_epoch
      END
    ) AS assignment_before_reply_at_epoch,
    MIN(
      CASE
        WHEN events.is_reply AND events.at_epoch >= moments.last_assignment_at_epoch
        THEN events.at_epoch
      END
    ) AS last_assignment_admin_reply_at_epoch
  FROM events
  INNER JOIN moments
    ON events.conversation_id = moments.conversation_id
    AND events.at_epoch >= moments.started_at_epoch
  WHERE
    events.is_assignment OR events.is_reply
  GROUP BY
    events.conversation_id
), closes_and_reopenings AS (
  SELECT
    conversation_id,
    kind,
    LAG(kind) OVER (PARTITION BY conversation_id ORDER BY seq) AS kind_before
  FROM events
  WHERE
    kind IN ('close', 'reopen')
), reopenings_without_close AS (
  SELECT DISTINCT
    conversation_id
  FROM closes_and_reopenings
  WHERE
    kind = 'reopen' AND COALESCE(kind_before, 'reopen') = 'reopen'
), close_signs AS (
  SELECT
    conversation_id,
    MAX(seq) AS last_seq,
    MAX(CASE WHEN state_after <> 'closed' THEN seq END) AS last_seq_not_closed,
    MAX(CASE WHEN kind = 'close' AND part_type = 'inferred' THEN 1 ELSE 0 END) AS has_inferred_close
  FROM int_events
  GROUP BY
    conversation_id
), default_slots AS (
  SELECT
    slot_id,
    open_seconds_before,
    is_open
  FROM business_slots
  WHERE
    schedule_id = 'default'
), reply_times AS (
  SELECT
    int_turns.conversation_id,
    int_turns.answered_at_epoch - int_turns.asked_at_epoch AS reply_seconds,
    answered.open_seconds_before + answered.is_open * (
      int_turns.answered_at_epoch - 900 * answered.slot_id
    ) - asked.open_seconds_before - asked.is_open * (
      int_turns.asked_at_epoch - 900 * asked.slot_id
    ) AS reply_office_seconds
  FROM int_turns
  LEFT JOIN default_slots AS asked
    ON CAST(FLOOR(CAST(int_turns.asked_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = asked.slot_id
  LEFT JOIN default_slots AS answered
    ON CAST(FLOOR(CAST(int_turns.answered_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = answered.slot_id
  WHERE
    NOT int_turns.answered_at_epoch IS NULL
), median_reply_times AS (
  SELECT
    conversation_id,
    MEDIAN(reply_seconds) AS median_reply_seconds
  FROM reply_times
  GROUP BY
    conversation_id
), median_office_reply_times AS (
  SELECT
    conversation_id,
    MEDIAN(reply_office_seconds) AS median_reply_office_seconds
  FROM reply_times
  GROUP BY
    conversation_id
), office_clocks AS (
  SELECT
    moments.conversation_id,
    started.open_seconds_before + started.is_open * (
      moments.started_at_epoch - 900 * started.slot_id
    ) AS started_clock,
    assigned.open_seconds_before + assigned.is_open * (
      around_assignments.assignment_before_reply_at_epoch - 900 * assigned.slot_id
    ) AS assigned_clock,
    replied.open_seconds_before + replied.is_open * (
      moments.first_admin_reply_at_epoch - 900 * replied.slot_id
    ) AS replied_clock,
    first_closed.open_seconds_before + first_closed.is_open * (
      moments.first_close_at_epoch - 900 * first_closed.slot_id
    ) AS first_close_clock,
    last_closed.open_seconds_before + last_closed.is_open * (
      moments.last_close_at_epoch - 900 * last_closed.slot_id
    ) AS last_close_clock
  FROM moments
  LEFT JOIN around_assignments
    ON moments.conversation_id = around_assignments.conversation_id
  LEFT JOIN default_slots AS started
    ON CAST(FLOOR(CAST(moments.started_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = started.slot_id
  LEFT JOIN default_slots AS assigned
    ON CAST(FLOOR(
      CAST(around_assignments.assignment_before_reply_at_epoch AS DOUBLE PRECISION) / 900
    ) AS BIGINT) = assigned.slot_id
  LEFT JOIN default_slots AS replied
    ON CAST(FLOOR(CAST(moments.first_admin_reply_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = replied.slot_id
  LEFT JOIN default_slots AS first_closed
    ON CAST(FLOOR(CAST(moments.first_close_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = first_closed.slot_id
  LEFT JOIN default_slots AS last_closed
    ON CAST(FLOOR(CAST(moments.last_close_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = last_closed.slot_id
)
SELECT
  moments.conversation_id,
  moments.started_at_epoch AS first_contact_reply_at_epoch,
  moments.last_contact_reply_at_epoch,
  moments.first_admin_reply_at_epoch,
  moments.last_admin_reply_at_epoch,
  moments.first_assignment_at_epoch,
  moments.last_assignment_at_epoch,
  around_assignments.last_assignment_admin_reply_at_epoch,
  moments.first_close_at_epoch,
  moments.last_close_at_epoch,
  NOT reopenings_without_close.conversation_id IS NULL
  OR close_signs.has_inferred_close = 1
  OR (
    stg_conversations.state = 'closed'
    AND close_signs.last_seq_not_closed = close_signs.last_seq
  ) AS has_close_without_part,
  last_closes.author_id AS last_closed_by_admin_id,
  CAST(moments.count_reopens AS BIGINT) AS count_reopens,
  CAST(moments.count_assignments AS BIGINT) AS count_assignments,
  around_assignments.assignment_before_reply_at_epoch - moments.started_at_epoch AS time_to_assignment_seconds,
  moments.first_admin_reply_at_epoch - moments.started_at_epoch AS time_to_admin_reply_seconds,
  moments.first_close_at_epoch - moments.started_at_epoch AS time_to_first_close_seconds,
  moments.last_close_at_epoch - moments.started_at_epoch AS time_to_last_close_seconds,
  CAST(FLOOR(median_reply_times.median_reply_seconds) AS BIGINT) AS median_time_to_reply_seconds,
  office_clocks.assigned_clock - office_clocks.started_clock AS time_to_assignment_office_seconds,
  office_clocks.replied_clock - office_clocks.started_clock AS time_to_admin_reply_office_seconds,
  office_clocks.first_close_clock - office_clocks.started_clock AS time_to_first_close_office_seconds,
  office_clocks.last_close_clock - office_clocks.started_clock AS time_to_last_close_office_seconds,
  CAST(FLOOR(median_office_reply_times.median_reply_office_seconds) AS BIGINT) AS median_time_to_reply_office_seconds
FROM moments
INNER JOIN stg_conversations
  ON moments.conversation_id = stg_conversations.conversation_id
INNER JOIN close_signs
  ON moments.conversation_id = close_signs.conversation_id
LEFT JOIN reopenings_without_close
  ON moments.conversation_id = reopenings_without_close.conversation_id
LEFT JOIN around_assignments
  ON moments.conversation_id = around_assignments.conversation_id
LEFT JOIN median_reply_times
  ON moments.conversation_id = median_reply_times.conversation_id
LEFT JOIN median_office_reply_times
  ON moments.conversation_id = median_office_reply_times.conversation_id
LEFT JOIN office_clocks
  ON moments.conversation_id = office_clocks.conversation_id
LEFT JOIN events AS last_closes
  ON moments.conversation_id = last_closes.conversation_id
  AND moments.last_teammate_close_seq = last_closes.seq;

-- int_conversation_tags
WITH named AS (
  SELECT
    stg_conversation_tags.conversation_id,
    COALESCE(stg_tags.name, stg_conversation_tags.tag_name) AS tag_name
  FROM stg_conversation_tags
  LEFT JOIN stg_tags
    ON stg_conversation_tags.tag_id = stg_tags.tag_id
), tag_counts AS (
  SELECT
    conversation_id,
    COUNT(*) AS count_tags,
    MAX(tag_name) AS last_tag_name
  FROM named
  GROUP BY
    conversation_id
), tag_lists AS (
  SELECT
    named.conversation_id,
    LISTAGG(named.tag_name, ', ') WITHIN GROUP (ORDER BY
      named.tag_name) AS tags
  FROM named
  INNER JOIN tag_counts
    ON named.conversation_id = tag_counts.conversation_id
  WHERE
    tag_counts.count_tags > 1
  GROUP BY
    named.conversation_id
)
SELECT
  tag_counts.conversation_id,
  COALESCE(tag_lists.tags, tag_counts.last_tag_name) AS tags
FROM tag_counts
LEFT JOIN tag_lists
  ON tag_counts.conversation_id = tag_lists.conversation_id;

-- int_custom_attributes
WITH attributes AS (
  SELECT
    object,
    name,
    COALESCE(MIN(CASE WHEN NOT is_archived THEN data_type END), MIN(data_type)) AS data_type
  FROM stg_data_attributes
  WHERE
    is_custom AND NOT name IS NULL
  GROUP BY
    object,
    name
), objects AS (
  SELECT
    'contact' AS object,
    contact_id AS object_id,
    custom_attributes
  FROM stg_contacts
  UNION ALL
  SELECT
    'company' AS object,
    company_id AS object_id,
    custom_attributes
  FROM stg_companies
  UNION ALL
  SELECT
    'conversation' AS object,
    conversation_id AS object_id,
    custom_attributes
  FROM stg_conversations
), all_values AS (
  SELECT
    objects.object,
    objects.object_id,
    attributes.name AS attribute,
    attributes.data_type,
    NULLIF(
      JSON_EXTRACT_PATH_TEXT(JSON_SERIALIZE(objects.custom_attributes), attributes.name, TRUE),
      ''
    ) AS value
  FROM objects
  INNER JOIN attributes
    ON objects.object = attributes.object
)
SELECT
  object,
  object_id,
  attribute,
  data_type,
  value
FROM all_values
WHERE
  NOT value IS NULL;

-- int_events
WITH part_attachments AS (
  SELECT
    conversation_id,
    part_id,
    COUNT(*) AS count_attachments
  FROM stg_conversation_part_attachments
  GROUP BY
    conversation_id,
    part_id
), bots AS (
  SELECT
    staff_id
  FROM int_staff
  WHERE
    is_bot
), conversations AS (
  SELECT
    stg_conversations.*,
    CASE
      WHEN assigned_bots.staff_id IS NULL
      THEN stg_conversations.admin_assignee_id
    END AS owner_admin_id,
    CASE
      WHEN stg_conversations.statistics_last_closed_by_id IS NULL
      THEN 'unknown'
      WHEN closing_bots.staff_id IS NULL
      THEN 'teammate'
      ELSE 'bot'
    END AS closer_role
  FROM stg_conversations
  LEFT JOIN bots AS assigned_bots
    ON stg_conversations.admin_assignee_id = assigned_bots.staff_id
  LEFT JOIN bots AS closing_bots
    ON stg_conversations.statistics_last_closed_by_id = closing_bots.staff_id
), opening_messages AS (
  SELECT
    conversation_id,
    'source' AS event_id,
    'source' AS part_type,
    0 AS is_part,
    created_at_epoch AS at_epoch,
    CASE
      WHEN source_author_type IS NULL AND source_delivered_as = 'customer_initiated'
      THEN 'user'
      ELSE source_author_type
    END AS author_type,
    source_author_id AS author_id,
    source_author_name AS author_name,
    CAST(NULL AS VARCHAR(MAX)) AS assigned_to_type,
    CAST(NULL AS VARCHAR(MAX)) AS assigned_to_id,
    TRUE AS has_content
  FROM conversations
), parts AS (
  SELECT
    stg_conversation_parts.conversation_id,
    stg_conversation_parts.part_id AS event_id,
    COALESCE(stg_conversation_parts.part_type, '') AS part_type,
    1 AS is_part,
    CASE
      WHEN stg_conversation_parts.created_at_epoch < conversations.created_at_epoch
      THEN conversations.created_at_epoch
      ELSE stg_conversation_parts.created_at_epoch
    END AS at_epoch,
    stg_conversation_parts.author_type,
    stg_conversation_parts.author_id,
    stg_conversation_parts.author_name,
    stg_conversation_parts.assigned_to_type,
    stg_conversation_parts.assigned_to_id,
    NOT stg_conversation_parts.body IS NULL
    OR COALESCE(stg_conversation_parts.is_redacted, FALSE)
    OR NOT part_attachments.count_attachments IS NULL AS has_content
  FROM stg_conversation_parts
  INNER JOIN conversations
    ON stg_conversation_parts.conversation_id = conversations.conversation_id
  LEFT JOIN part_attachments
    ON stg_conversation_parts.conversation_id = part_attachments.conversation_id
    AND stg_conversation_parts.part_id = part_attachments.part_id
), messages_and_parts AS (
  SELECT
    *
  FROM opening_messages
  UNION ALL
  SELECT
    *
  FROM parts
), with_roles AS (
  SELECT
    messages_and_parts.*,
    CASE
      WHEN messages_and_parts.author_type IN ('user', 'lead', 'contact')
      THEN 'customer'
      WHEN messages_and_parts.author_type = 'bot' OR NOT authors.staff_id IS NULL
      THEN 'bot'
      WHEN messages_and_parts.author_type = 'admin'
      THEN 'teammate'
      WHEN messages_and_parts.author_type = 'team'
      THEN 'team'
      ELSE 'other'
    END AS author_role,
    messages_and_parts.part_type LIKE '%assign%' AS is_assignment,
    messages_and_parts.part_type LIKE 'note%' AS is_note,
    messages_and_parts.part_type IN ('source', 'comment', 'quick_reply') AS is_message_type,
    messages_and_parts.part_type IN ('comment', 'quick_reply', 'assignment', 'close', 'open', 'snoozed')
    OR messages_and_parts.part_type LIKE 'comment_and_%'
    OR messages_and_parts.part_type LIKE 'assign_and_%'
    OR messages_and_parts.part_type LIKE 'assignment_and_%'
    OR messages_and_parts.part_type LIKE 'close_and_%'
    OR messages_and_parts.part_type LIKE 'open_and_%'
    OR messages_and_parts.part_type LIKE 'snoozed_and_%' AS is_visible_type,
    CASE
      WHEN messages_and_parts.part_type NOT LIKE '%assign%'
      OR messages_and_parts.assigned_to_type IS NULL
      THEN NULL
      WHEN messages_and_parts.assigned_to_type IN ('team', 'bot')
      THEN messages_and_parts.assigned_to_type
      WHEN messages_and_parts.assigned_to_type = 'admin' AND NOT assignees.staff_id IS NULL
      THEN 'bot'
      WHEN messages_and_parts.assigned_to_type = 'admin'
      THEN 'teammate'
      ELSE 'nobody'
    END AS to_role
  FROM messages_and_parts
  LEFT JOIN bots AS authors
    ON messages_and_parts.author_id = authors.staff_id
  LEFT JOIN bots AS assignees
    ON messages_and_parts.assigned_to_id = assignees.staff_id
), with_messages AS (
  SELECT
    with_roles.*,
    author_role = 'customer'
    AND (
      is_message_type
      OR part_type = 'attribute_collected'
      OR (
        part_type = 'open' AND has_content
      )
    ) AS is_customer_message,
    author_role = 'teammate' AND is_part = 1 AND has_content AND is_visible_type AS is_reply,
    author_role = 'bot'
    AND is_part = 1
    AND has_content
    AND (
      is_visible_type OR is_assignment
    ) AS is_bot_reply,
    CASE
      WHEN part_type = 'close' OR part_type LIKE 'close_and_%'
      THEN 'close'
      WHEN part_type = 'open' OR part_type LIKE '%and_reopen'
      THEN 'reopen'
      WHEN part_type = 'snoozed'
      THEN 'snooze'
      WHEN part_type IN ('unsnoozed', 'timer_unsnooze') OR part_type LIKE '%and_unsnooze'
      THEN 'unsnooze'
      WHEN is_assignment
      THEN 'assign'
      WHEN is_note
      THEN 'note'
    END AS action_done,
    CASE WHEN to_role = 'teammate' THEN assigned_to_id END AS to_admin_id,
    CASE WHEN to_role = 'team' THEN assigned_to_id END AS to_team_id
  FROM with_roles
), ordered AS (
  SELECT
    with_messages.*,
    4 * (
      ROW_NUMBER() OVER (
        PARTITION BY conversation_id
        ORDER BY is_part, at_epoch, LENGTH(event_id), event_id
      ) - 1
    ) AS place,
    CASE
      WHEN is_part = 0
      THEN 0
      WHEN action_done = 'close'
      THEN 1
      WHEN action_done = 'snooze'
      THEN 2
      WHEN action_done IN ('reopen', 'unsnooze') OR is_customer_message
      THEN 0
    END AS state_set
  FROM with_messages
), last_states AS (
  SELECT
    conversation_id,
    MAX(place + state_set) % 4 AS state_code,
    MAX(CASE WHEN NOT state_set IS NULL THEN at_epoch END) AS state_set_at_epoch,
    MAX(at_epoch) AS last_at_epoch
  FROM ordered
  GROUP BY
    conversation_id
), assignments AS (
  SELECT
    conversation_id,
    at_epoch,
    to_role,
    to_admin_id,
    to_team_id,
    ROW_NUMBER() OVER (PARTITION BY conversation_id ORDER BY place DESC NULLS LAST) AS place_from_end,
    ROW_NUMBER() OVER (
      PARTITION BY conversation_id, CASE WHEN to_role = 'team' THEN 1 ELSE 0 END
      ORDER BY place DESC NULLS LAST
    ) AS place_of_kind_from_end
  FROM ordered
  WHERE
    NOT to_role IS NULL
), last_owners AS (
  SELECT
    conversation_id,
    MAX(at_epoch) AS assigned_at_epoch,
    MAX(CASE WHEN place_from_end = 1 THEN to_admin_id END) AS admin_id,
    MAX(CASE WHEN place_of_kind_from_end = 1 THEN to_team_id END) AS team_id
  FROM assignments
  GROUP BY
    conversation_id
), inferred_states AS (
  SELECT
    conversations.conversation_id,
    CASE
      WHEN conversations.state <> 'closed'
      THEN last_states.last_at_epoch
      WHEN conversations.statistics_last_close_at_epoch >= last_states.state_set_at_epoch
      THEN conversations.statistics_last_close_at_epoch
      WHEN conversations.updated_at_epoch >= last_states.last_at_epoch
      THEN conversations.updated_at_epoch
      ELSE last_states.last_at_epoch
    END AS at_epoch,
    CASE conversations.state
      WHEN 'open'
      THEN 0
      WHEN 'closed'
      THEN 1
      WHEN 'snoozed'
      THEN 2
    END AS state_set,
    CASE
      WHEN conversations.state = 'closed'
      AND conversations.statistics_last_close_at_epoch >= last_states.state_set_at_epoch
      THEN conversations.closer_role
      ELSE 'unknown'
    END AS author_role,
    CASE
      WHEN conversations.state = 'closed'
      AND conversations.statistics_last_close_at_epoch >= last_states.state_set_at_epoch
      THEN conversations.statistics_last_closed_by_id
    END AS author_id
  FROM conversations
  INNER JOIN last_states
    ON conversations.conversation_id = last_states.conversation_id
  WHERE
    conversations.state IN ('open', 'closed', 'snoozed')
    AND conversations.state <> CASE last_states.state_code WHEN 0 THEN 'open' WHEN 1 THEN 'closed' ELSE 'snoozed' END
), inferred_owners AS (
  SELECT
    conversations.conversation_id,
    CASE
      WHEN conversations.statistics_last_assignment_at_epoch >= last_owners.assigned_at_epoch
      THEN conversations.statistics_last_assignment_at_epoch
      ELSE last_states.last_at_epoch
    END AS at_epoch,
    conversations.owner_admin_id AS to_admin_id,
    conversations.team_assignee_id AS to_team_id,
    CASE
      WHEN NOT conversations.owner_admin_id IS NULL
      THEN 'teammate'
      WHEN NOT conversations.team_assignee_id IS NULL
      THEN 'team'
      ELSE 'nobody'
    END AS to_role
  FROM conversations
  INNER JOIN last_states
    ON conversations.conversation_id = last_states.conversation_id
  INNER JOIN last_owners
    ON conversations.conversation_id = last_owners.conversation_id
  WHERE
    COALESCE(conversations.owner_admin_id, '') <> COALESCE(last_owners.admin_id, '')
    OR COALESCE(conversations.team_assignee_id, '') <> COALESCE(last_owners.team_id, '')
), inferences AS (
  SELECT
    conversation_id,
    'state' AS event_id,
    at_epoch,
    author_role,
    author_id,
    CASE state_set WHEN 1 THEN 'close' WHEN 2 THEN 'snooze' ELSE 'reopen' END AS action_done,
    state_set,
    CAST(NULL AS VARCHAR(MAX)) AS to_role,
    CAST(NULL AS VARCHAR(MAX)) AS to_admin_id,
    CAST(NULL AS VARCHAR(MAX)) AS to_team_id
  FROM inferred_states
  UNION ALL
  SELECT
    conversation_id,
    'owner' AS event_id,
    at_epoch,
    'unknown' AS author_role,
    CAST(NULL AS VARCHAR(MAX)) AS author_id,
    'assign' AS action_done,
    CAST(NULL AS INTEGER) AS state_set,
    to_role,
    to_admin_id,
    to_team_id
  FROM inferred_owners
), inferred_places AS (
  SELECT
    inferences.conversation_id,
    inferences.event_id,
    MAX(ordered.place) AS place
  FROM inferences
  INNER JOIN ordered
    ON inferences.conversation_id = ordered.conversation_id
    AND ordered.at_epoch <= inferences.at_epoch
  GROUP BY
    inferences.conversation_id,
    inferences.event_id
), all_events AS (
  SELECT
    ordered.conversation_id,
    ordered.event_id,
    ordered.part_type,
    ordered.is_part,
    0 AS is_inferred,
    ordered.at_epoch,
    ordered.author_role,
    ordered.author_id,
    ordered.author_name,
    ordered.is_assignment,
    ordered.is_customer_message,
    ordered.is_reply,
    ordered.is_bot_reply,
    ordered.action_done,
    ordered.to_role,
    CASE WHEN last_owners.conversation_id IS NULL THEN conversations.owner_admin_id END AS to_admin_id,
    CASE
      WHEN last_owners.conversation_id IS NULL
      THEN conversations.team_assignee_id
    END AS to_team_id,
    ordered.place,
    ordered.state_set
  FROM ordered
  INNER JOIN conversations
    ON ordered.conversation_id = conversations.conversation_id
  LEFT JOIN last_owners
    ON ordered.conversation_id = last_owners.conversation_id
  WHERE
    ordered.place = 0
  UNION ALL
  SELECT
    conversation_id,
    event_id,
    part_type,
    is_part,
    0 AS is_inferred,
    at_epoch,
    author_role,
    author_id,
    author_name,
    is_assignment,
    is_customer_message,
    is_reply,
    is_bot_reply,
    action_done,
    to_role,
    to_admin_id,
    to_team_id,
    place,
    state_set
  FROM ordered
  WHERE
    place > 0
  UNION ALL
  SELECT
    inferences.conversation_id,
    inferences.event_id,
    'inferred' AS part_type,
    1 AS is_part,
    1 AS is_inferred,
    inferences.at_epoch,
    inferences.author_role,
    inferences.author_id,
    CAST(NULL AS VARCHAR(MAX)) AS author_name,
    FALSE AS is_assignment,
    FALSE AS is_customer_message,
    FALSE AS is_reply,
    FALSE AS is_bot_reply,
    inferences.action_done,
    inferences.to_role,
    inferences.to_admin_id,
    inferences.to_team_id,
    inferred_places.place + ROW_NUMBER() OVER (
      PARTITION BY inferences.conversation_id
      ORDER BY inferences.at_epoch, inferences.event_id DESC NULLS LAST
    ) AS place,
    inferences.state_set
  FROM inferences
  INNER JOIN inferred_places
    ON inferences.conversation_id = inferred_places.conversation_id
    AND inferences.event_id = inferred_places.event_id
), with_states AS (
  SELECT
    all_events.*,
    ROW_NUMBER() OVER (PARTITION BY conversation_id ORDER BY place) - 1 AS seq,
    MAX(place * 4 + state_set) OVER (
      PARTITION BY conversation_id
      ORDER BY place
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) % 4 AS code_after,
    MAX(place * 4 + state_set) OVER (
      PARTITION BY conversation_id
      ORDER BY place
      rows BETWEEN UNBOUNDED preceding AND 1 preceding
    ) % 4 AS code_before
  FROM all_events
)
SELECT
  with_states.conversation_id,
  with_states.event_id,
  CAST(with_states.seq AS BIGINT) AS seq,
  (TIMESTAMP 'epoch' + with_states.at_epoch * INTERVAL '1 SECOND') AS happened_at,
  with_states.at_epoch,
  CASE
    WHEN NOT with_states.action_done IS NULL
    THEN with_states.action_done
    WHEN with_states.is_customer_message
    THEN 'customer_message'
    WHEN with_states.is_reply
    THEN 'reply'
    WHEN with_states.is_bot_reply
    THEN 'bot_reply'
    ELSE 'other'
  END AS kind,
  with_states.part_type,
  with_states.is_inferred = 1 AS is_inferred,
  with_states.author_role,
  with_states.author_id,
  with_states.is_customer_message,
  with_states.is_reply,
  with_states.is_bot_reply,
  with_states.is_assignment,
  with_states.author_role = 'bot'
  AND COALESCE(
    LOWER(with_states.author_name) = 'fin'
    OR LOWER(with_states.author_name) LIKE 'fin %',
    FALSE
  ) AS is_fin,
  with_states.to_role,
  with_states.to_admin_id,
  with_states.to_team_id,
  with_states.is_part = 0 OR NOT with_states.to_role IS NULL AS sets_teammate,
  with_states.is_part = 0
  OR COALESCE(with_states.to_role = 'team', FALSE)
  OR with_states.event_id = 'owner' AS sets_team,
  CASE with_states.code_before
    WHEN 0
    THEN 'open'
    WHEN 1
    THEN 'closed'
    WHEN 2
    THEN 'snoozed'
  END AS state_before,
  CASE with_states.code_after
    WHEN 0
    THEN 'open'
    WHEN 1
    THEN 'closed'
    WHEN 2
    THEN 'snoozed'
  END AS state_after
FROM with_states;

-- int_first_responses
WITH asked AS (
  SELECT
    conversation_id,
    MIN(CASE WHEN is_customer_message THEN seq END) AS asked_seq,
    MIN(CASE WHEN is_customer_message THEN at_epoch END) AS asked_at_epoch,
    MAX(CASE WHEN seq = 0 AND is_customer_message THEN 1 ELSE 0 END) AS is_opened_by_customer,
    MAX(CASE WHEN seq = 0 AND author_role = 'bot' THEN 1 ELSE 0 END) AS is_opened_by_bot,
    MIN(CASE WHEN NOT to_admin_id IS NULL THEN at_epoch END) AS assigned_at_epoch
  FROM int_events
  WHERE
    is_customer_message OR seq = 0 OR NOT to_admin_id IS NULL
  GROUP BY
    conversation_id
), answered AS (
  SELECT
    asked.conversation_id,
    MIN(CASE WHEN int_events.is_reply THEN int_events.seq END) AS reply_seq,
    MIN(CASE WHEN int_events.kind = 'close' THEN int_events.seq END) AS close_seq
  FROM asked
  INNER JOIN int_events
    ON asked.conversation_id = int_events.conversation_id
    AND asked.asked_seq < int_events.seq
  WHERE
    int_events.is_reply OR int_events.kind = 'close'
  GROUP BY
    asked.conversation_id
), replies AS (
  SELECT
    answered.conversation_id,
    answered.close_seq < answered.reply_seq AS is_closed_first,
    int_events.seq,
    int_events.at_epoch,
    int_events.author_id
  FROM answered
  INNER JOIN int_events
    ON answered.conversation_id = int_events.conversation_id
    AND answered.reply_seq = int_events.seq
), hand_overs AS (
  SELECT
    int_events.conversation_id,
    MAX(
      CASE WHEN int_events.is_bot_reply OR int_events.to_role = 'bot' THEN 1 ELSE 0 END
    ) AS has_bot,
    MIN(
      CASE
        WHEN int_events.to_role IN ('teammate', 'team', 'nobody')
        AND NOT int_events.is_inferred
        THEN int_events.at_epoch
      END
    ) AS handed_over_at_epoch
  FROM int_events
  INNER JOIN replies
    ON int_events.conversation_id = replies.conversation_id
    AND int_events.seq <= replies.seq
  WHERE
    int_events.is_bot_reply OR NOT int_events.to_role IS NULL
  GROUP BY
    int_events.conversation_id
), owners AS (
  SELECT
    conversation_id,
    team_id,
    first_seq,
    LEAD(first_seq) OVER (PARTITION BY conversation_id ORDER BY span) AS next_seq
  FROM int_assignment_spans
), teams AS (
  SELECT
    asked.conversation_id,
    owners.team_id
  FROM asked
  INNER JOIN owners
    ON asked.conversation_id = owners.conversation_id
    AND asked.asked_seq >= owners.first_seq
    AND (
      owners.next_seq IS NULL OR asked.asked_seq < owners.next_seq
    )
), found AS (
  SELECT
    asked.conversation_id,
    completeness.has_all_parts,
    CASE
      WHEN completeness.has_all_parts
      THEN teams.team_id
      ELSE conversations.team_assignee_id
    END AS team_id,
    CASE
      WHEN completeness.has_all_parts OR asked.is_opened_by_customer = 1
      THEN asked.asked_at_epoch
      ELSE COALESCE(
        conversations.statistics_first_contact_reply_at_epoch,
        conversations.first_contact_reply_at_epoch
      )
    END AS asked_at_epoch,
    CASE
      WHEN completeness.has_all_parts
      THEN replies.at_epoch
      ELSE conversations.statistics_first_admin_reply_at_epoch
    END AS first_reply_at_epoch,
    CASE WHEN completeness.has_all_parts THEN replies.seq END AS first_reply_seq,
    CASE WHEN completeness.has_all_parts THEN replies.author_id END AS first_reply_admin_id,
    CASE
      WHEN completeness.has_all_parts
      THEN NOT answered.close_seq IS NULL AND COALESCE(replies.is_closed_first, TRUE)
      WHEN NOT conversations.statistics_count_conversation_parts IS NULL
      THEN NOT conversations.statistics_first_close_at_epoch IS NULL
      AND COALESCE(
        conversations.statistics_first_close_at_epoch < conversations.statistics_first_admin_reply_at_epoch,
        TRUE
      )
    END AS was_closed_before_first_reply,
    CASE
      WHEN NOT completeness.has_all_parts
      THEN NULL
      WHEN hand_overs.has_bot = 1 OR asked.is_opened_by_bot = 1
      THEN hand_overs.handed_over_at_epoch
    END AS handed_over_at_epoch,
    CASE WHEN completeness.has_all_parts THEN asked.assigned_at_epoch END AS assigned_at_epoch
  FROM asked
  INNER JOIN stg_conversations AS conversations
    ON asked.conversation_id = conversations.conversation_id
  INNER JOIN qa_conversation_completeness AS completeness
    ON asked.conversation_id = completeness.conversation_id
  LEFT JOIN answered
    ON asked.conversation_id = answered.conversation_id
  LEFT JOIN replies
    ON asked.conversation_id = replies.conversation_id
  LEFT JOIN hand_overs
    ON asked.conversation_id = hand_overs.conversation_id
  LEFT JOIN teams
    ON asked.conversation_id = teams.conversation_id
  WHERE
    NOT asked.asked_seq IS NULL
    OR (
      NOT completeness.has_all_parts
      AND NOT COALESCE(
        conversations.statistics_first_contact_reply_at_epoch,
        conversations.first_contact_reply_at_epoch
      ) IS NULL
    )
), with_schedules AS (
  SELECT
    found.*,
    COALESCE(team_schedules.schedule_id, 'default') AS schedule_id,
    found.first_reply_at_epoch - found.asked_at_epoch AS seconds
  FROM found
  LEFT JOIN team_schedules
    ON found.team_id = team_schedules.team_id
)
SELECT
  with_schedules.conversation_id,
  with_schedules.asked_at_epoch,
  with_schedules.team_id AS asked_team_id,
  with_schedules.first_reply_at_epoch,
  with_schedules.first_reply_seq,
  with_schedules.first_reply_admin_id,
  with_schedules.was_closed_before_first_reply,
  CASE WHEN with_schedules.seconds < 0 THEN 0 ELSE with_schedules.seconds END AS response_seconds,
  CASE
    WHEN with_schedules.seconds < 0
    THEN 0
    ELSE reply_slots.open_seconds_before + reply_slots.is_open * (
      with_schedules.first_reply_at_epoch - 900 * reply_slots.slot_id
    ) - asked_slots.open_seconds_before - asked_slots.is_open * (
      with_schedules.asked_at_epoch - 900 * asked_slots.slot_id
    )
  END AS response_business_seconds,
  CASE
    WHEN NOT with_schedules.has_all_parts
    THEN NULL
    WHEN with_schedules.handed_over_at_epoch > with_schedules.asked_at_epoch
    THEN with_schedules.first_reply_at_epoch - with_schedules.handed_over_at_epoch
    ELSE with_schedules.seconds
  END AS response_after_bot_seconds,
  CASE
    WHEN with_schedules.assigned_at_epoch < with_schedules.asked_at_epoch
    THEN 0
    ELSE with_schedules.assigned_at_epoch - with_schedules.asked_at_epoch
  END AS assignment_seconds
FROM with_schedules
LEFT JOIN business_slots AS asked_slots
  ON with_schedules.schedule_id = asked_slots.schedule_id
  AND CAST(FLOOR(CAST(with_schedules.asked_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = asked_slots.slot_id
LEFT JOIN business_slots AS reply_slots
  ON with_schedules.schedule_id = reply_slots.schedule_id
  AND CAST(FLOOR(CAST(with_schedules.first_reply_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = reply_slots.slot_id;

-- int_schedule_clocks
SELECT
  business_slots.schedule_id,
  build_clock.now_epoch,
  business_slots.open_seconds_before + business_slots.is_open * (
    build_clock.now_epoch - 900 * business_slots.slot_id
  ) AS now_business_clock_seconds
FROM build_clock
INNER JOIN business_slots
  ON CAST(FLOOR(CAST(build_clock.now_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = business_slots.slot_id;

-- int_since_asked
WITH asked AS (
  SELECT
    responses.conversation_id,
    responses.asked_at_epoch,
    responses.first_reply_seq
  FROM int_first_responses AS responses
  INNER JOIN qa_conversation_completeness AS completeness
    ON responses.conversation_id = completeness.conversation_id
  WHERE
    completeness.has_all_parts
), events AS (
  SELECT
    asked.conversation_id,
    asked.asked_at_epoch,
    int_events.at_epoch,
    CASE
      WHEN int_events.kind = 'close' AND int_events.at_epoch >= asked.asked_at_epoch
      THEN int_events.at_epoch
    END AS closed_at_epoch,
    CASE
      WHEN int_events.to_admin_id IS NULL
      THEN NULL
      WHEN int_events.at_epoch < asked.asked_at_epoch
      THEN asked.asked_at_epoch
      ELSE int_events.at_epoch
    END AS assigned_at_epoch,
    CASE
      WHEN int_events.is_assignment AND int_events.seq > asked.first_reply_seq
      THEN 1
      ELSE 0
    END AS is_reassignment
  FROM asked
  INNER JOIN int_events
    ON asked.conversation_id = int_events.conversation_id
  WHERE
    int_events.kind = 'close'
    OR int_events.is_assignment
    OR NOT int_events.to_admin_id IS NULL
), closes AS (
  SELECT
    events.*,
    MIN(closed_at_epoch) OVER (PARTITION BY conversation_id) AS first_close_at_epoch,
    MAX(closed_at_epoch) OVER (PARTITION BY conversation_id) AS last_close_at_epoch
  FROM events
), totals AS (
  SELECT
    conversation_id,
    MAX(first_close_at_epoch) AS first_close_at_epoch,
    MAX(last_close_at_epoch) AS last_close_at_epoch,
    MIN(CASE WHEN assigned_at_epoch <= last_close_at_epoch THEN assigned_at_epoch END) AS first_assigned_at_epoch,
    MAX(CASE WHEN assigned_at_epoch <= last_close_at_epoch THEN assigned_at_epoch END) AS last_assigned_at_epoch,
    SUM(is_reassignment) AS count_reassignments
  FROM closes
  GROUP BY
    conversation_id
)
SELECT
  asked.conversation_id,
  totals.first_close_at_epoch,
  totals.last_close_at_epoch,
  totals.first_assigned_at_epoch,
  totals.last_assigned_at_epoch,
  CAST(COALESCE(totals.count_reassignments, 0) AS BIGINT) AS count_reassignments,
  closed_slots.open_seconds_before + closed_slots.is_open * (
    totals.last_close_at_epoch - 900 * closed_slots.slot_id
  ) - asked_slots.open_seconds_before - asked_slots.is_open * (
    asked.asked_at_epoch - 900 * asked_slots.slot_id
  ) AS business_seconds_to_last_close,
  asked_slots.open_seconds_before + asked_slots.is_open * (
    asked.asked_at_epoch - 900 * asked_slots.slot_id
  ) AS asked_business_clock_seconds
FROM asked
INNER JOIN int_conversation_clocks AS clocks
  ON asked.conversation_id = clocks.conversation_id
LEFT JOIN totals
  ON asked.conversation_id = totals.conversation_id
LEFT JOIN business_slots AS asked_slots
  ON clocks.schedule_id = asked_slots.schedule_id
  AND CAST(FLOOR(CAST(asked.asked_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = asked_slots.slot_id
LEFT JOIN business_slots AS closed_slots
  ON clocks.schedule_id = closed_slots.schedule_id
  AND CAST(FLOOR(CAST(totals.last_close_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = closed_slots.slot_id;

-- int_staff
WITH sightings AS (
  SELECT
    author_id AS staff_id,
    CASE WHEN author_type = 'bot' THEN 1 ELSE 0 END AS is_seen_as_bot,
    author_name AS name,
    MAX(created_at_epoch) AS seen_at_epoch
  FROM stg_conversation_parts
  WHERE
    author_type IN ('admin', 'bot') AND NOT author_id IS NULL
  GROUP BY
    author_id,
    CASE WHEN author_type = 'bot' THEN 1 ELSE 0 END,
    author_name
  UNION ALL
  SELECT
    source_author_id AS staff_id,
    CASE WHEN source_author_type = 'bot' THEN 1 ELSE 0 END AS is_seen_as_bot,
    source_author_name AS name,
    MAX(created_at_epoch) AS seen_at_epoch
  FROM stg_conversations
  WHERE
    source_author_type IN ('admin', 'bot') AND NOT source_author_id IS NULL
  GROUP BY
    source_author_id,
    CASE WHEN source_author_type = 'bot' THEN 1 ELSE 0 END,
    source_author_name
  UNION ALL
  SELECT
    assigned_to_id AS staff_id,
    CASE WHEN assigned_to_type = 'bot' THEN 1 ELSE 0 END AS is_seen_as_bot,
    CAST(NULL AS VARCHAR(MAX)) AS name,
    MAX(created_at_epoch) AS seen_at_epoch
  FROM stg_conversation_parts
  WHERE
    assigned_to_type IN ('admin', 'bot') AND NOT assigned_to_id IS NULL
  GROUP BY
    assigned_to_id,
    CASE WHEN assigned_to_type = 'bot' THEN 1 ELSE 0 END
  UNION ALL
  SELECT
    author_id AS staff_id,
    CASE WHEN author_type = 'bot' THEN 1 ELSE 0 END AS is_seen_as_bot,
    author_name AS name,
    MAX(created_at_epoch) AS seen_at_epoch
  FROM stg_ticket_parts
  WHERE
    author_type IN ('admin', 'bot') AND NOT author_id IS NULL
  GROUP BY
    author_id,
    CASE WHEN author_type = 'bot' THEN 1 ELSE 0 END,
    author_name
  UNION ALL
  SELECT
    admin_assignee_id AS staff_id,
    0 AS is_seen_as_bot,
    CAST(NULL AS VARCHAR(MAX)) AS name,
    MAX(created_at_epoch) AS seen_at_epoch
  FROM stg_conversations
  WHERE
    NOT admin_assignee_id IS NULL
  GROUP BY
    admin_assignee_id
  UNION ALL
  SELECT
    rating_admin_id AS staff_id,
    0 AS is_seen_as_bot,
    CAST(NULL AS VARCHAR(MAX)) AS name,
    MAX(rated_at_epoch) AS seen_at_epoch
  FROM stg_conversations
  WHERE
    NOT rating_admin_id IS NULL
  GROUP BY
    rating_admin_id
  UNION ALL
  SELECT
    statistics_last_closed_by_id AS staff_id,
    0 AS is_seen_as_bot,
    CAST(NULL AS VARCHAR(MAX)) AS name,
    MAX(created_at_epoch) AS seen_at_epoch
  FROM stg_conversations
  WHERE
    NOT statistics_last_closed_by_id IS NULL
  GROUP BY
    statistics_last_closed_by_id
  UNION ALL
  SELECT
    admin_assignee_id AS staff_id,
    0 AS is_seen_as_bot,
    CAST(NULL AS VARCHAR(MAX)) AS name,
    MAX(created_at_epoch) AS seen_at_epoch
  FROM stg_tickets
  WHERE
    NOT admin_assignee_id IS NULL
  GROUP BY
    admin_assignee_id
  UNION ALL
  SELECT
    admin_id AS staff_id,
    0 AS is_seen_as_bot,
    name,
    0 AS seen_at_epoch
  FROM stg_admins
), with_places AS (
  SELECT
    sightings.*,
    ROW_NUMBER() OVER (
      PARTITION BY staff_id
      ORDER BY CASE WHEN name IS NULL THEN 0 ELSE 1 END DESC NULLS LAST, seen_at_epoch DESC NULLS LAST, name DESC NULLS LAST
    ) AS place
  FROM sightings
), seen AS (
  SELECT
    staff_id,
    MAX(is_seen_as_bot) AS is_seen_as_bot,
    MAX(CASE WHEN place = 1 THEN name END) AS last_name
  FROM with_places
  GROUP BY
    staff_id
)
SELECT
  seen.staff_id,
  COALESCE(stg_admins.name, seen.last_name) AS name,
  seen.is_seen_as_bot = 1 AS is_bot,
  seen.is_seen_as_bot = 0 AND stg_admins.admin_id IS NULL AS is_departed
FROM seen
LEFT JOIN stg_admins
  ON seen.staff_id = stg_admins.admin_id;

-- int_state_spans
WITH changes AS (
  SELECT
    int_events.conversation_id,
    int_events.seq,
    int_events.state_after AS state,
    int_events.state_before AS previous_state,
    int_events.author_role AS begun_by_role,
    int_events.author_id AS begun_by_id,
    int_events.at_epoch AS from_epoch,
    business_slots.open_seconds_before + business_slots.is_open * (
      int_events.at_epoch - 900 * business_slots.slot_id
    ) AS from_business_clock_seconds,
    int_conversation_clocks.now_epoch,
    int_conversation_clocks.now_business_clock_seconds
  FROM int_events
  INNER JOIN int_conversation_clocks
    ON int_events.conversation_id = int_conversation_clocks.conversation_id
  LEFT JOIN business_slots
    ON int_conversation_clocks.schedule_id = business_slots.schedule_id
    AND CAST(FLOOR(CAST(int_events.at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = business_slots.slot_id
  WHERE
    int_events.state_before IS NULL
    OR int_events.state_before <> int_events.state_after
), spans AS (
  SELECT
    changes.*,
    ROW_NUMBER() OVER (PARTITION BY conversation_id ORDER BY seq) AS span,
    LEAD(from_epoch) OVER (PARTITION BY conversation_id ORDER BY seq) AS to_epoch,
    LEAD(from_business_clock_seconds) OVER (PARTITION BY conversation_id ORDER BY seq) AS to_business_clock_seconds,
    LEAD(begun_by_role) OVER (PARTITION BY conversation_id ORDER BY seq) AS ended_by_role
  FROM changes
), ends AS (
  SELECT
    spans.*,
    CASE WHEN to_epoch <= now_epoch THEN to_epoch ELSE now_epoch END AS end_epoch,
    CASE
      WHEN to_epoch <= now_epoch
      THEN to_business_clock_seconds
      ELSE now_business_clock_seconds
    END AS end_business_clock_seconds
  FROM spans
)
SELECT
  conversation_id,
  CAST(span AS BIGINT) AS span,
  seq AS first_seq,
  state,
  previous_state,
  begun_by_role,
  begun_by_id,
  (TIMESTAMP 'epoch' + from_epoch * INTERVAL '1 SECOND') AS from_at,
  from_epoch,
  (TIMESTAMP 'epoch' + to_epoch * INTERVAL '1 SECOND') AS to_at,
  to_epoch,
  CASE
    WHEN state = 'closed' AND to_epoch IS NULL
    THEN NULL
    WHEN end_epoch < from_epoch
    THEN 0
    ELSE end_epoch - from_epoch
  END AS seconds,
  CASE
    WHEN state = 'closed' AND to_epoch IS NULL
    THEN NULL
    WHEN end_epoch < from_epoch
    THEN 0
    ELSE end_business_clock_seconds - from_business_clock_seconds
  END AS business_seconds,
  ended_by_role
FROM ends;

-- int_status_spans
WITH changes AS (
  SELECT
    conversation_id,
    first_seq,
    from_epoch
  FROM int_state_spans
  UNION
  SELECT
    conversation_id,
    first_seq,
    from_epoch
  FROM int_assignment_spans
), states AS (
  SELECT
    conversation_id,
    state,
    previous_state,
    first_seq,
    LEAD(first_seq) OVER (PARTITION BY conversation_id ORDER BY first_seq) AS next_seq
  FROM int_state_spans
), owners AS (
  SELECT
    conversation_id,
    admin_id,
    team_id,
    first_seq,
    LEAD(first_seq) OVER (PARTITION BY conversation_id ORDER BY first_seq) AS next_seq
  FROM int_assignment_spans
), spans AS (
  SELECT
    changes.conversation_id,
    changes.first_seq,
    changes.from_epoch,
    states.state,
    CASE
      WHEN changes.first_seq = states.first_seq
      THEN states.previous_state
      ELSE states.state
    END AS previous_state,
    owners.admin_id,
    owners.team_id
  FROM changes
  INNER JOIN states
    ON changes.conversation_id = states.conversation_id
    AND changes.first_seq >= states.first_seq
    AND (
      states.next_seq IS NULL OR changes.first_seq < states.next_seq
    )
  INNER JOIN owners
    ON changes.conversation_id = owners.conversation_id
    AND changes.first_seq >= owners.first_seq
    AND (
      owners.next_seq IS NULL OR changes.first_seq < owners.next_seq
    )
)
SELECT
  conversation_id,
  first_seq,
  state,
  previous_state,
  admin_id,
  team_id,
  from_epoch,
  LEAD(from_epoch) OVER (PARTITION BY conversation_id ORDER BY first_seq) AS to_epoch
FROM spans;

-- int_ticket_state_spans
WITH changes AS (
  SELECT
    stg_ticket_parts.ticket_id,
    stg_ticket_parts.part_id,
    stg_ticket_parts.previous_ticket_state,
    stg_ticket_parts.ticket_state,
    stg_ticket_parts.author_type,
    CASE
      WHEN stg_ticket_parts.created_at_epoch < stg_tickets.created_at_epoch
      THEN stg_tickets.created_at_epoch
      ELSE stg_ticket_parts.created_at_epoch
    END AS at_epoch
  FROM stg_ticket_parts
  INNER JOIN stg_tickets
    ON stg_ticket_parts.ticket_id = stg_tickets.ticket_id
  WHERE
    NOT stg_ticket_parts.ticket_state IS NULL
    AND COALESCE(stg_ticket_parts.previous_ticket_state, '') <> stg_ticket_parts.ticket_state
), numbered AS (
  SELECT
    changes.*,
    ROW_NUMBER() OVER (PARTITION BY ticket_id ORDER BY at_epoch, LENGTH(part_id), part_id) AS change
  FROM changes
), beginnings AS (
  SELECT
    stg_tickets.ticket_id,
    0 AS change,
    COALESCE(
      numbered.previous_ticket_state,
      CASE WHEN numbered.ticket_id IS NULL THEN stg_tickets.ticket_state END,
      'submitted'
    ) AS state,
    stg_tickets.created_at_epoch AS from_epoch,
    CAST(NULL AS VARCHAR(MAX)) AS begun_by_type
  FROM stg_tickets
  LEFT JOIN numbered
    ON stg_tickets.ticket_id = numbered.ticket_id AND numbered.change = 1
  UNION ALL
  SELECT
    ticket_id,
    change,
    ticket_state AS state,
    at_epoch AS from_epoch,
    author_type AS begun_by_type
  FROM numbered
), with_ends AS (
  SELECT
    beginnings.*,
    LEAD(from_epoch) OVER (PARTITION BY ticket_id ORDER BY change) AS to_epoch,
    LEAD(begun_by_type) OVER (PARTITION BY ticket_id ORDER BY change) AS ended_by_type
  FROM beginnings
), measured AS (
  SELECT
    with_ends.*,
    COALESCE(team_schedules.schedule_id, 'default') AS schedule_id,
    CASE
      WHEN NOT with_ends.to_epoch IS NULL
      THEN with_ends.to_epoch
      WHEN build_clock.now_epoch < with_ends.from_epoch
      THEN with_ends.from_epoch
      ELSE build_clock.now_epoch
    END AS end_epoch
  FROM with_ends
  CROSS JOIN build_clock
  INNER JOIN stg_tickets
    ON with_ends.ticket_id = stg_tickets.ticket_id
  LEFT JOIN team_schedules
    ON stg_tickets.team_assignee_id = team_schedules.team_id
)
SELECT
  measured.ticket_id,
  CAST(measured.change + 1 AS BIGINT) AS span,
  measured.state,
  (TIMESTAMP 'epoch' + measured.from_epoch * INTERVAL '1 SECOND') AS from_at,
  measured.from_epoch,
  (TIMESTAMP 'epoch' + measured.to_epoch * INTERVAL '1 SECOND') AS to_at,
  measured.to_epoch,
  measured.end_epoch - measured.from_epoch AS seconds,
  end_slots.open_seconds_before + end_slots.is_open * (
    measured.end_epoch - 900 * end_slots.slot_id
  ) - from_slots.open_seconds_before - from_slots.is_open * (
    measured.from_epoch - 900 * from_slots.slot_id
  ) AS business_seconds,
  measured.ended_by_type
FROM measured
LEFT JOIN business_slots AS from_slots
  ON measured.schedule_id = from_slots.schedule_id
  AND CAST(FLOOR(CAST(measured.from_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = from_slots.slot_id
LEFT JOIN business_slots AS end_slots
  ON measured.schedule_id = end_slots.schedule_id
  AND CAST(FLOOR(CAST(measured.end_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = end_slots.slot_id;

-- int_turns
WITH messages AS (
  SELECT
    int_events.conversation_id,
    int_events.seq,
    int_events.at_epoch,
    int_events.author_id,
    int_events.is_customer_message,
    int_events.is_reply,
    int_events.is_reply OR int_events.kind = 'close' AS is_end,
    COALESCE(
      SUM(CASE WHEN int_events.is_reply OR int_events.kind = 'close' THEN 1 ELSE 0 END) OVER (
        PARTITION BY int_events.conversation_id
        ORDER BY int_events.seq
        rows BETWEEN UNBOUNDED preceding AND 1 preceding
      ),
      0
    ) AS count_earlier_ends
  FROM int_events
  INNER JOIN qa_conversation_completeness
    ON int_events.conversation_id = qa_conversation_completeness.conversation_id
  WHERE
    qa_conversation_completeness.has_all_parts
    AND (
      int_events.is_customer_message OR int_events.is_reply OR int_events.kind = 'close'
    )
), exchanges AS (
  SELECT
    conversation_id,
    count_earlier_ends,
    MIN(CASE WHEN is_customer_message THEN seq END) AS asked_seq,
    MIN(CASE WHEN is_customer_message THEN at_epoch END) AS asked_at_epoch,
    MAX(CASE WHEN is_end THEN at_epoch END) AS ended_at_epoch,
    MAX(CASE WHEN is_reply THEN at_epoch END) AS answered_at_epoch,
    MAX(CASE WHEN is_reply THEN author_id END) AS answered_by_admin_id,
    SUM(CASE WHEN is_customer_message THEN 1 ELSE 0 END) AS count_customer_messages
  FROM messages
  GROUP BY
    conversation_id,
    count_earlier_ends
), turns AS (
  SELECT
    exchanges.*,
    ROW_NUMBER() OVER (PARTITION BY conversation_id ORDER BY count_earlier_ends) AS turn
  FROM exchanges
  WHERE
    NOT asked_at_epoch IS NULL
), owners AS (
  SELECT
    conversation_id,
    team_id,
    first_seq,
    LEAD(first_seq) OVER (PARTITION BY conversation_id ORDER BY span) AS next_seq
  FROM int_assignment_spans
), with_teams AS (
  SELECT
    turns.*,
    owners.team_id,
    int_schedule_clocks.schedule_id,
    int_schedule_clocks.now_epoch,
    int_schedule_clocks.now_business_clock_seconds
  FROM turns
  INNER JOIN owners
    ON turns.conversation_id = owners.conversation_id
    AND turns.asked_seq >= owners.first_seq
    AND (
      owners.next_seq IS NULL OR turns.asked_seq < owners.next_seq
    )
  LEFT JOIN team_schedules
    ON owners.team_id = team_schedules.team_id
  INNER JOIN int_schedule_clocks
    ON COALESCE(team_schedules.schedule_id, 'default') = int_schedule_clocks.schedule_id
), measured AS (
  SELECT
    with_teams.*,
    CASE
      WHEN NOT with_teams.ended_at_epoch IS NULL
      THEN with_teams.ended_at_epoch
      WHEN with_teams.now_epoch < with_teams.asked_at_epoch
      THEN with_teams.asked_at_epoch
      ELSE with_teams.now_epoch
    END - with_teams.asked_at_epoch AS waited_seconds,
    CASE
      WHEN NOT with_teams.ended_at_epoch IS NULL
      THEN ended_slots.open_seconds_before + ended_slots.is_open * (
        with_teams.ended_at_epoch - 900 * ended_slots.slot_id
      ) - asked_slots.open_seconds_before - asked_slots.is_open * (
        with_teams.asked_at_epoch - 900 * asked_slots.slot_id
      )
      WHEN with_teams.now_epoch < with_teams.asked_at_epoch
      THEN 0
      ELSE with_teams.now_business_clock_seconds - asked_slots.open_seconds_before - asked_slots.is_open * (
        with_teams.asked_at_epoch - 900 * asked_slots.slot_id
      )
    END AS waited_business_seconds
  FROM with_teams
  LEFT JOIN business_slots AS asked_slots
    ON with_teams.schedule_id = asked_slots.schedule_id
    AND CAST(FLOOR(CAST(with_teams.asked_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = asked_slots.slot_id
  LEFT JOIN business_slots AS ended_slots
    ON with_teams.schedule_id = ended_slots.schedule_id
    AND CAST(FLOOR(CAST(with_teams.ended_at_epoch AS DOUBLE PRECISION) / 900) AS BIGINT) = ended_slots.slot_id
)
SELECT
  conversation_id,
  CAST(turn AS BIGINT) AS turn,
  asked_seq,
  (TIMESTAMP 'epoch' + asked_at_epoch * INTERVAL '1 SECOND') AS asked_at,
  asked_at_epoch,
  team_id AS asked_team_id,
  (TIMESTAMP 'epoch' + answered_at_epoch * INTERVAL '1 SECOND') AS answered_at,
  answered_at_epoch,
  answered_by_admin_id,
  (TIMESTAMP 'epoch' + ended_at_epoch * INTERVAL '1 SECOND') AS ended_at,
  ended_at_epoch,
  CASE WHEN NOT answered_at_epoch IS NULL THEN waited_seconds END AS response_seconds,
  CASE WHEN NOT answered_at_epoch IS NULL THEN waited_business_seconds END AS response_business_seconds,
  waited_seconds,
  waited_business_seconds,
  turn = 1 AS is_first,
  CAST(count_customer_messages AS BIGINT) AS count_customer_messages,
  CASE
    WHEN NOT answered_at_epoch IS NULL
    THEN 'answered'
    WHEN NOT ended_at_epoch IS NULL
    THEN 'closed_unanswered'
    ELSE 'waiting'
  END AS outcome
FROM measured;

-- local_slots
SELECT
  calendar_days.first_slot + slot_numbers.n AS slot_id,
  calendar_days.day,
  calendar_days.week_start,
  calendar_days.month_start,
  calendar_days.weekday,
  CAST(FLOOR(
    CAST((
      calendar_days.first_local_slot + slot_numbers.n + CASE
        WHEN slot_numbers.n >= calendar_days.shift_at_slot
        THEN calendar_days.shift_slots
        ELSE 0
      END
    ) AS DOUBLE PRECISION) / 4
  ) AS BIGINT) AS hour
FROM calendar_days
INNER JOIN slot_numbers
  ON slot_numbers.n < calendar_days.count_slots;

-- qa_conversation_completeness
WITH loaded AS (
  SELECT
    conversation_id,
    COUNT(*) AS count_loaded
  FROM stg_conversation_parts
  GROUP BY
    conversation_id
), counted AS (
  SELECT
    stg_conversations.conversation_id,
    stg_conversations.conversation_parts_total_count AS count_listed,
    stg_conversations.statistics_count_conversation_parts - 1 AS count_in_statistics,
    COALESCE(loaded.count_loaded, 0) AS count_loaded
  FROM stg_conversations
  LEFT JOIN loaded
    ON stg_conversations.conversation_id = loaded.conversation_id
), expected AS (
  SELECT
    counted.*,
    CASE
      WHEN count_in_statistics IS NULL
      THEN count_listed
      WHEN count_listed IS NULL OR count_in_statistics > count_listed
      THEN count_in_statistics
      ELSE count_listed
    END AS count_expected
  FROM counted
)
SELECT
  conversation_id,
  count_listed,
  count_in_statistics,
  count_expected,
  count_loaded,
  CASE
    WHEN count_expected > count_loaded
    THEN count_expected - count_loaded
    ELSE 0
  END AS count_missing,
  NOT COALESCE(count_expected > count_loaded, FALSE) AS has_all_parts,
  COALESCE(count_expected > 500 AND count_expected > count_loaded, FALSE) AS is_truncated_at_500
FROM expected;

-- qa_reconciliation
WITH figures AS (
  SELECT
    statistics.*
  FROM int_conversation_statistics AS statistics
  INNER JOIN qa_conversation_completeness AS completeness
    ON statistics.conversation_id = completeness.conversation_id
  WHERE
    completeness.count_missing = 0
), pairs AS (
  SELECT
    theirs.conversation_id,
    completeness.count_missing = 0 AS has_all_parts,
    completeness.count_missing = 0
    AND NOT COALESCE(ours.has_close_without_part, FALSE) AS has_all_closes,
    completeness.count_loaded + 1 AS count_parts,
    CASE WHEN completeness.count_missing = 0 THEN COALESCE(ours.count_reopens, 0) END AS count_reopens,
    CASE
      WHEN completeness.count_missing = 0
      THEN COALESCE(ours.count_assignments, 0)
    END AS count_assignments,
    ours.first_contact_reply_at_epoch,
    ours.last_contact_reply_at_epoch,
    ours.first_admin_reply_at_epoch,
    ours.last_admin_reply_at_epoch,
    ours.first_assignment_at_epoch,
    ours.last_assignment_at_epoch,
    ours.last_assignment_admin_reply_at_epoch,
    ours.first_close_at_epoch,
    ours.last_close_at_epoch,
    ours.last_closed_by_admin_id,
    ours.time_to_assignment_seconds,
    ours.time_to_admin_reply_seconds,
    ours.time_to_first_close_seconds,
    ours.time_to_last_close_seconds,
    ours.median_time_to_reply_seconds,
    ours.time_to_assignment_office_seconds,
    ours.time_to_admin_reply_office_seconds,
    ours.time_to_first_close_office_seconds,
    ours.time_to_last_close_office_seconds,
    ours.median_time_to_reply_office_seconds,
    theirs.statistics_count_conversation_parts,
    theirs.statistics_count_reopens,
    theirs.statistics_count_assignments,
    theirs.statistics_first_contact_reply_at_epoch,
    theirs.statistics_last_contact_reply_at_epoch,
    theirs.statistics_first_admin_reply_at_epoch,
    theirs.statistics_last_admin_reply_at_epoch,
    theirs.statistics_first_assignment_at_epoch,
    theirs.statistics_last_assignment_at_epoch,
    theirs.statistics_last_assignment_admin_reply_at_epoch,
    theirs.statistics_first_close_at_epoch,
    theirs.statistics_last_close_at_epoch,
    theirs.statistics_last_closed_by_id,
    theirs.statistics_time_to_assignment_seconds,
    theirs.statistics_time_to_admin_reply_seconds,
    theirs.statistics_time_to_first_close_seconds,
    theirs.statistics_time_to_last_close_seconds,
    theirs.statistics_median_time_to_reply_seconds
  FROM stg_conversations AS theirs
  INNER JOIN qa_conversation_completeness AS completeness
    ON theirs.conversation_id = completeness.conversation_id
  LEFT JOIN figures AS ours
    ON theirs.conversation_id = ours.conversation_id
  WHERE
    NOT theirs.statistics_count_conversation_parts IS NULL
), metrics AS (
  SELECT
    conversation_id,
    'count_conversation_parts' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    count_parts AS our_value,
    statistics_count_conversation_parts AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'count_reopens' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    count_reopens AS our_value,
    statistics_count_reopens AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'count_assignments' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    count_assignments AS our_value,
    statistics_count_assignments AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'first_contact_reply_at' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    first_contact_reply_at_epoch AS our_value,
    statistics_first_contact_reply_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'last_contact_reply_at' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    last_contact_reply_at_epoch AS our_value,
    statistics_last_contact_reply_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'first_admin_reply_at' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    first_admin_reply_at_epoch AS our_value,
    statistics_first_admin_reply_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'last_admin_reply_at' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    last_admin_reply_at_epoch AS our_value,
    statistics_last_admin_reply_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'first_assignment_at' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    first_assignment_at_epoch AS our_value,
    statistics_first_assignment_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'last_assignment_at' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    last_assignment_at_epoch AS our_value,
    statistics_last_assignment_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'last_assignment_admin_reply_at' AS metric,
    'none' AS hours,
    has_all_parts AS is_comparable,
    last_assignment_admin_reply_at_epoch AS our_value,
    statistics_last_assignment_admin_reply_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'first_close_at' AS metric,
    'none' AS hours,
    has_all_closes AS is_comparable,
    first_close_at_epoch AS our_value,
    statistics_first_close_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'last_close_at' AS metric,
    'none' AS hours,
    has_all_closes AS is_comparable,
    last_close_at_epoch AS our_value,
    statistics_last_close_at_epoch AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_assignment' AS metric,
    'all' AS hours,
    has_all_parts AS is_comparable,
    time_to_assignment_seconds AS our_value,
    statistics_time_to_assignment_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_assignment' AS metric,
    'office' AS hours,
    has_all_parts AS is_comparable,
    time_to_assignment_office_seconds AS our_value,
    statistics_time_to_assignment_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_admin_reply' AS metric,
    'all' AS hours,
    has_all_parts AS is_comparable,
    time_to_admin_reply_seconds AS our_value,
    statistics_time_to_admin_reply_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_admin_reply' AS metric,
    'office' AS hours,
    has_all_parts AS is_comparable,
    time_to_admin_reply_office_seconds AS our_value,
    statistics_time_to_admin_reply_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_first_close' AS metric,
    'all' AS hours,
    has_all_closes AS is_comparable,
    time_to_first_close_seconds AS our_value,
    statistics_time_to_first_close_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_first_close' AS metric,
    'office' AS hours,
    has_all_closes AS is_comparable,
    time_to_first_close_office_seconds AS our_value,
    statistics_time_to_first_close_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_last_close' AS metric,
    'all' AS hours,
    has_all_closes AS is_comparable,
    time_to_last_close_seconds AS our_value,
    statistics_time_to_last_close_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'time_to_last_close' AS metric,
    'office' AS hours,
    has_all_closes AS is_comparable,
    time_to_last_close_office_seconds AS our_value,
    statistics_time_to_last_close_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'median_time_to_reply' AS metric,
    'all' AS hours,
    has_all_closes AS is_comparable,
    median_time_to_reply_seconds AS our_value,
    statistics_median_time_to_reply_seconds AS their_value
  FROM pairs
  UNION ALL
  SELECT
    conversation_id,
    'median_time_to_reply' AS metric,
    'office' AS hours,
    has_all_closes AS is_comparable,
    median_time_to_reply_office_seconds AS our_value,
    statistics_median_time_to_reply_seconds AS their_value
  FROM pairs
)
SELECT
  conversation_id,
  metric,
  hours,
  is_comparable,
  is_comparable AND hours = 'none' AS is_exact,
  CAST(our_value AS BIGINT) AS our_value,
  CAST(their_value AS BIGINT) AS their_value,
  CAST(our_value - their_value AS BIGINT) AS difference,
  CAST(NULL AS VARCHAR(MAX)) AS our_admin_id,
  CAST(NULL AS VARCHAR(MAX)) AS their_admin_id,
  COALESCE(our_value, -1) = COALESCE(their_value, -1) AS is_equal
FROM metrics
WHERE
  NOT our_value IS NULL OR NOT their_value IS NULL
UNION ALL
SELECT
  conversation_id,
  'last_closed_by_id' AS metric,
  'none' AS hours,
  has_all_closes AS is_comparable,
  has_all_closes AS is_exact,
  CAST(NULL AS BIGINT) AS our_value,
  CAST(NULL AS BIGINT) AS their_value,
  CAST(NULL AS BIGINT) AS difference,
  last_closed_by_admin_id AS our_admin_id,
  statistics_last_closed_by_id AS their_admin_id,
  COALESCE(last_closed_by_admin_id, '') = COALESCE(statistics_last_closed_by_id, '') AS is_equal
FROM pairs
WHERE
  NOT last_closed_by_admin_id IS NULL OR NOT statistics_last_closed_by_id IS NULL;

-- stg_activity_logs
SELECT
  activity_logs.id AS activity_log_id,
  NULLIF(activity_logs.activity_type, '') AS activity_type,
  NULLIF(activity_logs.activity_description, '') AS description,
  NULLIF(activity_logs.performed_by__type, '') AS performed_by_type,
  NULLIF(activity_logs.performed_by__id, '') AS performed_by_admin_id,
  NULLIF(activity_logs.performed_by__email, '') AS performed_by_email,
  NULLIF(activity_logs.performed_by__ip, '') AS performed_by_ip,
  activity_logs.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + activity_logs.created_at * INTERVAL '1 SECOND') AS created_at,
  activity_logs.metadata
FROM "raw".activity_logs;

-- stg_admins
SELECT
  admins.id AS admin_id,
  NULLIF(admins.name, '') AS name,
  NULLIF(admins.email, '') AS email,
  NULLIF(admins.job_title, '') AS job_title,
  admins.has_inbox_seat,
  admins.away_mode_enabled AS is_away,
  admins.away_mode_reassign AS is_reassigning_while_away
FROM "raw".admins;

-- stg_articles
SELECT
  articles.id AS article_id,
  NULLIF(articles.title, '') AS title,
  NULLIF(articles.description, '') AS description,
  NULLIF(articles.body, '') AS body,
  NULLIF(articles.state, '') AS state,
  NULLIF(articles.url, '') AS url,
  NULLIF(articles.author_id, '') AS author_admin_id,
  NULLIF(NULLIF(articles.parent_id, ''), '0') AS collection_id,
  NULLIF(articles.parent_type, '') AS parent_type,
  NULLIF(articles.default_locale, '') AS default_locale,
  NULLIF(articles.workspace_id, '') AS workspace_id,
  NULLIF(articles.statistics__type, '') AS statistics_type,
  articles.statistics__views AS count_views,
  COALESCE(articles.statistics__conversations, articles.statistics__conversions) AS count_conversations,
  articles.statistics__reactions AS count_reactions,
  articles.statistics__happy_reaction_percentage AS happy_reaction_percentage,
  articles.statistics__neutral_reaction_percentage AS neutral_reaction_percentage,
  articles.statistics__sad_reaction_percentage AS sad_reaction_percentage,
  articles.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + articles.created_at * INTERVAL '1 SECOND') AS created_at,
  articles.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + articles.updated_at * INTERVAL '1 SECOND') AS updated_at,
  articles.translated_content
FROM "raw".articles
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'articles' AND articles.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_collections
SELECT
  collections.id AS collection_id,
  NULLIF(NULLIF(collections.parent_id, ''), '0') AS parent_collection_id,
  NULLIF(NULLIF(collections.help_center_id, ''), '0') AS help_center_id,
  NULLIF(collections.name, '') AS name,
  NULLIF(collections.description, '') AS description,
  NULLIF(collections.url, '') AS url,
  NULLIF(collections.icon, '') AS icon,
  NULLIF(collections."type", '') AS "type",
  NULLIF(collections.default_locale, '') AS default_locale,
  NULLIF(collections.workspace_id, '') AS workspace_id,
  collections."order" AS place,
  collections.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + collections.created_at * INTERVAL '1 SECOND') AS created_at,
  collections.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + collections.updated_at * INTERVAL '1 SECOND') AS updated_at
FROM "raw".collections;

-- stg_companies
SELECT
  companies.id AS company_id,
  NULLIF(companies.company_id, '') AS external_company_id,
  NULLIF(companies.name, '') AS name,
  NULLIF(companies.plan__name, '') AS plan_name,
  companies.size AS count_employees,
  NULLIF(companies.website, '') AS website,
  NULLIF(companies.industry, '') AS industry,
  companies.monthly_spend,
  companies.session_count AS count_sessions,
  companies.user_count AS count_users,
  companies.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + companies.created_at * INTERVAL '1 SECOND') AS created_at,
  companies.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + companies.updated_at * INTERVAL '1 SECOND') AS updated_at,
  companies.last_request_at AS last_request_at_epoch,
  (TIMESTAMP 'epoch' + companies.last_request_at * INTERVAL '1 SECOND') AS last_request_at,
  companies.remote_created_at AS remote_created_at_epoch,
  CASE
    WHEN companies.remote_created_at BETWEEN 0 AND 4102444800
    THEN (TIMESTAMP 'epoch' + companies.remote_created_at * INTERVAL '1 SECOND')
  END AS remote_created_at,
  companies.custom_attributes
FROM "raw".companies
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'companies' AND companies.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_company_tags
SELECT
  company_tags.company_id,
  company_tags.tag_id,
  NULLIF(company_tags.name, '') AS tag_name
FROM "raw".company_tags
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'companies'
  AND company_tags.company_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_contact_companies
SELECT
  contact_companies.contact_id,
  contact_companies.company_id
FROM "raw".contact_companies
LEFT JOIN "raw".deleted_records AS deleted_contacts
  ON deleted_contacts.entity = 'contacts'
  AND contact_companies.contact_id = deleted_contacts.id
LEFT JOIN "raw".deleted_records AS deleted_companies
  ON deleted_companies.entity = 'companies'
  AND contact_companies.company_id = deleted_companies.id
WHERE
  deleted_contacts.id IS NULL AND deleted_companies.id IS NULL;

-- stg_contact_tags
SELECT
  contact_tags.contact_id,
  contact_tags.tag_id,
  NULLIF(contact_tags.name, '') AS tag_name,
  contact_tags.applied_at AS applied_at_epoch,
  (TIMESTAMP 'epoch' + contact_tags.applied_at * INTERVAL '1 SECOND') AS applied_at,
  NULLIF(contact_tags.applied_by__type, '') AS applied_by_type,
  NULLIF(contact_tags.applied_by__id, '') AS applied_by_id
FROM "raw".contact_tags
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'contacts'
  AND contact_tags.contact_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_contacts
SELECT
  contacts.id AS contact_id,
  NULLIF(contacts.external_id, '') AS external_id,
  NULLIF(contacts.role, '') AS role,
  NULLIF(contacts.name, '') AS name,
  NULLIF(contacts.email, '') AS email,
  NULLIF(contacts.email_domain, '') AS email_domain,
  NULLIF(contacts.phone, '') AS phone,
  NULLIF(contacts.owner_id, '') AS owner_admin_id,
  contacts.has_hard_bounced,
  contacts.marked_email_as_spam AS has_marked_email_as_spam,
  contacts.unsubscribed_from_emails AS is_unsubscribed_from_emails,
  NULLIF(contacts.location__country, '') AS country,
  NULLIF(contacts.location__city, '') AS city,
  NULLIF(contacts.browser_language, '') AS browser_language,
  NULLIF(contacts.language_override, '') AS language_override,
  contacts.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + contacts.created_at * INTERVAL '1 SECOND') AS created_at,
  contacts.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + contacts.updated_at * INTERVAL '1 SECOND') AS updated_at,
  contacts.signed_up_at AS signed_up_at_epoch,
  CASE
    WHEN contacts.signed_up_at BETWEEN 0 AND 4102444800
    THEN (TIMESTAMP 'epoch' + contacts.signed_up_at * INTERVAL '1 SECOND')
  END AS signed_up_at,
  contacts.last_seen_at AS last_seen_at_epoch,
  (TIMESTAMP 'epoch' + contacts.last_seen_at * INTERVAL '1 SECOND') AS last_seen_at,
  contacts.last_replied_at AS last_replied_at_epoch,
  (TIMESTAMP 'epoch' + contacts.last_replied_at * INTERVAL '1 SECOND') AS last_replied_at,
  contacts.last_contacted_at AS last_contacted_at_epoch,
  (TIMESTAMP 'epoch' + contacts.last_contacted_at * INTERVAL '1 SECOND') AS last_contacted_at,
  contacts.last_email_opened_at AS last_email_opened_at_epoch,
  (TIMESTAMP 'epoch' + contacts.last_email_opened_at * INTERVAL '1 SECOND') AS last_email_opened_at,
  contacts.last_email_clicked_at AS last_email_clicked_at_epoch,
  (TIMESTAMP 'epoch' + contacts.last_email_clicked_at * INTERVAL '1 SECOND') AS last_email_clicked_at,
  contacts.custom_attributes
FROM "raw".contacts
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'contacts' AND contacts.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_conversation_contacts
SELECT
  conversation_contacts.conversation_id,
  conversation_contacts.contact_id,
  NULLIF(conversation_contacts.external_id, '') AS external_id
FROM "raw".conversation_contacts
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversation_contacts.conversation_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_conversation_linked_objects
SELECT
  conversation_linked_objects.conversation_id,
  conversation_linked_objects.linked_object_id,
  NULLIF(conversation_linked_objects."type", '') AS linked_object_type,
  NULLIF(conversation_linked_objects.category, '') AS category
FROM "raw".conversation_linked_objects
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversation_linked_objects.conversation_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_conversation_part_attachments
SELECT
  conversation_part_attachments.conversation_id,
  conversation_part_attachments.conversation_part_id AS part_id,
  conversation_part_attachments.position,
  NULLIF(conversation_part_attachments.name, '') AS name,
  NULLIF(conversation_part_attachments.content_type, '') AS content_type,
  conversation_part_attachments.filesize AS filesize_bytes
FROM "raw".conversation_part_attachments
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversation_part_attachments.conversation_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_conversation_parts
SELECT
  conversation_parts.conversation_id,
  conversation_parts.id AS part_id,
  NULLIF(conversation_parts.part_type, '') AS part_type,
  NULLIF(conversation_parts.body, '') AS body,
  conversation_parts.redacted AS is_redacted,
  conversation_parts.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + conversation_parts.created_at * INTERVAL '1 SECOND') AS created_at,
  conversation_parts.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + conversation_parts.updated_at * INTERVAL '1 SECOND') AS updated_at,
  NULLIF(conversation_parts.author__type, '') AS author_type,
  NULLIF(conversation_parts.author__id, '') AS author_id,
  NULLIF(conversation_parts.author__name, '') AS author_name,
  NULLIF(conversation_parts.author__email, '') AS author_email,
  NULLIF(conversation_parts.assigned_to__type, '') AS assigned_to_type,
  NULLIF(NULLIF(conversation_parts.assigned_to__id, ''), '0') AS assigned_to_id,
  conversation_parts._dlt_load_id AS load_id
FROM "raw".conversation_parts
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversation_parts.conversation_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_conversation_tags
SELECT
  conversation_tags.conversation_id,
  conversation_tags.tag_id,
  NULLIF(conversation_tags.name, '') AS tag_name,
  conversation_tags.applied_at AS applied_at_epoch,
  (TIMESTAMP 'epoch' + conversation_tags.applied_at * INTERVAL '1 SECOND') AS applied_at,
  NULLIF(conversation_tags.applied_by__type, '') AS applied_by_type,
  NULLIF(conversation_tags.applied_by__id, '') AS applied_by_id
FROM "raw".conversation_tags
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversation_tags.conversation_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_conversation_teammates
SELECT
  conversation_teammates.conversation_id,
  conversation_teammates.admin_id
FROM "raw".conversation_teammates
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversation_teammates.conversation_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_conversations
SELECT
  conversations.id AS conversation_id,
  NULLIF(conversations.title, '') AS title,
  NULLIF(conversations.state, '') AS state,
  conversations."open" AS is_open,
  conversations.read AS is_read,
  NULLIF(conversations.priority, '') AS priority,
  NULLIF(NULLIF(conversations.admin_assignee_id, ''), '0') AS admin_assignee_id,
  NULLIF(NULLIF(conversations.team_assignee_id, ''), '0') AS team_assignee_id,
  conversations.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + conversations.created_at * INTERVAL '1 SECOND') AS created_at,
  conversations.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + conversations.updated_at * INTERVAL '1 SECOND') AS updated_at,
  conversations.waiting_since AS waiting_since_epoch,
  (TIMESTAMP 'epoch' + conversations.waiting_since * INTERVAL '1 SECOND') AS waiting_since,
  conversations.snoozed_until AS snoozed_until_epoch,
  (TIMESTAMP 'epoch' + conversations.snoozed_until * INTERVAL '1 SECOND') AS snoozed_until,
  NULLIF(conversations.source__type, '') AS source_type,
  NULLIF(conversations.source__id, '') AS source_id,
  NULLIF(conversations.source__delivered_as, '') AS source_delivered_as,
  NULLIF(conversations.source__subject, '') AS source_subject,
  NULLIF(conversations.source__body, '') AS source_body,
  NULLIF(conversations.source__url, '') AS source_url,
  conversations.source__redacted AS is_source_redacted,
  NULLIF(conversations.source__author__type, '') AS source_author_type,
  NULLIF(conversations.source__author__id, '') AS source_author_id,
  NULLIF(conversations.source__author__name, '') AS source_author_name,
  NULLIF(conversations.source__author__email, '') AS source_author_email,
  conversations.conversation_rating__rating AS rating,
  NULLIF(conversations.conversation_rating__remark, '') AS rating_remark,
  conversations.conversation_rating__created_at AS rated_at_epoch,
  (TIMESTAMP 'epoch' + conversations.conversation_rating__created_at * INTERVAL '1 SECOND') AS rated_at,
  NULLIF(conversations.conversation_rating__contact__id, '') AS rating_contact_id,
  NULLIF(conversations.conversation_rating__teammate__id, '') AS rating_admin_id,
  NULLIF(conversations.sla_applied__sla_name, '') AS sla_name,
  NULLIF(conversations.sla_applied__sla_status, '') AS sla_status,
  conversations.first_contact_reply__created_at AS first_contact_reply_at_epoch,
  conversations.statistics__time_to_assignment AS statistics_time_to_assignment_seconds,
  conversations.statistics__time_to_admin_reply AS statistics_time_to_admin_reply_seconds,
  conversations.statistics__time_to_first_close AS statistics_time_to_first_close_seconds,
  conversations.statistics__time_to_last_close AS statistics_time_to_last_close_seconds,
  conversations.statistics__median_time_to_reply AS statistics_median_time_to_reply_seconds,
  conversations.statistics__first_contact_reply_at AS statistics_first_contact_reply_at_epoch,
  conversations.statistics__first_assignment_at AS statistics_first_assignment_at_epoch,
  conversations.statistics__first_admin_reply_at AS statistics_first_admin_reply_at_epoch,
  conversations.statistics__first_close_at AS statistics_first_close_at_epoch,
  conversations.statistics__last_assignment_at AS statistics_last_assignment_at_epoch,
  conversations.statistics__last_assignment_admin_reply_at AS statistics_last_assignment_admin_reply_at_epoch,
  conversations.statistics__last_contact_reply_at AS statistics_last_contact_reply_at_epoch,
  conversations.statistics__last_admin_reply_at AS statistics_last_admin_reply_at_epoch,
  conversations.statistics__last_close_at AS statistics_last_close_at_epoch,
  NULLIF(conversations.statistics__last_closed_by_id, '') AS statistics_last_closed_by_id,
  conversations.statistics__handling_time AS statistics_handling_time_seconds,
  conversations.statistics__count_reopens AS statistics_count_reopens,
  conversations.statistics__count_assignments AS statistics_count_assignments,
  conversations.statistics__count_conversation_parts AS statistics_count_conversation_parts,
  conversations.conversation_parts__total_count AS conversation_parts_total_count,
  conversations.ai_agent_participated AS is_ai_agent_involved,
  NULLIF(conversations.ai_agent__resolution_state, '') AS ai_agent_resolution_state,
  conversations.custom_attributes,
  conversations._dlt_load_id AS load_id
FROM "raw".conversations
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'conversations'
  AND conversations.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_data_attributes
SELECT
  data_attributes.model AS object,
  data_attributes.full_name,
  NULLIF(data_attributes.id, '') AS attribute_id,
  data_attributes.name,
  NULLIF(data_attributes.label, '') AS label,
  NULLIF(data_attributes.description, '') AS description,
  NULLIF(data_attributes.data_type, '') AS data_type,
  COALESCE(data_attributes.custom, FALSE) AS is_custom,
  COALESCE(data_attributes.archived, FALSE) AS is_archived
FROM "raw".data_attributes;

-- stg_data_events
SELECT
  data_events.id AS event_id,
  data_events.contact_id,
  NULLIF(data_events.event_name, '') AS event_name,
  NULLIF(data_events.user_id, '') AS external_id,
  NULLIF(data_events.email, '') AS email,
  data_events.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + data_events.created_at * INTERVAL '1 SECOND') AS created_at,
  data_events.metadata
FROM "raw".data_events
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'contacts'
  AND data_events.contact_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_help_centers
SELECT
  help_centers.id AS help_center_id,
  NULLIF(help_centers.display_name, '') AS display_name,
  NULLIF(help_centers.identifier, '') AS identifier,
  NULLIF(help_centers.url, '') AS url,
  NULLIF(help_centers.custom_domain, '') AS custom_domain,
  NULLIF(help_centers.workspace_id, '') AS workspace_id,
  help_centers.website_turned_on AS is_website_turned_on,
  help_centers.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + help_centers.created_at * INTERVAL '1 SECOND') AS created_at,
  help_centers.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + help_centers.updated_at * INTERVAL '1 SECOND') AS updated_at
FROM "raw".help_centers;

-- stg_merged_contacts
SELECT
  first_merge.id AS contact_id,
  COALESCE(
    fourth_merge.merged_into_id,
    third_merge.merged_into_id,
    second_merge.merged_into_id,
    first_merge.merged_into_id
  ) AS surviving_contact_id
FROM "raw".deleted_records AS first_merge
LEFT JOIN "raw".deleted_records AS second_merge
  ON second_merge.entity = 'contacts' AND first_merge.merged_into_id = second_merge.id
LEFT JOIN "raw".deleted_records AS third_merge
  ON third_merge.entity = 'contacts' AND second_merge.merged_into_id = third_merge.id
LEFT JOIN "raw".deleted_records AS fourth_merge
  ON fourth_merge.entity = 'contacts' AND third_merge.merged_into_id = fourth_merge.id
WHERE
  first_merge.entity = 'contacts' AND NOT first_merge.merged_into_id IS NULL;

-- stg_message_receipts
SELECT
  message_receipts.receipt_id,
  NULLIF(message_receipts.content_id, '') AS content_id,
  NULLIF(message_receipts.ruleset_id, '') AS ruleset_id,
  NULLIF(message_receipts.ruleset_version_id, '') AS ruleset_version_id,
  NULLIF(message_receipts.content_type, '') AS content_type,
  NULLIF(message_receipts.content_title, '') AS content_title,
  NULLIF(message_receipts.user_id, '') AS contact_id,
  NULLIF(message_receipts.user_external_id, '') AS external_id,
  NULLIF(NULLIF(message_receipts.company_id, ''), '-1') AS company_id,
  NULLIF(message_receipts.company_external_id, '') AS external_company_id,
  NULLIF(NULLIF(message_receipts.series_id, ''), '-1') AS series_id,
  NULLIF(message_receipts.series_title, '') AS series_title,
  NULLIF(NULLIF(message_receipts.node_id, ''), '-1') AS node_id,
  NULLIF(message_receipts.conversation_id, '') AS conversation_id,
  NULLIF(message_receipts.email, '') AS email,
  message_receipts.received_at AS received_at_epoch,
  (TIMESTAMP 'epoch' + message_receipts.received_at * INTERVAL '1 SECOND') AS received_at,
  message_receipts.first_reply AS first_reply_at_epoch,
  message_receipts.first_completion AS first_completion_at_epoch,
  message_receipts.first_series_completion AS first_series_completion_at_epoch,
  message_receipts.first_series_disengagement AS first_series_disengagement_at_epoch,
  message_receipts.first_series_exit AS first_series_exit_at_epoch,
  message_receipts.first_goal_success AS first_goal_success_at_epoch,
  message_receipts.first_open AS first_open_at_epoch,
  message_receipts.first_click AS first_click_at_epoch,
  COALESCE(message_receipts.first_dismissal, message_receipts.first_dismisall) AS first_dismissal_at_epoch,
  message_receipts.first_unsubscribe AS first_unsubscribe_at_epoch,
  message_receipts.first_hard_bounce AS first_hard_bounce_at_epoch,
  message_receipts.first_soft_bounce AS first_soft_bounce_at_epoch,
  message_receipts.first_spam_complaint AS first_spam_complaint_at_epoch
FROM "raw".message_receipts;

-- stg_tags
SELECT
  tags.id AS tag_id,
  NULLIF(tags.name, '') AS name
FROM "raw".tags;

-- stg_team_admins
SELECT
  team_admins.team_id,
  team_admins.admin_id,
  NULLIF(team_admins.priority_level, '') AS priority_level
FROM "raw".team_admins;

-- stg_teams
SELECT
  teams.id AS team_id,
  NULLIF(teams.name, '') AS name,
  NULLIF(teams.distribution_method, '') AS distribution_method
FROM "raw".teams;

-- stg_ticket_contacts
SELECT
  ticket_contacts.ticket_id,
  ticket_contacts.contact_id,
  NULLIF(ticket_contacts.external_id, '') AS external_id
FROM "raw".ticket_contacts
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'tickets'
  AND ticket_contacts.ticket_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_ticket_linked_objects
SELECT
  ticket_linked_objects.ticket_id,
  ticket_linked_objects.linked_object_id,
  NULLIF(ticket_linked_objects."type", '') AS linked_object_type,
  NULLIF(ticket_linked_objects.category, '') AS category
FROM "raw".ticket_linked_objects
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'tickets'
  AND ticket_linked_objects.ticket_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_ticket_parts
SELECT
  ticket_parts.ticket_id,
  ticket_parts.id AS part_id,
  NULLIF(ticket_parts.part_type, '') AS part_type,
  NULLIF(ticket_parts.body, '') AS body,
  ticket_parts.redacted AS is_redacted,
  NULLIF(ticket_parts.previous_ticket_state, '') AS previous_ticket_state,
  NULLIF(ticket_parts.ticket_state, '') AS ticket_state,
  ticket_parts.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + ticket_parts.created_at * INTERVAL '1 SECOND') AS created_at,
  ticket_parts.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + ticket_parts.updated_at * INTERVAL '1 SECOND') AS updated_at,
  NULLIF(ticket_parts.author__type, '') AS author_type,
  NULLIF(ticket_parts.author__id, '') AS author_id,
  NULLIF(ticket_parts.author__name, '') AS author_name,
  NULLIF(ticket_parts.assigned_to__type, '') AS assigned_to_type,
  NULLIF(NULLIF(ticket_parts.assigned_to__id, ''), '0') AS assigned_to_id
FROM "raw".ticket_parts
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'tickets'
  AND ticket_parts.ticket_id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_ticket_types
SELECT
  ticket_types.id AS ticket_type_id,
  NULLIF(ticket_types.name, '') AS name,
  NULLIF(ticket_types.category, '') AS category,
  ticket_types.is_internal,
  ticket_types.archived AS is_archived
FROM "raw".ticket_types;

-- stg_tickets
SELECT
  tickets.id AS ticket_id,
  NULLIF(tickets.ticket_id, '') AS ticket_number,
  NULLIF(tickets.category, '') AS category,
  NULLIF(tickets.ticket_type__id, '') AS ticket_type_id,
  NULLIF(tickets.ticket_type__name, '') AS ticket_type_name,
  NULLIF(tickets.ticket_state, '') AS ticket_state,
  NULLIF(tickets.ticket_state_internal_label, '') AS ticket_state_internal_label,
  NULLIF(tickets.ticket_state_external_label, '') AS ticket_state_external_label,
  NULLIF(NULLIF(tickets.admin_assignee_id, ''), '0') AS admin_assignee_id,
  NULLIF(NULLIF(tickets.team_assignee_id, ''), '0') AS team_assignee_id,
  tickets."open" AS is_open,
  tickets.is_shared,
  NULLIF(tickets.company_id, '') AS company_id,
  tickets.created_at AS created_at_epoch,
  (TIMESTAMP 'epoch' + tickets.created_at * INTERVAL '1 SECOND') AS created_at,
  tickets.updated_at AS updated_at_epoch,
  (TIMESTAMP 'epoch' + tickets.updated_at * INTERVAL '1 SECOND') AS updated_at,
  tickets.snoozed_until AS snoozed_until_epoch,
  (TIMESTAMP 'epoch' + tickets.snoozed_until * INTERVAL '1 SECOND') AS snoozed_until,
  tickets.ticket_parts__total_count AS ticket_parts_total_count,
  tickets.ticket_attributes
FROM "raw".tickets
LEFT JOIN "raw".deleted_records
  ON deleted_records.entity = 'tickets' AND tickets.id = deleted_records.id
WHERE
  deleted_records.id IS NULL;

-- stg_workspace
SELECT
  workspace.id_code AS workspace_id,
  NULLIF(workspace.name, '') AS name,
  NULLIF(workspace.timezone, '') AS time_zone,
  CASE
    WHEN UPPER(workspace.region) = 'EU'
    THEN 'https://app.eu.intercom.com'
    WHEN UPPER(workspace.region) = 'AU'
    THEN 'https://app.au.intercom.com'
    ELSE 'https://app.intercom.com'
  END AS app_url
FROM "raw".workspace;

-- tag
SELECT
  tags.id,
  NULLIF(tags.name, '') AS name,
  FALSE AS _fivetran_deleted
FROM "raw".tags;

-- team
SELECT
  teams.id,
  NULLIF(teams.name, '') AS name,
  FALSE AS _fivetran_deleted
FROM "raw".teams;

-- team_admin
SELECT
  team_admins.admin_id,
  team_admins.team_id,
  FALSE AS _fivetran_deleted
FROM "raw".team_admins;
