# shellcheck shell=bash
# shellcheck disable=SC2154 # cache is of who sources this
# Packages of Debian's suites, this machine's or another, from the mirrors that this machine's apt
# uses, with a state of apt of our own. Sourced by fetch-kernel and fetch-host, which have die() and
# $cache: status 3 is for packages that cannot be had.

# What apt_update says is missing without a mirror: "kernel 6.12", "host debian13".
wanted=''

# mirror_of SUITE: where this machine's apt has Debian's releases from, or their updates.
mirror_of()
{
	local security='!~' codename
	[[ $1 != *-security ]] || security='~'
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	# shellcheck disable=SC2016 # apt's variables
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' |
		awk -v name="$codename" '$3 == "Debian" && ($2 == name || index($2, name "-") == 1)' |
		awk "\$2 $security /-security\$/ { print \$1; exit }"
}

# apt SUITE TOOL ARGUMENT...
apt()
{
	local state=$cache/apt/$1 tool=$2
	shift 2
	"$tool" -q -o "Dir::State::Lists=$state/lists" -o Dir::State::status=/dev/null \
		-o "Dir::Cache=$state/cache" -o "Dir::Etc::SourceList=$state/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null \
		-o Dir::Etc::PreferencesParts=/dev/null -o APT::Sandbox::User=root "$@"
}

apt_update() # SUITE
{
	local state=$cache/apt/$1 uri
	uri=$(mirror_of "$1")
	[ -n "$uri" ] || die "this machine's apt names no mirror that could have $1, which $wanted is from" 3
	mkdir -p "$state"/{lists/partial,cache/archives/partial} || exit 1
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $1 main" >"$state/sources.list"
	apt "$1" apt-get -o Acquire::Retries=2 --error-on=any update >"$state.log" 2>&1 </dev/null || {
		tail -n 5 "$state.log" >&2
		die "no network, or no $1 at the mirror that this machine's apt names: $wanted is from there" 3
	}
}
