"""The `kubernetes` stand-in: server-side apply to a real API server, with what the real plugin adds.

`connection` and `cluster` talk to the API server, `manifest` and `naming` know objects before they exist,
`immutable` knows what forces a replacement, `readiness` judges one object, `reasons` says why it is not ready,
`waiting` waits, `drift` finds what others changed, `plugin` ties them together.
"""
