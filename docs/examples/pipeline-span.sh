#!/bin/sh
# Send the span of a pipeline's run, by OTLP over HTTP. docs/dora.md says what the variables mean. Needs curl and od.
set -eu

text() { printf '{"key":"%s","value":{"stringValue":"%s"}},' "$1" "$(printf %s "$2" | tr -d '"\\' | tr -d '[:cntrl:]')"; }
number() { printf '{"key":"%s","value":{"intValue":"%d"}},' "$1" "$2"; }
given() { if [ -n "$3" ]; then "$1" "$2" "$3"; fi; }
random_id() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

now=$(date +%s)
resource=$(
    text service.name "$SERVICE"
    text cicd.pipeline.name "$PIPELINE"
    text cicd.pipeline.run.id "$RUN_ID"
    given text cicd.pipeline.run.url.full "${RUN_URL:-}"
    text vcs.ref.head.revision "$REVISION"
    given text vcs.repository.url.full "${REPOSITORY:-}"
    given text deployment.environment.name "${ENVIRONMENT:-}"
)
attributes=$(
    text cicd.pipeline.action.name "$ACTION"
    text cicd.pipeline.result "$RESULT"
    given number fawkes.commit.time "${COMMIT_TIME:-}"
    if [ "$RESULT" != success ]; then text error.type "$RESULT"; fi
    if [ "$ACTION" = SYNC ]; then
        text deployment.id "$RUN_ID"
        text deployment.name "${DEPLOYMENT:-$PIPELINE}"
        if [ "$RESULT" = success ]; then
            text deployment.status succeeded
            if [ -n "${COMMIT_TIME:-}" ]; then number fawkes.lead_time_s $((now - COMMIT_TIME)); fi
            if [ -n "${BROKEN_SINCE:-}" ]; then number fawkes.recovery_time_s $((now - BROKEN_SINCE)); fi
        else
            text deployment.status failed
        fi
    fi
)
if [ "$RESULT" = success ]; then status='{}'; else status='{"code":2,"message":"the pipeline failed"}'; fi

# A part of the pipeline engine's own trace, if it passes its context on.
trace=$(random_id 16) parent=''
if [ -n "${TRACEPARENT:-}" ]; then
    trace=$(printf %s "$TRACEPARENT" | cut -d- -f2) parent=$(printf %s "$TRACEPARENT" | cut -d- -f3)
fi

curl --silent --show-error --fail --max-time 10 --output /dev/null \
    --header 'Content-Type: application/json' "$OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces" --data @- <<JSON
{"resourceSpans":[{"resource":{"attributes":[${resource%,}]},"scopeSpans":[{"spans":[{
"traceId":"$trace","spanId":"$(random_id 8)","parentSpanId":"$parent","kind":2,"name":"$ACTION $PIPELINE",
"startTimeUnixNano":"${BEGIN}000000000","endTimeUnixNano":"${now}000000000",
"attributes":[${attributes%,}],"status":$status}]}]}]}
JSON
