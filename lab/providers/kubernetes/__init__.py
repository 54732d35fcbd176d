"""The `kubernetes` stand-in: server-side apply to a real API server, with what the real plugin adds.

`naming` completes inputs, `immutable` knows what forces a replacement, `cluster` talks to the API server,
`readiness` judges one object, `reasons` says why it is not ready, `waiting` waits, `plugin` ties them together.
"""
