-- Stand at the door: see who may come in, and the ground to which accounts are granted. Whoever has come in enters.
-- In:  address (from which somebody comes, or an empty text)
SELECT set_config('wangge.door', 'on', true), set_config('wangge.everything', 'on', true), set_config('wangge.address', %(address)s, true)
