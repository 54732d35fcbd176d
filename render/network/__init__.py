"""Every connection of a stack as data: the network policies, their documentation and their tests read it."""
