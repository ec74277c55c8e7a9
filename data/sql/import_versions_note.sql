-- Note attributes that are only more than before on versions that an edition leaves as they are.
-- In:  {table}; temporary table incoming as compared
-- Out: attributes with what they had and what is new; a version without news is not touched
UPDATE {table} v SET attributes = i.attributes || v.attributes
FROM incoming i
WHERE i.change = 'unchanged' AND v.id = i.old_id AND NOT v.attributes @> (i.attributes || v.attributes)
