-- The minor categories that were reported most in some cells lately, the most frequent first.
-- In:  around (ids of cells), days, most      Out: code
SELECT category.code
FROM case_file
JOIN incident ON incident.id = case_file.id
JOIN category ON category.code = coalesce(case_file.category_code, incident.category_code)
WHERE case_file.cell_id = ANY (%(around)s::bigint[]) AND case_file.filed_at > now() - make_interval(days => %(days)s::int)
  AND category.parent_code IS NOT NULL
GROUP BY category.code ORDER BY count(*) DESC, category.code LIMIT %(most)s
