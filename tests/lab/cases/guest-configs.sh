#!/bin/bash
# xl takes the configurations of packaging/guests, as far as it reads them without a guest.
# runs: soak
# timeout: 30

for file in /lab/in/guests/*.cfg; do
	type=$(basename "$file" .cfg)
	out=$(xl create -n "$file" 2>&1) || fail "xl create -n $type.cfg: $out"
	[[ $out == *"\"name\": \"pvguest-$type\""* && $out == *"\"type\": \"$type\""* ]] ||
		fail "xl understands $type.cfg otherwise: $out"
	for part in disks nics; do
		[[ $out == *"\"$part\": ["* ]] || fail "xl finds no $part in $type.cfg: $out"
	done
	sed 's/"format=/"nothing=1,format=/' "$file" >"$CASE_DIR/wrong.cfg"
	! xl create -n "$CASE_DIR/wrong.cfg" >"$CASE_DIR/wrong.log" 2>&1 || fail "xl takes anything for $type.cfg"
done
pass
