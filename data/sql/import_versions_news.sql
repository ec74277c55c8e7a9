-- Whether an edition has new attributes for versions that it leaves as they are.
-- In:  {table}; temporary table incoming as compared
-- Out: a row if it has
SELECT 1
FROM incoming i JOIN {table} v ON v.id = i.old_id
WHERE i.change = 'unchanged' AND NOT v.attributes @> (i.attributes || v.attributes)
LIMIT 1
