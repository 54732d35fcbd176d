"""The `aws` stand-in: the few resources that the program needs, made on an AWS endpoint of this machine.

It never reaches a real cloud: `endpoint` lets through this machine and the lab's node alone, whatever the
environment holds. `api` talks to the endpoint, `resource` says what one type of resource is, `spelling`
translates between Pulumi's names and the API's, `s3`, `bucket_settings`, `kms`, `iam` and `eks` hold the types,
`registry` lists them, `completion` fills inputs in, `functions` answers the program's questions, `plugin` ties
them together.
"""
