"""The demo district: a generator of fictional ground, and its way into the database."""
