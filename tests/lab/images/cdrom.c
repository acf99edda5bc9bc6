// SPDX-License-Identifier: GPL-2.0
/*
 * cdrom DEVICE: what it answers to the ioctls that tell a CD-ROM, asked by this program and
 * as 32-bit programs ask. Prints for each "capability R multisession R", where R is 0 or a
 * negative errno; the session's address has to be overwritten with 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define NR_IOCTL_32	54

static long ioctl_64(int fd, unsigned int command, void *argument)
{
	return ioctl(fd, command, argument) < 0 ? -errno : 0;
}

static long ioctl_32(int fd, unsigned int command, void *argument)
{
	long ret = NR_IOCTL_32;

	__asm__ __volatile__("int $0x80"
			     : "+a" (ret)
			     : "b" ((long)fd), "c" ((long)command), "d" (argument)
			     : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

int main(int argc, char **argv)
{
	static long (*const ways[])(int, unsigned int, void *) = { ioctl_64, ioctl_32 };
	struct cdrom_multisession *session;
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	/* Where a 32-bit pointer reaches. */
	session = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (fd < 0 || session == MAP_FAILED) {
		perror(argc == 2 ? argv[1] : "cdrom DEVICE");
		return 1;
	}
	for (unsigned int i = 0; i < 2; i++) {
		long capability = ways[i](fd, CDROM_GET_CAPABILITY, NULL);
		long multisession;

		memset(session, 0xff, sizeof(*session));
		multisession = ways[i](fd, CDROMMULTISESSION, session);
		if (!multisession && (session->addr.lba || session->xa_flag))
			multisession = 1;
		printf("capability %ld multisession %ld\n", capability, multisession);
	}
	return 0;
}
