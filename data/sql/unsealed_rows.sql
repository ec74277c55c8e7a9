-- Rows of a table that the snapshot `now` sees and the snapshot `before` did not, by month and id, as they are hashed.
-- In:  before, now (pg_snapshot as text)
-- Why: ids are given out before they are committed, so the last id alone would lose the slow ones.
COPY (
    SELECT {columns} FROM {table}
    WHERE txid >= pg_snapshot_xmin(%(before)s::pg_snapshot)::text::bigint
      AND txid < pg_snapshot_xmax(%(now)s::pg_snapshot)::text::bigint
      AND NOT pg_visible_in_snapshot(txid::text::xid8, %(before)s::pg_snapshot)
      AND pg_visible_in_snapshot(txid::text::xid8, %(now)s::pg_snapshot)
    ORDER BY date_trunc('month', at), id
) TO STDOUT
