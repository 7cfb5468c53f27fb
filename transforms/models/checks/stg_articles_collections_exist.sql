-- warn: The collection that an article names is loaded.
select stg_articles.article_id
from stg_articles
left join stg_collections on stg_articles.collection_id = stg_collections.collection_id
where stg_articles.collection_id is not null and stg_collections.collection_id is null
