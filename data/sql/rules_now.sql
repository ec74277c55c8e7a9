-- The handling rules that hold on a day, with the level of the unit that one is confined to.
-- In:  day      Out: the columns of handling_rule that say who and where, and area_level
SELECT handling_rule.id, handling_rule.code, category_code, handling_rule.level, area_class, source, area_code,
       unit.level AS area_level, handler, agency_code, time_limit, valid_from, basis
FROM handling_rule LEFT JOIN unit ON unit.code = handling_rule.area_code
WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
