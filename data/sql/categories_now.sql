-- Every category, with the hash by which a taken case names it.
-- Out: code, parent_code (null for a major category), hash (int8)
SELECT code, parent_code, hashtextextended(code, 0) AS hash FROM category ORDER BY code
