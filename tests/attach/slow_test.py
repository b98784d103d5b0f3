#!/usr/bin/env python3
"""tests/attach/slow_test.py - options.slow with a generated service: Fetch waits on a worker until a Store is served by the loop beside it.

Were Fetch on the loop, nothing would ever be answered. The handler knows the id of its request, and log and answer have the same.
"""
import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wire"))
from wirekit import BUILD, Reader, check, run, serving, taken  # noqa: E402

SERVER = os.path.join(BUILD, "tests", "album_server")
FETCH = '<Fetch xmlns="urn:album"><Size>1</Size></Fetch>'
STORE = '<Store xmlns="urn:album"><Name>a</Name><Picture>AA==</Picture></Store>'
SOAP11, SOAP12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"


def call(body, soap=SOAP11, more=""):
    text = f'<e:Envelope xmlns:e="{soap}"><e:Body>{body}</e:Body></e:Envelope>'.encode()
    kind = "text/xml" if soap == SOAP11 else "application/soap+xml"
    return (f"POST /album HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{more}"
            f"Content-Length: {len(text)}\r\n\r\n").encode() + text


def slow_operations_wait_beside_fast_ones():
    with serving(command=[SERVER, "slow"]) as server:
        first, second, fast = (server.connect() for _ in range(3))
        first.sendall(call(FETCH, SOAP11, "X-Request-Id: mine-1\r\n"))
        second.sendall(call(FETCH, SOAP12))
        taken(first, second)
        for s in (first, second):
            s.setblocking(False)
            try:
                check(not s.recv(1, socket.MSG_PEEK), "answered before there was a Store")
            except BlockingIOError:
                pass
            s.settimeout(60)
        fast.sendall(call(STORE))
        answer = Reader(fast).answer()
        check(answer.status == 200 and b"StoreResponse" in answer.body, f"Store: {answer.status} {answer.body}")
        answer = Reader(first).answer()
        check(answer.status == 200 and b"request mine-1<" in answer.body, f"{answer.status} {answer.body}")
        check(answer.fields["x-request-id"] == "mine-1", f"{answer.fields}")
        answer = Reader(second).answer()
        own = answer.fields["x-request-id"]
        check(answer.status == 200 and f"request {own}<".encode() in answer.body, f"{own}: {answer.body}")
        for s in (first, second, fast):
            s.close()
    ids = {entry["operation"]: set() for entry in server.log}
    for entry in server.log:
        ids[entry["operation"]].add(entry["id"])
    check(ids["Fetch"] == {"mine-1", own}, f"{ids}")
    check(sorted(entry["request"] for entry in server.log) == [1, 2, 3], f"{server.log}")


def requests_that_are_no_operation_are_answered_at_once():
    """Not worth a worker: what cannot be read, and what is no operation."""
    with serving(command=[SERVER, "slow"]) as server, server.connect() as s:
        reader = Reader(s)
        for body, status in (("<x/>", 500), ("<Fetch/>", 500), ("<Fetch", 500)):
            s.sendall(call(body))
            answer = reader.answer()
            check(answer.status in (400, status), f"{body}: {answer.status}")


run([slow_operations_wait_beside_fast_ones, requests_that_are_no_operation_are_answered_at_once])
