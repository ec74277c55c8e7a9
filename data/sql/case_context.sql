-- What a selection of cases means on this ground: codes become the ids of all their versions.
-- In:  areas (text[], codes of any level), cells (text[]), categories (text[]), scope (digits); null: not asked
-- Out: one row: covers_all (an area of level city is among them), street_ids, community_ids of areas;
--      cell_ids, cell_community_ids of cells; category_codes with all below them; scope_street_ids, scope_community_ids
-- Why: literal ids let the planner see how many rows they stand for; joins with small tables don't. A unit's digits begin
--      the codes of all below it; a street stands for its communities, as every case in one bears its street.
WITH asked AS (
    SELECT left(code, CASE level WHEN 'district' THEN 6 WHEN 'street' THEN 9 WHEN 'community' THEN 12 ELSE 0 END) AS digits
    FROM unit WHERE code = ANY(%(areas)s::text[])
), picked AS (
    SELECT area.id, area.level FROM asked JOIN area ON area.code LIKE asked.digits || '%%'
    WHERE area.level = CASE WHEN length(asked.digits) = 12 THEN 'community' ELSE 'street' END
), owned AS (
    SELECT id, level FROM area
    WHERE code LIKE %(scope)s::text || '%%' AND level = CASE WHEN length(%(scope)s::text) = 12 THEN 'community' ELSE 'street' END
)
SELECT EXISTS (SELECT FROM asked WHERE digits = '') AS covers_all,
       ARRAY(SELECT id FROM picked WHERE level = 'street') AS street_ids,
       ARRAY(SELECT id FROM picked WHERE level = 'community') AS community_ids,
       ARRAY(SELECT id FROM cell WHERE code = ANY(%(cells)s::text[])) AS cell_ids,
       ARRAY(SELECT area.id FROM cell_code JOIN area ON area.code = cell_code.community_code
             WHERE cell_code.code = ANY(%(cells)s::text[])) AS cell_community_ids,
       ARRAY(SELECT code FROM category WHERE %(categories)s::text[] && ARRAY[code, parent_code]::text[]) AS category_codes,
       ARRAY(SELECT id FROM owned WHERE level = 'street') AS scope_street_ids,
       ARRAY(SELECT id FROM owned WHERE level = 'community') AS scope_community_ids
