// SPDX-License-Identifier: GPL-2.0
/*
 * main() of a fuzz target without libFuzzer: runs every file of the corpus
 * directory once, so that each input that ever broke something stays a
 * regression test under any compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz.h"

/* The copy is exactly as long as the input, so that ASan sees one byte too far. */
static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	uint8_t *data;

	if (!file || fstat(fileno(file), &st)) {
		perror(path);
		return -1;
	}
	data = malloc(st.st_size);
	if (fread(data, 1, st.st_size, file) != (size_t)st.st_size) {
		perror(path);
		return -1;
	}
	fclose(file);
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, st.st_size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	unsigned int count = 0;
	char path[4096];
	DIR *dir;

	dir = argc == 2 ? opendir(argv[1]) : NULL;
	if (!dir) {
		fprintf(stderr, "usage: %s CORPUS-DIRECTORY (it must exist)\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		if (replay(path))
			return 1;
		count++;
	}
	closedir(dir);
	if (!count) {
		fprintf(stderr, "%s holds no input\n", argv[1]);
		return 1;
	}
	printf("ok 1 replay of %u inputs\n1 passed, 0 failed, 0 skipped\n", count);
	return 0;
}
