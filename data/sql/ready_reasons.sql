-- The reasons that are offered today, in their order.
-- In:  today      Out: move, code, name, name_en
SELECT move, code, name, name_en FROM ready_reason
WHERE daterange(valid_from, valid_to) @> %(today)s::date ORDER BY move, position, code
