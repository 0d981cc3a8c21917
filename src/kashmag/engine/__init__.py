"""The engine: gathers answers, has plans made, carries them out, exactly once whatever happens.

The shell that waits. What is decided is decided in `planner` and `hooks`; what is remembered is in
`logbook`. `engine.Engine` is the way in.
"""
