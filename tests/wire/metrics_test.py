#!/usr/bin/env python3
"""tests/wire/metrics_test.py - what the device counts, read by the OpenMetrics parser of Prometheus."""
import os
import sys

from wirekit import BUILD, ask, check, run, serving

try:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
except ImportError:
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):  # Debian's Python has the module
        os.environ["PEER_AGAIN"] = "1"
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("skip metrics_test: no python3-prometheus-client")
    sys.exit(0)

PATH = b"/onvif/device_service"
GET = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
TIME = (b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetSystemDateAndTime '
        b'xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>')


def call(body):
    return (b"POST " + PATH + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/soap+xml\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body) + body)


def scrape(server):
    answer = ask(server, GET)
    check(answer.status == 200, f"status {answer.status}")
    check(answer.fields["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8", "type")
    samples = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        check(family.documentation and family.type != "unknown", f"{family.name} has no help or type")
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            check(key not in samples, f"{key} twice")
            samples[key] = sample.value
    return samples


def device(*options):
    return [os.path.join(BUILD, "soapbark-device"), "--listen", "127.0.0.1:0", *options]


def counts_are_what_happened():
    with serving(command=device("--metrics", "--quiet")) as server:
        first = scrape(server)
        for _ in range(3):
            check(ask(server, call(TIME)).status == 200, "a good call")
        check(ask(server, call(TIME.replace(b"GetSystem", b"GotSystem"))).status == 400, "an unknown operation")
        check(ask(server, call(TIME[:-3])).status == 400, "XML that is cut")
        check(ask(server, b"GET /no HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status == 404, "another path")
        check(ask(server, b"X Y Z\r\n\r\n").status == 400, "no HTTP")
        second = scrape(server)

    def grown(name, **labels):
        key = (f"soapbark_{name}", tuple(sorted(labels.items())))
        return second[key] - first[key]

    path = PATH.decode()
    check(grown("requests_total", service=path, status="2xx") == 3, "good calls")
    check(grown("requests_total", service=path, status="4xx") == 2, "bad calls")
    check(grown("requests_total", service="", status="4xx") == 2, "others")
    check(grown("requests_total", service="", status="2xx") == 1, "the first scrape")
    check(grown("faults_total", code="sender") == 2, "faults")
    check(grown("events_total", event="framing_refused") == 1, "framing")
    check(grown("events_total", event="message_refused") == 2, "messages")
    check(grown("errors_total", code="err_xml") == 1, "XML")
    check(grown("connections_accepted_total") == 8, "connections")
    check(grown("request_duration_seconds_count") == 8, "durations")
    check(grown("received_bytes_total") > 3 * len(TIME), "bytes in")
    check(set(first) == set(second), "the set of series changed")


def nobody_gets_them_unless_asked_for():
    with serving(command=device("--quiet")) as server:
        check(ask(server, GET).status == 404, "served without the option")
    with serving(command=device("--metrics", "--quiet")) as server:
        check(ask(server, GET.replace(b"Host: 127.0.0.1", b"Host: evil.example")).status == 403, "another Host")
        check(ask(server, GET.replace(b"GET", b"DELETE")).status == 405, "another method")
        check(ask(server, GET.replace(b"/metrics", b"/metrics?x")).status == 404, "a query")


run([counts_are_what_happened, nobody_gets_them_unless_asked_for])
