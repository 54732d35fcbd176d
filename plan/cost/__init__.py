"""What a stack costs a month: the requests that Tempo makes to its bucket, and the bill."""
