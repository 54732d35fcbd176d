module fawkes.example/lab/definitions

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.21.2
	github.com/grafana/grafana-operator/v5 v5.24.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
)
