"""Where a stack is deployed: the lab's node, simulated nodes, or a cluster that the user named."""
