"""The shapes of what goes in and out, with examples: what OpenAPI shows and what the tests hold every answer against."""
