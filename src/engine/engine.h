/* engine/engine.h - the engine's inner entrances, for the layers that wrap a message in another one (soap,
 * ws).
 */
#ifndef BARK_ENGINE_ENGINE_H
#define BARK_ENGINE_ENGINE_H

#include "soapbark/codec.h"
#include "xml/reader.h"
#include "xml/writer.h" /* bark_write_text, bark_write_attribute_text */

/* Decodes the element whose START the reader has just returned, up to and with its END, as a value of the
 * type row. *msg is a fresh struct in the reader's arena. The reader must be using the same image. */
BARK_MUST_CHECK enum bark_code bark_decode_element(struct bark_xml_reader *r, const struct bark_image *image,
                                                   const struct bark_xml_event *start, uint16_t type,
                                                   void **msg);

/* The same with options, which may be NULL; what they count is not set to 0 here. */
BARK_MUST_CHECK enum bark_code bark_decode_element_with(struct bark_xml_reader *r,
                                                        const struct bark_image *image,
                                                        const struct bark_xml_event *start, uint16_t type,
                                                        const struct bark_decode_options *options,
                                                        void **msg);

/* The same for a value of SOAP encoding: the members of a struct come in any order, each at most once, as
 * their names alone tell them apart [SOAP11 5.1]. A struct with members that repeat, or with groups, keeps
 * its order. */
BARK_MUST_CHECK enum bark_code bark_decode_element_unordered(struct bark_xml_reader *r,
                                                             const struct bark_image *image,
                                                             const struct bark_xml_event *start,
                                                             uint16_t type, void **msg);

/* Reads the element just started up to its END and drops it; everything is still checked. */
BARK_MUST_CHECK enum bark_code bark_skip_element(struct bark_xml_reader *r);

/* Captures the element just started as a fragment of its own [XMLNS]: prefixes it uses are declared on it. */
BARK_MUST_CHECK enum bark_code bark_capture_element(struct bark_xml_reader *r,
                                                    const struct bark_xml_event *start, struct bark_any *any);

/* Checks that xml is one well-formed element and copies it to out; the only way for a caller's own XML to the
 * wire [row 29]. Prefixes that it uses must be declared in it. arena lends room and gets it back. */
BARK_MUST_CHECK enum bark_code bark_write_fragment(struct bark_out *out, struct bark_slice xml,
                                                   const struct bark_limits *limits, struct bark_arena *arena,
                                                   struct bark_error *err);

/* The same for the content of a RAW struct: any run of text and elements, as a CONTENT field holds it. */
BARK_MUST_CHECK enum bark_code bark_write_content(struct bark_out *out, struct bark_slice xml,
                                                  const struct bark_limits *limits, struct bark_arena *arena,
                                                  struct bark_error *err);

struct bark_occurs {
    uint32_t min, max; /* UINT32_MAX: unbounded */
};

/* [XSD1 3.8.4, 3.8.6] How often the field comes, by the schema. A group that may be without any element is
 * there as often as it must be when none has come. */
struct bark_occurs bark_field_occurs(const struct bark_image *image, const struct bark_field_row *f);

/* How often the field must come where it stands: once, where groups are judged together (division.h). */
static inline uint32_t bark_field_least(const struct bark_image *image, const struct bark_field_row *f)
{
    const uint32_t min = bark_field_occurs(image, f).min;
    return min > 1 && bark_field_bits(image, f) & (BARK_F_DIVIDES | BARK_F_DIVIDED) ? 1 : min;
}

/* Whether a member of the struct or group at base is there. Of a choice, only the one that `which` says is
 * asked for. */
enum bark_presence bark_member_presence(const struct bark_image *image, const struct bark_type_row *type,
                                        const uint8_t *base, const struct bark_field_row *f);

#endif
