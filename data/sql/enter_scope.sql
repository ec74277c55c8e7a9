-- Tell the transaction for whom it is: row-level security goes by it, and so do the defaults of the audit.
-- In:  account, office, actor, address, scope (digits; '-': no ground), ground (the same, null where no areas are looked after),
--      cells (codes), sees_all (for what is done by rule and not by the caller)
-- Out: one row: everything ('on' or ''), areas, cells (bigint[], ids of versions), as the transaction was told
-- Why: one journey, and the ids of the versions are looked up here once, so that policies compare numbers.
SELECT set_config('wangge.account', %(account)s, true), set_config('wangge.office', %(office)s, true),
       set_config('wangge.actor', %(actor)s, true), set_config('wangge.address', %(address)s, true),
       set_config('wangge.scope', %(scope)s, true), set_config('wangge.seen', '', true), set_config('wangge.door', '', true),
       set_config('wangge.everything', CASE WHEN %(sees_all)s OR length(%(scope)s) IN (0, 6) AND covers_all(%(scope)s) THEN 'on' ELSE '' END,
                  true) AS everything,
       nullif(set_config('wangge.areas', CASE WHEN %(ground)s::text <> '' THEN area_versions(%(ground)s)::text ELSE '' END, true),
              '')::bigint[] AS areas,
       nullif(set_config('wangge.cells', CASE WHEN %(cells)s::text[] <> '{}' THEN cell_versions(%(cells)s)::text ELSE '' END, true),
              '')::bigint[] AS cells
