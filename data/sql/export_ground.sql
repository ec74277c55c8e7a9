-- The ground of a unit, to filter by.
-- In:  code (12 digits of a unit, or a cell's); on
-- Out: level, and the boundary as EWKB (null where it is not known); no row when there is no such unit on that day
SELECT level, geom FROM area
WHERE code = %(code)s AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
UNION ALL
SELECT 'cell', geom FROM cell
WHERE code = %(code)s AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
UNION ALL
SELECT level, NULL FROM unit
WHERE code = %(code)s AND NOT EXISTS (SELECT FROM area WHERE area.code = unit.code)
