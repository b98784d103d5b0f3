/* attach/gsoap/album_client.c - gSOAP as an MTOM client of album.wsdl: sends octets as a part, gets some
 * back.
 */
#include "Album.nsmap"
#include "soapH.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIZE = 100000 };

static unsigned char octet(size_t i)
{
    return (unsigned char)(i * 31 + (i >> 8));
}

static void said(const char *name, int ok, struct soap *soap)
{
    printf("%s %s\n", name, ok ? "ok" : "failed");
    if (!ok)
        soap_print_fault(soap, stdout);
}

int main(int argc, char **argv)
{
    struct soap *soap = soap_new1(SOAP_ENC_MTOM | SOAP_IO_KEEPALIVE);
    struct _xop__Include picture = { 0 };
    struct a__StoreResponse stored = { 0 };
    struct a__FetchResponse fetched = { 0 };
    unsigned sum = 0;
    int ok;
    if (argc < 2)
        return 2;
    soap_set_mime(soap, NULL, NULL);
    picture.__ptr = malloc(SIZE);
    picture.__size = SIZE;
    picture.type = "image/png";
    for (size_t i = 0; i < SIZE; i++) {
        picture.__ptr[i] = octet(i);
        sum = sum * 31 + octet(i);
    }
    ok = soap_call_a__Store(soap, argv[1], NULL, "n", picture, &stored) == SOAP_OK;
    said("store", ok && stored.a__Bytes == SIZE && stored.a__Sum == sum, soap);
    printf("attachments %s\n", ok && stored.a__Attachments ? stored.a__Attachments : "");
    ok = soap_call_a__Fetch(soap, argv[1], NULL, 5000, 2, &fetched) == SOAP_OK;
    ok = ok && fetched.a__Picture && fetched.a__Picture->__size == 5000 && fetched.__sizePage == 2 &&
         fetched.a__Page[1].__size == 5000 && fetched.a__Page[1].__ptr[4999] == octet(4999);
    said("fetch", ok, soap);
    printf("id %s\n", ok && fetched.a__Picture->id ? fetched.a__Picture->id : "");
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    free(picture.__ptr);
    return 0;
}
