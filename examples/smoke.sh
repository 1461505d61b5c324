#!/bin/sh
# A smoke test as a CI job would run it: end-to-end checks, then a few commands of one's own.
#
#   sh smoke.sh                          with a cluster of its own, in memory, on free ports
#   IGGYCTL_SERVER=host:8090 sh smoke.sh against that server; credentials from IGGYCTL_USERNAME and
#                                        IGGYCTL_PASSWORD, or from `iggyctl login`
#
# IGGYCTL names the program if it is not on the PATH. Ends with 0 when all is well, and leaves nothing.
set -eu
: "${IGGYCTL:=iggyctl}"

# Once more inside a cluster, which ends with this script.
if [ -z "${IGGYCTL_SERVER:-}" ]; then
  exec $IGGYCTL cluster run -- sh "$0" "$@"
fi

stream="smoke-$$"
trap '$IGGYCTL stream delete "$stream" --yes --if-exists >/dev/null' EXIT

$IGGYCTL smoke quick --tap

$IGGYCTL stream create "$stream" --quiet >/dev/null
$IGGYCTL topic create "$stream" orders --partitions 3 --quiet >/dev/null
printf 'one\ntwo\nthree\n' | $IGGYCTL message send "$stream" orders --partition 0 --quiet

found=$($IGGYCTL message poll "$stream/orders/0" --first --count 3 --output csv --columns payload_text)
expected=$(printf 'payload_text\r\none\r\ntwo\r\nthree\r\n')
[ "$found" = "$expected" ] || { echo "polled: $found" >&2; exit 1; }

# What is missing ends with 3, so a script can branch on it.
status=0
$IGGYCTL stream get "$stream-none" 2>/dev/null || status=$?
[ "$status" -eq 3 ] || { echo "a missing stream ended with $status" >&2; exit 1; }

echo 'smoke test passed'
