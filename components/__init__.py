"""Component resources that put rendered text and wiring into Kubernetes objects. No arithmetic here."""
