/* bare/message.c - the least that a device does with the engine: it reads one message, and writes it again.
 *
 * The bill (tools/size) counts what of the engine a linker keeps for it, bare_test.sh runs it on a 32-bit
 * machine without an operating system's library. MESSAGE_DECODE_ONLY leaves the writing out,
 * MESSAGE_UNPROVED the proof of the image. The exit status is the number of the step that went wrong, 0 when
 * none did.
 */
#include "thermostat.h"

#include "soapbark/codec.h"

#include <string.h>

int main(void);

#ifdef MESSAGE_UNPROVED
#define image_open bark_image_open_unproved
#else
#define image_open bark_image_open
#endif

static const char good[] =
    "<thermo:SetSchedule xmlns:thermo=\"http://soapbark.example/thermostat\">"
    "<thermo:Period day=\"Monday\"><thermo:From>06:30:00.25Z</thermo:From>"
    "<thermo:Target>20.5</thermo:Target><thermo:Label>early morning</thermo:Label>"
    "</thermo:Period><thermo:Period day=\"Sunday\"><thermo:From>09:00:00Z</thermo:From>"
    "<thermo:Target>18</thermo:Target></thermo:Period></thermo:SetSchedule>";
/* 31 degrees are over the maximum that the schema allows. */
static const char bad[] = "<thermo:SetTarget xmlns:thermo=\"http://soapbark.example/thermostat\">"
                          "<thermo:Celsius>31</thermo:Celsius></thermo:SetTarget>";

static enum bark_code text_decode(const struct bark_image *image, uint16_t root, const char *text,
                                  struct bark_arena *arena, void **msg, struct bark_error *err)
{
    const struct bark_slice in = { (const uint8_t *)text, strlen(text) };
    return bark_decode(image, root, in, &bark_limits_device, arena, msg, NULL, err);
}

int main(void)
{
    static uint64_t memory[2048];
    struct bark_image image;
    struct bark_arena arena;
    struct bark_error err = { 0 };
    void *msg;
    const struct thermo_SetSchedule *schedule;
    bark_arena_init(&arena, memory, sizeof memory);
    if (image_open(&image, thermostat_tables(), &err) != BARK_OK)
        return 1;
    if (text_decode(&image, thermo_SetSchedule_root, good, &arena, &msg, &err) != BARK_OK)
        return 2;
    schedule = msg;
    if (schedule->Period.count != 2 || schedule->Period.items[1].day != thermo_Day_Sunday ||
        schedule->Period.items[0].Label.len != 13 || schedule->Period.items[0].From.nanosecond != 250000000)
        return 3;
#ifndef MESSAGE_DECODE_ONLY
    {
        static uint8_t back[sizeof good];
        struct bark_out out;
        bark_out_init(&out, back, sizeof back);
        if (bark_encode(&image, thermo_SetSchedule_root, msg, &bark_limits_device, &arena, &out, &err) !=
            BARK_OK)
            return 4;
        if (memcmp(back, good, sizeof good - 1) != 0)
            return 5;
    }
#endif
    if (text_decode(&image, thermo_SetTarget_root, bad, &arena, &msg, &err) != BARK_ERR_FACET)
        return 6;
    return 0;
}
