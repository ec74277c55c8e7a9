-- The rows that are sealed, in the order of the chain, each after the number of its seal and its place in it; a missing one null.
-- In:  source
-- Why: unfolded first and then joined as a whole, for joined seal by seal the table would be read once for each.
COPY (
    WITH named AS MATERIALIZED (
        SELECT seal.number, unfolded.id, unfolded.place
        FROM audit_seal AS seal CROSS JOIN LATERAL unnest(seal.ids) WITH ORDINALITY AS unfolded (id, place)
        WHERE seal.source = %(source)s
    )
    SELECT named.number, named.place, told.*
    FROM named LEFT JOIN (SELECT {columns} FROM {table}) AS told ON told.id = named.id
    ORDER BY named.number, named.place
) TO STDOUT
