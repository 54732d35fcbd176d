"""The cases of each rule, in a file of the same path as the rule below `policies/rules`."""
