-- Tables of people's data that somebody asked for, or may decide on, the newest first, at most 200.
-- In:  account, scope (the digits of the ground over which he decides; null: none)
-- Out: id, what, area_code, area_name, wanted, reason, asked_by, asked_as, asked_at, decided_by, decided_at, note, expires_at,
--      taken_at, rows, state (asked, refused, approved, expired, taken), is_over (whether it lies on that ground)
SELECT export.id, what, area_code, area.name AS area_name, wanted, reason, asked_by, asked_as, asked_at, decided_by, decided_at, note,
       expires_at, taken_at, rows,
       CASE WHEN taken_at IS NOT NULL THEN 'taken' WHEN is_approved IS NULL THEN 'asked' WHEN NOT is_approved THEN 'refused'
            WHEN expires_at < now() THEN 'expired' ELSE 'approved' END AS state,
       area_code LIKE %(scope)s::text || '%%' IS TRUE AS is_over
FROM personal_export AS export LEFT JOIN area ON area.code = area_code AND area.valid_to IS NULL
WHERE asked_by = %(account)s OR area_code LIKE %(scope)s::text || '%%'
ORDER BY export.id DESC LIMIT 200
