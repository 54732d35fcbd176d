"""The emulated `aws` plugin: the resources that the program needs, on an AWS endpoint of this machine.

`plugin` has the provider's verbs, `resource` the interface of one type, and `s3`, `bucket_settings`, `kms`, `iam`
and `eks` the types. `completion` adds defaults, names and tags to inputs, `spelling` translates between Pulumi's
names and the API's, `api` calls the endpoint. `endpoint` lets requests through to this machine and the lab's node
alone, whatever the environment holds: the plugin never reaches a real cloud.
"""
