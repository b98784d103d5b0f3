/* xml/scan_wide.c - vectors of thirty-two bytes: the dialect of vector.h in AVX2, and the scans in it.
 */
#include "xml/scan_wide.h"

#ifdef BARK_SCAN_WIDE

#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#define BARK_VECTOR 32

typedef __m256i bark_vector;

static inline bark_vector bark_vector_load(const uint8_t *at)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

static inline bark_vector bark_vector_is(bark_vector v, int byte)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)byte));
}

static inline bark_vector bark_vector_from(bark_vector v, int byte)
{
    return _mm256_cmpeq_epi8(_mm256_max_epu8(v, _mm256_set1_epi8((char)byte)), v);
}

static inline bark_vector bark_vector_below(bark_vector v, int byte)
{
    return _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8((char)(byte - 1))), v);
}

static inline bark_vector bark_vector_or(bark_vector a, bark_vector b)
{
    return _mm256_or_si256(a, b);
}

static inline bark_vector bark_vector_and(bark_vector a, bark_vector b)
{
    return _mm256_and_si256(a, b);
}

static inline bark_vector bark_vector_and_not(bark_vector a, bark_vector b)
{
    return _mm256_andnot_si256(b, a);
}

static inline bark_vector bark_vector_xor(bark_vector a, bark_vector b)
{
    return _mm256_xor_si256(a, b);
}

static inline bark_vector bark_vector_minus(bark_vector a, int byte)
{
    return _mm256_subs_epu8(a, _mm256_set1_epi8((char)byte));
}

static inline bark_vector bark_vector_tails(bark_vector v)
{
    return _mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xc0), v);
}

static inline bark_vector bark_vector_high(bark_vector v)
{
    return v;
}

/* The halves are shifted apart; what leaves the lower one enters the upper one. */
#define bark_vector_later(v, n) _mm256_alignr_epi8((v), _mm256_permute2x128_si256((v), (v), 0x08), 16 - (n))

static inline uint64_t bark_vector_mask(bark_vector v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

static inline unsigned bark_vector_first(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

#include "xml/scan_blocks.h"

const uint8_t *bark_scan_text_wide(const uint8_t *at, const uint8_t *end, bool *done)
{
    return blocks_skip(at, end, text_stops, done);
}

const uint8_t *bark_scan_value_wide(const uint8_t *at, const uint8_t *end, bool *done)
{
    return blocks_skip(at, end, value_stops, done);
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
