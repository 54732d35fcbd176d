"""What every workload shares: labels, Pods, Services, budgets, autoscalers. Knows no product."""
