/* thermostat/client.c - asks a thermostat and sets it: the client side of the tour.
 *
 *     thermostat-client http://127.0.0.1:8080/thermostat 22.5
 *
 * Each operation of the WSDL has a function: the client, a struct in, a struct out. The answer was checked
 * against the schema just as the server checked the request, and lives in the client until the next call.
 */
#include "thermostat.h"

#include "soapbark/client.h"

#include <stdio.h>
#include <stdlib.h>

static int failure(const struct bark_client *client, const struct bark_error *err)
{
    const struct bark_soap_fault *fault = client ? bark_client_fault(client) : NULL;
    char text[640];
    if (err->code == BARK_ERR_FAULT && fault) {
        printf("refused: %s\n", fault->reason.ptr);
        if (fault->detail.len)
            printf("detail: %s\n", fault->detail.ptr);
        return 3;
    }
    bark_error_text(err, text, sizeof text);
    fprintf(stderr, "thermostat-client: %s\n", text);
    return 1;
}

static int temperature_print(struct bark_client *client, struct bark_error *err)
{
    const struct thermo_GetTemperature question = { 0 };
    const struct thermo_GetTemperatureResponse *t;
    if (thermo_Thermostat_GetTemperature(client, &question, &t, err) != BARK_OK)
        return failure(client, err);
    printf("it is %.1f degrees, wanted are %.1f\n", t->Celsius, t->Target);
    if (t->has_HumidityPercent)
        printf("humidity %u %%\n", (unsigned)t->HumidityPercent);
    return 0;
}

static int target_set(struct bark_client *client, double celsius, struct bark_error *err)
{
    const struct thermo_SetTarget order = { .Celsius = celsius };
    const struct thermo_SetTargetResponse *done;
    if (thermo_Thermostat_SetTarget(client, &order, &done, err) != BARK_OK)
        return failure(client, err);
    printf("set to %.1f, it was %.1f\n", celsius, done->Previous);
    return 0;
}

int main(int count, char **words)
{
    struct bark_image image;
    struct bark_error err = { 0 };
    if (count < 2 || count > 3) {
        fprintf(stderr, "usage: thermostat-client URL [CELSIUS]\n");
        return 2;
    }
    if (bark_image_open(&image, thermostat_tables(), &err) != BARK_OK)
        return failure(NULL, &err);
    struct bark_client_options options = { .url = words[1], .image = &image };
    struct bark_client *client = bark_client_new(&options, &err);
    if (!client)
        return failure(NULL, &err);
    int status = count == 3 ? target_set(client, strtod(words[2], NULL), &err) : 0;
    if (status == 0)
        status = temperature_print(client, &err);
    bark_client_free(client);
    return status;
}
