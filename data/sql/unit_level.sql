-- In:  code      Out: one row: level; none for an unknown unit
SELECT level FROM unit WHERE code = %(code)s
