-- The agencies that act on a day.
-- In:  day      Out: id, code, kind, name, area_code
SELECT id, code, kind, name, area_code FROM agency
WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
