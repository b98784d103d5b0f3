/* table/print_test.c - the golden image: rows as text and as bytes, so that a change of the format shows in a
 * review.
 *
 * cases/images/sample.txt is the text, cases/images/sample.hex the bytes of tests/sample_image.h in this
 * machine's layout class (8-byte pointers, little-endian); the fuzzer's seed is the same image. With
 * SOAPBARK_REGENERATE=1 in the environment the files are written anew.
 */
#include "sample_image.h"
#include "table/print.h"
#include "testkit.h"

static struct image_builder builder;
static char text[65536], golden[1 << 18], hex[1 << 18];

static bool regenerate(void)
{
    const char *value = getenv("SOAPBARK_REGENERATE");
    return value && strcmp(value, "1") == 0;
}

/* Compares with the file, or writes it. */
static void golden_check(const char *path, const char *now)
{
    FILE *file = fopen(path, regenerate() ? "wb" : "rb");
    size_t len;
    CHECK_IN(path, file != NULL);
    if (!file)
        return;
    if (regenerate()) {
        fputs(now, file);
    } else {
        len = fread(golden, 1, sizeof golden - 1, file);
        golden[len] = '\0';
        CHECK_IN(path, strcmp(golden, now) == 0);
    }
    fclose(file);
}

static bool layout_is_golden(void)
{
    const uint16_t one = 1;
    uint8_t low;
    memcpy(&low, &one, 1);
    return sizeof(void *) == 8 && _Alignof(int64_t) == 8 && low == 1;
}

TEST(golden_text)
{
    struct sample_rows rows;
    struct bark_error err = { 0 };
    struct bark_image image;
    struct bark_out out;
    if (!layout_is_golden())
        SKIP("the golden image is of 8-byte pointers, little-endian");
    CHECK(bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    bark_out_init(&out, text, sizeof text - 1);
    bark_image_print(&image, &out);
    CHECK(bark_out_ok(&out));
    text[out.pos] = '\0';
    golden_check("cases/images/sample.txt", text);
}

TEST(golden_bytes)
{
    struct sample_rows rows;
    struct bark_slice data;
    size_t i, at = 0;
    if (!layout_is_golden())
        SKIP("the golden image is of 8-byte pointers, little-endian");
    data = sample_image(&builder, &rows);
    for (i = 0; i < data.len; i++)
        at += (size_t)snprintf(hex + at, sizeof hex - at, "%02x%s", data.ptr[i], i % 32 == 31 ? "\n" : "");
    snprintf(hex + at, sizeof hex - at, "\n");
    golden_check("cases/images/sample.hex", hex);
}

/* A seed of another version would be refused at once, and the fuzzer would begin with nothing. */
TEST(fuzz_seed_is_the_golden_image)
{
    static const char path[] = "fuzz/seeds/table_check/sample.bin";
    struct sample_rows rows;
    struct bark_slice data;
    FILE *file;
    if (!layout_is_golden())
        SKIP("the golden image is of 8-byte pointers, little-endian");
    data = sample_image(&builder, &rows);
    file = fopen(path, regenerate() ? "wb" : "rb");
    CHECK_IN(path, file != NULL);
    if (!file)
        return;
    if (regenerate())
        CHECK_IN(path, fwrite(data.ptr, 1, data.len, file) == data.len);
    else
        CHECK_IN(path, fread(golden, 1, sizeof golden, file) == data.len &&
                           memcmp(golden, data.ptr, data.len) == 0);
    fclose(file);
}

TEST(print_stops_at_a_full_buffer)
{
    struct sample_rows rows;
    struct bark_error err = { 0 };
    struct bark_image image;
    struct bark_out out;
    size_t room, full;
    CHECK(bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK);
    bark_out_init(&out, text, sizeof text);
    bark_image_print(&image, &out);
    full = out.pos;
    for (room = 0; room < full; room += 61) {
        bark_out_init(&out, text, room);
        bark_image_print(&image, &out);
        CHECK(!bark_out_ok(&out));
        CHECK(out.pos <= room);
    }
}

TEST_MAIN(RUN(golden_text) RUN(golden_bytes) RUN(fuzz_seed_is_the_golden_image)
              RUN(print_stops_at_a_full_buffer))
