-- Rows whose code has ended by a day, or whose unit above has.
-- In:  {table}; {above}: the column of the unit above; {day}; temporary table incoming as compared
-- Out: line, field, value, day on which it ended; by line
-- Why: a code is never given out again, and nothing new begins in what has ended.
SELECT i.line, 'code' AS field, i.code AS value, max(v.valid_to) AS ended_on
FROM incoming i JOIN {table} v ON v.code = i.code
WHERE i.change = 'stored'
GROUP BY i.line, i.code
HAVING max(v.valid_to) <= {day} AND count(*) = count(v.valid_to)
UNION ALL
SELECT i.line, 'parent_code', i.{above}, max(a.valid_to)
FROM incoming i JOIN area a ON a.code = i.{above} AND a.code <> i.code
WHERE i.change <> 'unchanged'
GROUP BY i.line, i.{above}
HAVING max(a.valid_to) <= {day} AND count(*) = count(a.valid_to)
ORDER BY line, field
