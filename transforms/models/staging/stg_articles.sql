-- One row per help center article that exists in Intercom; the figures are of all its languages together.
select
    articles.id as article_id,
    nullif(articles.title, '') as title,
    nullif(articles.description, '') as description,
    nullif(articles.body, '') as body,  -- HTML
    nullif(articles.state, '') as state,  -- published or draft
    nullif(articles.url, '') as url,
    nullif(nullif(articles.author_id, ''), '0') as author_admin_id,
    nullif(nullif(articles.parent_id, ''), '0') as collection_id,  -- NULL: in no collection
    nullif(articles.parent_type, '') as parent_type,
    nullif(articles.default_locale, '') as default_locale,
    nullif(articles.workspace_id, '') as workspace_id,
    nullif(articles.statistics__type, '') as statistics_type,
    articles.statistics__views as count_views,  -- since it exists, when it was last read
    -- Intercom's answers and its description of them differ in the name
    coalesce(articles.statistics__conversations, articles.statistics__conversions) as count_conversations,
    articles.statistics__reactions as count_reactions,
    articles.statistics__happy_reaction_percentage as happy_reaction_percentage,  -- 0 to 100
    articles.statistics__neutral_reaction_percentage as neutral_reaction_percentage,
    articles.statistics__sad_reaction_percentage as sad_reaction_percentage,
    articles.created_at as created_at_epoch,
    to_timestamp(articles.created_at) as created_at,
    articles.updated_at as updated_at_epoch,
    to_timestamp(articles.updated_at) as updated_at,
    articles.translated_content
from raw.articles
left join raw.deleted_records
    on deleted_records.entity = 'articles' and articles.id = deleted_records.id
where deleted_records.id is null
