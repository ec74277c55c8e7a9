"""The commands of `wangge`, one module per noun; `flows.cli` says how to add one."""
