/* xml/window.h - reading a message that is never in memory as a whole.
 *
 * The reader's input is then a window: a block of the caller's memory that holds the next bytes of the
 * message. A token that is not whole in it is left alone and bark_xml_next() says BARK_MORE: nothing has
 * happened, and the call is made again when there are more bytes. Text comes in pieces. What outlives its
 * token, the names of open elements and the bindings in scope, is copied to slots, one for each depth and
 * each binding, that grow to the longest they have held: so an endless message costs no more memory than its
 * widest part.
 */
#ifndef BARK_XML_WINDOW_H
#define BARK_XML_WINDOW_H

#include "base/lines.h"
#include "xml/reader.h"

/* What a decision needs to see at most: a byte that is special is not looked at before so many follow, or
 * the message ends. The longest is "<![CDATA[". */
enum { BARK_WINDOW_LOOK = 16, BARK_WINDOW_HEAD = 68, BARK_WINDOW_BYTES_MIN = 256 };

struct bark_xml_slot {
    uint8_t *ptr;
    size_t cap;
};

enum bark_xml_section { BARK_SECTION_NONE, BARK_SECTION_COMMENT, BARK_SECTION_CDATA };

struct bark_xml_window {
    uint8_t *memory;
    size_t size;
    bool final; /* no more bytes will come */
    bool cut; /* no more bytes fit in: the token that fills the window is judged as it stands */
    bool opened; /* byte order mark and declaration are behind */
    enum bark_xml_section section; /* the one that the text goes on in */
    bool run; /* a text is being read in pieces */
    bool cdata; /* the last piece was one of a CDATA section */
    bool blank; /* of the text so far */
    size_t len; /* of the text so far, flattened */
    size_t offset, raw_len; /* where it began; its bytes in the message */
    size_t line, column; /* of its beginning */
    uint8_t head[BARK_WINDOW_HEAD]; /* its first bytes, to show in an error */
    struct bark_lines lines; /* never beyond r->at */
    size_t scanned; /* of the tag at r->at, which has no end yet */
    uint8_t quote; /* that is open there, or 0 */
    struct bark_xml_slot *names, *bindings;
    bool collecting;
    size_t collected; /* bytes above arena->used that the collector holds */
};

/* As bark_xml_open(), of a message whose bytes are put into w->memory by bark_xml_window_add(). memory, of
 * size bytes, must be set; everything else is. */
BARK_MUST_CHECK enum bark_code bark_xml_open_window(struct bark_xml_reader *r, struct bark_xml_window *w,
                                                    const struct bark_limits *limits,
                                                    struct bark_arena *arena, struct bark_error *err);

/* Moves what is not yet read to the front and adds as many of the bytes as fit in; how many. */
size_t bark_xml_window_add(struct bark_xml_reader *r, struct bark_slice bytes);

/* After a failure with w->cut: was it the token's own, or is the window too small for it? Says so then. */
enum bark_code bark_xml_window_judge(struct bark_xml_reader *r);

/* For reader.c and text.c. True while r has a window and more bytes are needed:
 *   short   to decide about what stands here      opens   to read mark and declaration
 *   holds   before a text may go on here          tag     until the tag here is whole */
bool bark_xml_window_short(const struct bark_xml_reader *r);
bool bark_xml_window_opens(struct bark_xml_reader *r);
bool bark_xml_window_holds(const struct bark_xml_reader *r);
bool bark_xml_window_tag(struct bark_xml_reader *r);

/* Content of an element: a piece of text, the TEXT that ends one, BARK_MORE; or *tag: something else begins.
 */
enum bark_code bark_xml_window_inside(struct bark_xml_reader *r, struct bark_xml_event *ev, bool *tag);

/* The text of the piece just given, flattened where it stands: text_len bytes, to be changed at will. Lines
 * are counted before, so this is for a piece whose raw bytes nobody looks at any more. */
uint8_t *bark_xml_window_flat(struct bark_xml_reader *r, const struct bark_xml_event *piece);

/* Copies the name of the element just opened, and the bindings from first on. */
enum bark_code bark_xml_window_keep_name(struct bark_xml_reader *r);
enum bark_code bark_xml_window_keep_bindings(struct bark_xml_reader *r, uint32_t first);

/* Line and column of an offset. */
void bark_xml_window_place(const struct bark_xml_reader *r, struct bark_error *err, size_t at);

/* The collector: bytes gathered above the permanent end of the arena, where bark_arena_room() then finds
 * them. Nothing else may be taken from there meanwhile, except by the reader itself. */
void bark_xml_collect_begin(struct bark_xml_reader *r);
bool bark_xml_collect(struct bark_xml_reader *r, const uint8_t *bytes, size_t len);
bool bark_xml_collect_piece(struct bark_xml_reader *r, const struct bark_xml_event *piece);
/* Whether scratch, that was pushed since, leaves them their room. */
bool bark_xml_collect_fits(const struct bark_xml_reader *r);
struct bark_slice bark_xml_collected(const struct bark_xml_reader *r);
void bark_xml_collect_end(struct bark_xml_reader *r);

#endif
