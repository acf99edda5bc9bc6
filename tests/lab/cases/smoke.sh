#!/bin/bash
# A guest starts, runs a command, tells its exit status, shuts down.
# runs: hand
# timeout: 60

guest_start g1
status=0
out=$(guest_run g1 'uname -r; exit 7') || status=$?
expect "exit status" "$status" 7
note "guest kernel $out"
guest_shutdown g1
pass
