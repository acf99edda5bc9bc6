# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# tests/lab/run --shell: a prompt with the case library loaded.

export CASE=shell CASE_DIR=/lab/out/shell
mkdir -p "$CASE_DIR"
cat >/root/.bashrc <<'END'
. /lab/in/dom0/lib.sh
# At a prompt a failed helper must not end the shell.
verdict_set() { echo "== $*"; return 1; }
run-case() ( /lab/in/dom0/main-case "$@" )
PS1='dom0# '
echo "The helpers of tests/lab/README.md are loaded: guest_start g1; guest_run g1 'uname -a'"
END
setsid -c bash --rcfile /root/.bashrc -i <>/dev/hvc0 >&0 2>&1
