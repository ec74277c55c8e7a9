-- See everything from now on, for what is done by rule and not by the caller.
-- Out: before (what `wangge.everything` was)
SELECT current_setting('wangge.everything', true) AS before, set_config('wangge.everything', 'on', true)
