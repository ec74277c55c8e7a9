-- What counts as the same thing for a category today: its own rule, that of its major category, that of any.
-- In:  category, today      Out: one row: radius_m, hours; none for an unknown category
SELECT rule.radius_m, rule.hours
FROM category JOIN duplicate_rule AS rule ON rule.category_code IN (category.code, category.parent_code, 'any')
WHERE category.code = %(category)s AND daterange(rule.valid_from, rule.valid_to) @> %(today)s::date
ORDER BY array_position(ARRAY[category.code, category.parent_code, 'any'], rule.category_code) LIMIT 1
