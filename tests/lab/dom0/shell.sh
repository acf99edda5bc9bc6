# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# tests/lab/run --shell: a prompt with the case library loaded.

export CASE=shell CASE_DIR=/lab/out/shell LIB
mkdir -p "$CASE_DIR"
cat >/root/.bashrc <<'END'
. $LIB/lib.sh
. $LIB/scan.sh
. $LIB/run-case.sh

# At a prompt a failed helper must not end the shell.
verdict_set() { echo "== $*"; return 1; }

# run-case NAME [SECONDS]
run-case() { (run_case "$1" "${2:-300}"); cat "/lab/out/$1/output.log" "/lab/out/$1/verdict"; }

PS1='dom0# '
echo "The helpers of tests/lab/README.md are loaded. Try: guest_start g1; guest_run g1 'uname -a'"
END
setsid -c bash --rcfile /root/.bashrc -i <>/dev/hvc0 >&0 2>&1
