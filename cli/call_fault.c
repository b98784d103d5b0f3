/* cli/call_fault.c - a fault on a terminal: its texts are a peer's.
 */
#include "call_fault.h"

#include <stdio.h>

/* A peer's text on a terminal: what would steer the terminal becomes '?'. */
static void text_print(const char *label, struct bark_text t)
{
    fputs(label, stderr);
    for (size_t i = 0; i < t.len; i++) {
        const uint8_t c = (uint8_t)t.ptr[i];
        const bool steers =
            (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ||
            (c == 0xc2 && i + 1 < t.len && (uint8_t)t.ptr[i + 1] < 0xa0); /* U+0080 to U+009F */
        fputc(steers ? '?' : c, stderr);
        i += steers && c == 0xc2;
    }
}

void cli_fault_print(const struct bark_soap_fault *fault)
{
    text_print("fault: ", fault->code.local);
    for (size_t i = 0; i < BARK_FAULT_SUBCODES && fault->subcodes[i].local.ptr; i++)
        text_print(" / ", fault->subcodes[i].local);
    if (fault->reason.ptr)
        text_print("\nreason: ", fault->reason);
    if (fault->detail.ptr)
        text_print("\ndetail: ", fault->detail);
    fputc('\n', stderr);
}
