/* own_loop/room.h - the service of both programs: a thermometer, and a page that says how often the program's
 * own loop has done something else meanwhile.
 */
#ifndef OWN_LOOP_ROOM_H
#define OWN_LOOP_ROOM_H

#include "soapbark/server.h"

struct room {
    unsigned ticks; /* the program's own work */
    struct bark_image image;
    struct bark_service service;
    const struct bark_service *services[1];
    struct bark_resource resources[2];
};

/* Opens a server for the room, and prints where it is; NULL: it said why. */
struct bark_server *room_open(struct room *room, const char *listen);
int room_failed(const struct bark_error *err);

#endif
