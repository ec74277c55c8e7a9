"""`python -m tests.soak [--minutes N] [--clients 32]`: report, kill, wait till nothing waits, verify, print the figures.

    system.py    a real `wangge up` in a home of its own, with its own ports, cluster and ground
    clients.py   who report over HTTP and repeat, with the same key, until answered 201; a follower of the live stream
    kills.py     the parts killed with -9 in turn at random moments, and how long each took to come back
    verify.py    what the database holds afterwards against what was answered
"""
