//go:build traced

package main

import (
	"context"
	"log"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
)

// start sets up the SDK; exporter, sampler and resource come from the environment. The result ends it.
func start(ctx context.Context) func() {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return func() { _ = provider.Shutdown(context.Background()) }
}

func handler(next http.Handler) http.Handler { return otelhttp.NewHandler(next, "shop") }

func client(base http.RoundTripper) *http.Client {
	return &http.Client{Transport: otelhttp.NewTransport(base)}
}
