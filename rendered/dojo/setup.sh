set -eu
tries=0
until printf "%s\n%s\n" "$ACCESS_KEY" "$SECRET_KEY" | mc alias set store http://minio.fawkes-observability.svc:9000 --api S3v4; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "The store at http://minio.fawkes-observability.svc:9000 does not accept the keys. Check the endpoint and the keys." >&2
    exit 1
  fi
  sleep 1
done
mc mb --ignore-existing --region us-east-1 store/fawkes-tempo-traces-dojo
mc version enable store/fawkes-tempo-traces-dojo
mc encrypt set sse-s3 store/fawkes-tempo-traces-dojo
mc ilm rule import store/fawkes-tempo-traces-dojo < /setup/lifecycle.json
mc admin policy create store tempo /setup/policy.json
printf "%s\n%s\n" "$TEMPO_ACCESS_KEY" "$TEMPO_SECRET_KEY" | mc admin user add store >/dev/null
mc admin policy attach store tempo --user "$TEMPO_ACCESS_KEY" >/dev/null || true
case "$(mc admin user info store "$TEMPO_ACCESS_KEY" --json)" in
  *'"policyName":"tempo"'*) ;;
  *) echo "Tempo's user did not get its policy." >&2; exit 1 ;;
esac
