/* base/bytes.h - equality of short runs of bytes, without a call.
 *
 * Names in messages have some five to thirty bytes; for those a call of memcmp() costs more than the compare.
 */
#ifndef BARK_BASE_BYTES_H
#define BARK_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* For the few functions whose call would cost as much as what they do; a size build decides for itself. */
#if defined __OPTIMIZE_SIZE__ || !defined __OPTIMIZE__
#define BARK_INLINE static inline
#else
#define BARK_INLINE static inline __attribute__((always_inline))
#endif

/* For the rare part of a quick function: in line, its registers would have to be saved for the common part
 * too. */
#define BARK_APART static __attribute__((noinline))

static inline uint64_t bark_word_at(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* The same with the byte at the lowest address lowest, whatever the machine. */
static inline uint64_t bark_word_little(const uint8_t *at)
{
    const uint64_t word = bark_word_at(at);
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

static inline uint32_t bark_half_word_at(const uint8_t *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* True when len bytes at a and at b are the same. No byte beyond them is read: the last word overlaps the one
 * before it. */
static inline bool bark_bytes_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
#ifdef BARK_COMPACT
    return len == 0 || memcmp(a, b, len) == 0;
#else
    size_t i;
    if (len >= sizeof(uint64_t)) {
        for (i = 0; i < len - sizeof(uint64_t); i += sizeof(uint64_t))
            if (bark_word_at(a + i) != bark_word_at(b + i))
                return false;
        i = len - sizeof(uint64_t);
        return bark_word_at(a + i) == bark_word_at(b + i);
    }
    if (len >= sizeof(uint32_t)) {
        i = len - sizeof(uint32_t);
        return bark_half_word_at(a) == bark_half_word_at(b) &&
               bark_half_word_at(a + i) == bark_half_word_at(b + i);
    }
    for (i = 0; i < len; i++)
        if (a[i] != b[i])
            return false;
    return true;
#endif
}

/* The same where eight bytes are readable at a and at b, and len is not 0. */
static inline bool bark_bytes_equal_ahead(const uint8_t *a, const uint8_t *b, size_t len)
{
    if (len > sizeof(uint64_t))
        return bark_bytes_equal(a, b, len);
    return (bark_word_little(a) ^ bark_word_little(b)) << ((64 - 8 * len) & 63) == 0;
}

/* Copies less than sixteen bytes; words that overlap instead of a loop. */
static inline void bark_bytes_copy_short(uint8_t *to, const uint8_t *from, size_t len)
{
    size_t i;
    if (len >= sizeof(uint64_t)) {
        const uint64_t first = bark_word_at(from), last = bark_word_at(from + len - sizeof first);
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
    } else if (len >= sizeof(uint32_t)) {
        const uint32_t first = bark_half_word_at(from), last = bark_half_word_at(from + len - sizeof first);
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
    } else {
        for (i = 0; i < len; i++)
            to[i] = from[i];
    }
}

#endif
