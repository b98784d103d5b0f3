/* onvif/state_file.h - the device's settings and users in a file of its state folder. */
#ifndef ONVIF_STATE_FILE_H
#define ONVIF_STATE_FILE_H

#include "backend.h"

enum { ONVIF_STATE_PATH = 512 };

struct onvif_state_file {
    char path[ONVIF_STATE_PATH];
    uint64_t version[3]; /* which file was read or written last: its inode and time */
};

/* Reads FOLDER/device.state into the backend, when it is there, and sets its save hook; file must outlive the
 * backend. Errors: BARK_ERR_USE when the file is damaged, may be read by others, or cannot be read. A device
 * does not start then: without its users it would let the next one to come set it up. */
BARK_MUST_CHECK enum bark_code onvif_state_open(struct onvif_state_file *file, const char *folder,
                                                struct onvif_backend *backend, struct bark_error *err);

/* Another process serves the same folder for a while, as during a handover: what either saves the other takes
 * over before its next call, and a change that was drafted on a state of before is refused. For a backend
 * with a lock. */
void onvif_state_share(struct onvif_backend *backend);

#endif
