"""One module per noun, each with a `router`. Routes of a few lines: no SQL, no geometry."""
