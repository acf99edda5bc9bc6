# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What a case can call.  README.md lists it all.
. /lab/in/settings
. /lab/in/dom0/clean.sh
. /lab/in/dom0/scan.sh
for part in verdict guest login tiny module disk qdisk net quick console xenstore count driver-domain backend extras ktap admin; do
	. "/lab/in/dom0/lib/$part.sh"
done
