/* bench/codec/gsoap.c - code that wsdl2h and soapcpp2 print for bench.xsd, or for ONVIF's media or device
 * service, set up as gSOAP's own guide advises for speed: SOAP_XML_TREE (no id/ref bookkeeping), UTF-8
 * strings, buffered callbacks to memory, -O2. The run-time library is the distribution's; it has id/ref
 * support, and code made WITH_NOIDREF does not link to it.
 */
#include "clock.h"

#if defined BENCH_MEDIA
#include "MediaBinding.nsmap"
#define ROOTS(X) X(GetProfilesResponse, _trt__GetProfilesResponse)
#elif defined BENCH_DEVICE
#include "DeviceBinding.nsmap"
#define ROOTS(X) X(GetServicesResponse, _tds__GetServicesResponse)
#else
#include "ns1.nsmap"
#define ROOTS(X) \
    X(records, _ns1__records) \
    X(texts, _ns1__texts) \
    X(numbers, _ns1__numbers) \
    X(marks, _ns1__marks) \
    X(blobs, _ns1__blobs)
#endif
#include "soapH.h"

struct job {
    struct bench_document doc;
    size_t at; /* input handed over */
    char *out; /* output taken */
    size_t out_len, out_cap;
    struct soap *soap;
    union {
#define MEMBER(element, type) struct type element;
        ROOTS(MEMBER)
    } is;
};

static size_t on_receive(struct soap *soap, char *to, size_t room)
{
    struct job *job = soap->user;
    size_t n = job->doc.len - job->at;
    n = n < room ? n : room;
    memcpy(to, job->doc.text + job->at, n);
    job->at += n;
    return n;
}

static int on_send(struct soap *soap, const char *from, size_t len)
{
    struct job *job = soap->user;
    if (len > job->out_cap - job->out_len)
        return SOAP_EOM;
    memcpy(job->out + job->out_len, from, len);
    job->out_len += len;
    return SOAP_OK;
}

static void decode(void *context)
{
    struct job *job = context;
    struct soap *soap = job->soap;
    int bad = 1;
    soap_destroy(soap);
    soap_end(soap);
    job->at = 0;
#define READ(element, type) \
    if (bench_is(&job->doc, #element)) \
        bad = soap_read_##type(soap, &job->is.element);
    ROOTS(READ)
    if (bad) {
        soap_print_fault(soap, stderr);
        bench_die("gSOAP refused the document");
    }
}

static void encode(void *context)
{
    struct job *job = context;
    struct soap *soap = job->soap;
    int bad = 1;
    job->out_len = 0;
#define WRITE(element, type) \
    if (bench_is(&job->doc, #element)) \
        bad = soap_write_##type(soap, &job->is.element);
    ROOTS(WRITE)
    if (bad)
        bench_die("gSOAP did not write the document");
}

int main(int argc, char **argv)
{
    struct job job = { 0 };
    if (argc != 4)
        bench_die("usage: gsoap FILE decode|encode SECONDS");
    job.doc = bench_read(argv[1]);
    job.out_cap = job.doc.len * 2 + 4096;
    job.out = malloc(job.out_cap);
    job.soap = soap_new2(SOAP_XML_TREE | SOAP_C_UTFSTRING, SOAP_XML_TREE | SOAP_C_UTFSTRING);
    if (!job.out || !job.soap)
        bench_die("out of memory");
    memset(job.out, 1, job.out_cap);
    job.soap->user = &job;
    job.soap->maxoccurs = 100 * 1000 * 1000; /* its own default is 100,000 */
    job.soap->frecv = on_receive;
    job.soap->fsend = on_send;
    decode(&job);
    if (strcmp(argv[2], "encode") == 0) {
        encode(&job);
        bench_loop(encode, &job, job.out_len, atof(argv[3]));
    } else {
        bench_loop(decode, &job, job.doc.len, atof(argv[3]));
    }
    return 0;
}
