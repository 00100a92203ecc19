/* Csvsum adds up a column of a CSV file.
 *
 *     csvsum FILE COLUMN
 *
 * COLUMN is a field of the first row. Prints the number of rows, their sum, the least and the greatest value. Fields
 * are integers of 64 bits and are not quoted. Ends with 1 if the file cannot be read, has no such column, or holds a
 * field that is no such integer; with 2 if it is called in another way.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 4096 };

/* Cuts the line's end off and says whether the whole line was read. */
static int cut_end(char *line) {
    size_t length = strlen(line);
    if (length == LINE_BYTES - 1 && line[length - 1] != '\n') {
        return 0;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return 1;
}

/* The field of this number, cut out of the line; NULL if the line has fewer. */
static char *field(char *line, int number) {
    for (; number > 0; number--) {
        line = strchr(line, ',');
        if (line == NULL) {
            return NULL;
        }
        line++;
    }
    line[strcspn(line, ",")] = '\0';
    return line;
}

/* The number of the field with this name; -1 if there is none. */
static int find_column(const char *header, const char *name) {
    size_t length = strlen(name);
    for (int number = 0; header != NULL; number++) {
        if (strcspn(header, ",") == length && strncmp(header, name, length) == 0) {
            return number;
        }
        header = strchr(header, ',');
        header = header == NULL ? NULL : header + 1;
    }
    return -1;
}

static int fail(const char *message, const char *what) {
    fprintf(stderr, "csvsum: %s: %s\n", what, message);
    return 1;
}

static int sum(FILE *file, const char *name, const char *column) {
    static char line[LINE_BYTES];
    if (fgets(line, LINE_BYTES, file) == NULL) {
        return fail(ferror(file) ? strerror(errno) : "no rows", name);
    }
    if (!cut_end(line)) {
        return fail("a line is too long", name);
    }
    int number = find_column(line, column);
    if (number < 0) {
        return fail("no such column", column);
    }
    long long rows = 0, total = 0, least = 0, greatest = 0;
    while (fgets(line, LINE_BYTES, file) != NULL) {
        if (!cut_end(line)) {
            return fail("a line is too long", name);
        }
        char *text = field(line, number);
        char *end = text;
        errno = 0;
        long long value = text == NULL ? 0 : strtoll(text, &end, 10);
        if (end == text || *end != '\0' || errno != 0) {
            return fail("not an integer", text == NULL ? "(no field)" : text);
        }
        if (__builtin_add_overflow(total, value, &total)) {
            return fail("the sum is too large", column);
        }
        least = rows == 0 || value < least ? value : least;
        greatest = rows == 0 || value > greatest ? value : greatest;
        rows++;
    }
    if (ferror(file)) {
        return fail(strerror(errno), name);
    }
    printf("rows %lld\nsum %lld\n", rows, total);
    if (rows > 0) {
        printf("least %lld\ngreatest %lld\n", least, greatest);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: csvsum FILE COLUMN\n");
        return 2;
    }
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) {
        return fail(strerror(errno), argv[1]);
    }
    int code = sum(file, argv[1], argv[2]);
    fclose(file);
    return code;
}
