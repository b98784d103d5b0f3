/* soapbark/left_out.h - bits of field rows that a build of the library never meets (SOAPBARK_WITHOUT).
 *
 * A library that was built without a part opens no image that has the part's bits [T12]. So they are known to
 * be 0, and what would look at them is not compiled. A program that uses the library sees all bits.
 */
#ifndef SOAPBARK_LEFT_OUT_H
#define SOAPBARK_LEFT_OUT_H

#ifdef BARK_WITHOUT_DEFAULT
#define BARK_F_OF_DEFAULT (BARK_F_DEFAULT | BARK_F_FIXED)
#else
#define BARK_F_OF_DEFAULT 0
#endif

#ifdef BARK_WITHOUT_GROUP
#define BARK_F_OF_GROUP (BARK_F_DIVIDES | BARK_F_DIVIDED)
#else
#define BARK_F_OF_GROUP 0
#endif

#ifdef BARK_WITHOUT_NIL
#define BARK_F_OF_NIL BARK_F_NILLABLE
#else
#define BARK_F_OF_NIL 0
#endif

/* enum bark_field_bits of the parts that are left out. */
#define BARK_F_LEFT_OUT (BARK_F_OF_DEFAULT | BARK_F_OF_GROUP | BARK_F_OF_NIL)

#endif
