-- A case and all that it is a double of.
-- In:  id      Out: id
WITH RECURSIVE above (id) AS (
    SELECT %(id)s::bigint
    UNION
    SELECT case_file.parent_id FROM above JOIN case_file ON case_file.id = above.id WHERE case_file.parent_id IS NOT NULL
)
SELECT id FROM above
