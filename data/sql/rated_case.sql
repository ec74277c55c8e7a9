-- What a reporter is shown of his case.
-- In:  id, days (within which a closed case is opened again)
-- Out: one row: id, state, outcome, filed_at, closed_at, category_name, category_name_en, description, community (name),
--      reopen_until (null: not closed), can_reopen, and of the rating of the last closing is_answered, is_solved, satisfaction,
--      comment, rated_at (null: none)
SELECT case_file.id, case_file.state, outcome, filed_at, closed_at, category.name AS category_name,
       category.name_en AS category_name_en, incident.description, area.name AS community,
       closed_at + make_interval(secs => %(days)s::float8 * 86400) AS reopen_until,
       coalesce(closed_at + make_interval(secs => %(days)s::float8 * 86400) > now(), false) AS can_reopen,
       rating.is_answered, rating.is_solved, rating.satisfaction, rating.comment, rating.rated_at
FROM case_file
JOIN incident ON incident.id = case_file.id
JOIN category ON category.code = coalesce(case_file.category_code, incident.category_code)
LEFT JOIN area ON area.id = case_file.community_id
LEFT JOIN LATERAL (
    SELECT * FROM rating WHERE case_id = case_file.id AND rated_at >= case_file.closed_at ORDER BY closing DESC LIMIT 1
) AS rating ON true
WHERE case_file.id = %(id)s
