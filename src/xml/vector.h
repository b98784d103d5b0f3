/* xml/vector.h - sixteen bytes at once: the few operations that scanning needs, in two dialects.
 *
 * SSE2 is part of every x86-64, and Advanced SIMD of every 64-bit ARM, so nothing is asked at run time.
 * Elsewhere BARK_VECTOR is not defined. A condition is a vector of 0xff where it holds and 0 elsewhere.
 */
#ifndef BARK_XML_VECTOR_H
#define BARK_XML_VECTOR_H

#include <stdint.h>

#if defined BARK_SCALAR || defined BARK_COMPACT

/* A build that is to do without, or to be small. */

#elif defined __SSE2__

#include <emmintrin.h>

#define BARK_VECTOR 16

typedef __m128i bark_vector;

static inline bark_vector bark_vector_load(const uint8_t *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline void bark_vector_store(uint8_t *to, bark_vector v)
{
    _mm_storeu_si128((__m128i *)(void *)to, v);
}

/* Of two words, in the order of their addresses. */
static inline bark_vector bark_vector_of(uint64_t first, uint64_t last)
{
    return _mm_set_epi64x((long long)last, (long long)first);
}

static inline bark_vector bark_vector_is(bark_vector v, int byte)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)byte));
}

/* Bytes at least this one; SSE2 has no unsigned compare, but a maximum. */
static inline bark_vector bark_vector_from(bark_vector v, int byte)
{
    return _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8((char)byte)), v);
}

static inline bark_vector bark_vector_below(bark_vector v, int byte)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8((char)(byte - 1))), v);
}

/* Bytes below 0x20, and those from 0x80 on: what a signed compare takes for small. */
static inline bark_vector bark_vector_odd(bark_vector v)
{
    return _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
}

static inline bark_vector bark_vector_or(bark_vector a, bark_vector b)
{
    return _mm_or_si128(a, b);
}

static inline bark_vector bark_vector_and(bark_vector a, bark_vector b)
{
    return _mm_and_si128(a, b);
}

/* a and not b */
static inline bark_vector bark_vector_and_not(bark_vector a, bark_vector b)
{
    return _mm_andnot_si128(b, a);
}

static inline bark_vector bark_vector_xor(bark_vector a, bark_vector b)
{
    return _mm_xor_si128(a, b);
}

static inline bark_vector bark_vector_not(bark_vector v)
{
    return _mm_cmpeq_epi8(v, _mm_setzero_si128()); /* of a condition */
}

/* a - b, and 0 where that is below 0. */
static inline bark_vector bark_vector_minus(bark_vector a, int byte)
{
    return _mm_subs_epu8(a, _mm_set1_epi8((char)byte));
}

/* Bytes 0x80 to 0xbf. */
static inline bark_vector bark_vector_tails(bark_vector v)
{
    return _mm_cmplt_epi8(v, _mm_set1_epi8((char)0xc0));
}

/* What the highest bit of each byte says, as a condition: the mask looks at nothing else here. */
static inline bark_vector bark_vector_high(bark_vector v)
{
    return v;
}

/* Every byte moved n places to higher addresses, zeros in front. */
#define bark_vector_later(v, n) _mm_slli_si128((v), (n))

/* Where a condition holds, as bits from the lowest address up. */
static inline uint64_t bark_vector_mask(bark_vector v)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(v);
}

/* The place of the first bit of a mask that is not 0. */
static inline unsigned bark_vector_first(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask);
}

#elif defined __aarch64__ && defined __ARM_NEON && !defined __AARCH64EB__

#include <arm_neon.h>

#define BARK_VECTOR 16

typedef uint8x16_t bark_vector;

static inline bark_vector bark_vector_load(const uint8_t *at)
{
    return vld1q_u8(at);
}

static inline void bark_vector_store(uint8_t *to, bark_vector v)
{
    vst1q_u8(to, v);
}

static inline bark_vector bark_vector_of(uint64_t first, uint64_t last)
{
    return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(first), vcreate_u64(last)));
}

static inline bark_vector bark_vector_is(bark_vector v, int byte)
{
    return vceqq_u8(v, vdupq_n_u8((uint8_t)byte));
}

static inline bark_vector bark_vector_from(bark_vector v, int byte)
{
    return vcgeq_u8(v, vdupq_n_u8((uint8_t)byte));
}

static inline bark_vector bark_vector_below(bark_vector v, int byte)
{
    return vcltq_u8(v, vdupq_n_u8((uint8_t)byte));
}

static inline bark_vector bark_vector_odd(bark_vector v)
{
    return vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(0x20));
}

static inline bark_vector bark_vector_or(bark_vector a, bark_vector b)
{
    return vorrq_u8(a, b);
}

static inline bark_vector bark_vector_and(bark_vector a, bark_vector b)
{
    return vandq_u8(a, b);
}

static inline bark_vector bark_vector_and_not(bark_vector a, bark_vector b)
{
    return vbicq_u8(a, b);
}

static inline bark_vector bark_vector_xor(bark_vector a, bark_vector b)
{
    return veorq_u8(a, b);
}

static inline bark_vector bark_vector_not(bark_vector v)
{
    return vmvnq_u8(v);
}

static inline bark_vector bark_vector_minus(bark_vector a, int byte)
{
    return vqsubq_u8(a, vdupq_n_u8((uint8_t)byte));
}

static inline bark_vector bark_vector_tails(bark_vector v)
{
    return vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(-0x40));
}

static inline bark_vector bark_vector_high(bark_vector v)
{
    return bark_vector_from(v, 0x80);
}

#define bark_vector_later(v, n) vextq_u8(vdupq_n_u8(0), (v), 16 - (n))

/* Four bits a byte: narrowing is the shortest way from a condition to a number. */
static inline uint64_t bark_vector_mask(bark_vector v)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(v), 4)), 0);
}

static inline unsigned bark_vector_first(uint64_t mask)
{
    return (unsigned)__builtin_ctzll(mask) / 4;
}

#endif

#endif
