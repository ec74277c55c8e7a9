-- Take a key for a move; whoever takes the same one at once waits for the end of this transaction.
-- In:  key, digest      Out: one row; none when the key is taken
INSERT INTO move_key (key, digest) VALUES (%(key)s, %(digest)s) ON CONFLICT (key) DO NOTHING RETURNING key
