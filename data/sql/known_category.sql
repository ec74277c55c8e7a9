-- In:  code      Out: one row when there is such a category
SELECT code FROM category WHERE code = %(code)s
