-- The cells valid on a day, without their shapes.
-- In:  day      Out: id, version (changes with every write of the row), code, name, parent_code (the community)
SELECT id, xmin::text AS version, code, name, community_code AS parent_code FROM cell
WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
