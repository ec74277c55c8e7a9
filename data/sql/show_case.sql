-- See one case besides, until the end of the transaction.
-- In:  id
SELECT set_config('wangge.seen', (coalesce(nullif(current_setting('wangge.seen', true), ''), '{}')::bigint[] || %(id)s::bigint)::text, true)
