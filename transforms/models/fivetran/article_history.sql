-- One row per help center article that exists in Intercom, in its current version, as Fivetran shapes it.
select
    articles.id,
    case when articles.parent_type = 'section' then null else nullif(nullif(articles.parent_id, ''), '0') end as collection_id,
    case when articles.parent_type = 'section' then nullif(articles.parent_id, '') end as section_id,
    nullif(articles.author_id, '') as author_id,
    nullif(articles.title, '') as title,
    nullif(articles.description, '') as description,
    nullif(articles.body, '') as body,
    nullif(articles.url, '') as url,
    nullif(articles.type, '') as type,
    nullif(articles.state, '') as state,
    nullif(articles.parent_type, '') as parent_type,
    nullif(articles.default_locale, '') as default_locale,
    nullif(articles.workspace_id, '') as workspace_id,
    nullif(articles.statistics__type, '') as statistics_type,
    articles.statistics__views as statistics_views,
    coalesce(articles.statistics__conversations, articles.statistics__conversions) as statistics_conversations,
    articles.statistics__reactions as statistics_reactions,
    articles.statistics__happy_reaction_percentage as statistics_happy_reaction_percentage,
    articles.statistics__neutral_reaction_percentage as statistics_neutral_reaction_percentage,
    articles.statistics__sad_reaction_percentage as statistics_sad_reaction_percentage,
    to_timestamp(articles.created_at) as created_at,
    to_timestamp(articles.updated_at) as updated_at,
    true as _fivetran_active,
    to_timestamp(articles.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.articles
left join raw.deleted_records
    on deleted_records.entity = 'articles' and articles.id = deleted_records.id
where deleted_records.id is null
