/* attach/gsoap/album_server.c - gSOAP as an MTOM server of album.wsdl, for as many requests as its argument
 * says.
 */
#include "Album.nsmap"
#include "soapH.h"

#include <stdio.h>
#include <stdlib.h>

int a__Store(struct soap *soap, char *name, struct _xop__Include picture, struct a__StoreResponse *answer)
{
    answer->a__Bytes = picture.__size;
    for (int i = 0; i < picture.__size; i++)
        answer->a__Sum = answer->a__Sum * 31 + picture.__ptr[i];
    answer->a__Attachments = picture.id ? picture.id : ""; /* it came as a part */
    return SOAP_OK;
}

int a__Fetch(struct soap *soap, int size, int pages, struct a__FetchResponse *answer)
{
    struct _xop__Include *picture = soap_malloc(soap, sizeof *picture);
    *picture = (struct _xop__Include){ 0 };
    picture->__ptr = soap_malloc(soap, size);
    picture->__size = size;
    picture->type = "image/png";
    for (int i = 0; i < size; i++)
        picture->__ptr[i] = (unsigned char)(i * 31 + (i >> 8));
    answer->a__Picture = picture;
    answer->a__Href = "";
    return SOAP_OK;
}

int main(int argc, char **argv)
{
    struct soap *soap = soap_new1(SOAP_ENC_MTOM);
    struct sockaddr_in bound;
    socklen_t len = sizeof bound;
    int requests = argc > 1 ? atoi(argv[1]) : 1;
    soap->accept_timeout = 30;
    if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", 0, 8)))
        return 1;
    getsockname(soap->master, (struct sockaddr *)&bound, &len);
    printf("album: http://127.0.0.1:%d/\n", ntohs(bound.sin_port));
    fflush(stdout);
    for (; requests > 0 && soap_valid_socket(soap_accept(soap)); requests--) {
        soap_serve(soap);
        soap_destroy(soap);
        soap_end(soap);
    }
    getchar(); /* the test ends it */
    return 0;
}
