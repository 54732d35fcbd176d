"""Building blocks of any workload: labels, Pods, Services, budgets, autoscalers. No product is named here."""
