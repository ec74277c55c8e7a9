-- The rows that are sealed, in the order of the chain, each after the number of its seal and its place in it; a missing one null.
-- In:  source
COPY (
    SELECT seal.number, named.place, told.*
    FROM audit_seal AS seal CROSS JOIN LATERAL unnest(seal.ids) WITH ORDINALITY AS named (id, place)
    LEFT JOIN (SELECT {columns} FROM {table}) AS told ON told.id = named.id
    WHERE seal.source = %(source)s
    ORDER BY seal.number, named.place
) TO STDOUT
