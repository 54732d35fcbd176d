"""Second opinions on a stack: what checkov and kube-score find in what the program would deploy."""
