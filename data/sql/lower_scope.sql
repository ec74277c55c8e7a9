-- See again what the caller sees.
-- In:  before (as lift_scope.sql gave it)
SELECT set_config('wangge.everything', coalesce(%(before)s::text, ''), true)
