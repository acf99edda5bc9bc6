#!/bin/bash
# Memory taken and given by the toolstack, up to maxmem, with data in between verified.
# timeout: 180

guest_start g1 memory=192 maxmem=384

total_between() # LOW HIGH, in MB
{
	local kb
	kb=$(guest_run g1 'awk "\$1 == \"MemTotal:\" { print \$2 }" /proc/meminfo')
	((kb >= $1 * 1024 && kb <= $2 * 1024))
}

guest_do g1 'head -c 40M /dev/urandom >/tmp/data; sha256sum /tmp/data >/tmp/sum'
for round in 1 2 3; do
	xl mem-set g1 380
	wait_until 30 total_between 340 384 || fail "round $round: not grown to 380 MB"
	guest_do g1 'head -c 150M /dev/zero >/tmp/fill && rm /tmp/fill && sha256sum -c /tmp/sum'
	xl mem-set g1 160
	wait_until 30 total_between 110 164 || fail "round $round: not shrunk to 160 MB"
	guest_do g1 'sha256sum -c /tmp/sum'
done
guest_shutdown g1
pass
