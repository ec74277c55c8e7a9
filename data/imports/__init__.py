"""Files into the database: read, recognise columns, place, check, store. Stored in EPSG:4490; nothing here commits.

reading ─▶ columns ─▶ values, placing ─▶ one module per kind ─▶ data/sql/import_*.sql
"""
