"""What an operator may set: one typed model of a stack file, its checks and its schema. No Pulumi."""
