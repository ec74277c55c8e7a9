"""The soak: many clients report while the parts of a real system are killed with -9 in turn; nothing is lost, nothing doubled."""
