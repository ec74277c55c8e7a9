-- Which of these actors are there today, wherever: a case is also given to who does not stand on one's own ground.
-- In:  actors      Out: actor
SELECT actor FROM actors_at_work(%(actors)s::text[]) AS actor
