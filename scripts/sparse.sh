# shellcheck shell=bash
# To be sourced: how kbuild of any kernel of scripts/supported has sparse look at every file.
# C=2 is what people say; headers of 7.x take that back, for want of a script that asks sparse
# what it knows. The sparse of Debian 12 does not know __typeof_unqual__, and cannot compute what
# MODULE_*() of 7.x assert: it gives up on the file there. gcc knows both.
# shellcheck disable=SC2034 # for who sources this
sparse_options=(KBUILD_CHECKSRC=2 CF="-D__CHECK_ENDIAN__ -D__typeof_unqual__=__typeof__ -D'_Static_assert(...)='")
