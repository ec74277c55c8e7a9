-- What the transaction sees, as it was told.
-- Out: one row: actor, everything (bool), areas, cells (bigint[], ids of versions)
SELECT current_setting('wangge.actor', true) AS actor, coalesce(current_setting('wangge.everything', true) = 'on', false) AS everything,
       coalesce(nullif(current_setting('wangge.areas', true), ''), '{}')::bigint[] AS areas,
       coalesce(nullif(current_setting('wangge.cells', true), ''), '{}')::bigint[] AS cells
