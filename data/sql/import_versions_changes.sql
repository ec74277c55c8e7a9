-- What an edition changes, unit by unit.
-- In:  {table}; temporary table incoming, weighed and not stored yet
-- Out: change, code, name, name_before, renamed, moved_m, reshaped_m2, of_m2, has_returned; by code
SELECT i.change, i.code, i.name, v.name AS name_before, i.renamed, i.moved_m, i.reshaped_m2, i.of_m2,
       i.change = 'stored' AND EXISTS (SELECT FROM {table} w WHERE w.code = i.code AND w.valid_to <= {day}) AS has_returned
FROM incoming i LEFT JOIN {table} v ON v.id = i.old_id
WHERE i.change IN ('stored', 'updated')
ORDER BY i.code
