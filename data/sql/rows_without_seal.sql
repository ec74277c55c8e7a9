-- Rows of a table that no seal names, by month and id, as they are hashed, each after whether the last seal should have had it.
-- In:  source
COPY (
    SELECT CASE WHEN pg_visible_in_snapshot(txid::text::xid8, coalesce((
               SELECT seen FROM audit_seal WHERE source = %(source)s ORDER BY number DESC LIMIT 1
           ), '1:1:')::pg_snapshot) THEN 1 ELSE 0 END, {columns}
    FROM {table} WHERE NOT EXISTS (
        SELECT FROM audit_seal AS seal CROSS JOIN LATERAL unnest(seal.ids) AS named_id
        WHERE seal.source = %(source)s AND named_id = {table}.id
    )
    ORDER BY date_trunc('month', at), id
) TO STDOUT
