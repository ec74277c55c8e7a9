-- Drafts that nobody confirmed in time.
-- In:  days      Out: their ids
SELECT id FROM upload WHERE state IN ('draft', 'checked') AND changed_at < now() - make_interval(days => %(days)s)
