# shellcheck shell=bash
# packaging/guests: configurations that people copy. What xl says of them the lab's case guest-configs has.

case_guest_configs_are_valid()
{
	local file wrong=$work/wrong.xml
	command -v virt-xml-validate >/dev/null || { echo "no virt-xml-validate (package libvirt-clients)"; return 4; }
	for file in packaging/guests/*.xml; do
		virt-xml-validate "$file" domain || return
		sed "s/device='disk'/device='nothing'/" "$file" >"$wrong"
		refuses "nothing|fails to validate" virt-xml-validate "$wrong" domain || return
	done
}

all+=" guest_configs_are_valid"
