#!/usr/bin/env python3
"""tests/wire/http_test.py - the server's manners: keep-alive, pipelining, refusals, half-closed peers, limits."""
import json
import os
import re
import signal
import socket
import subprocess
import time

from wirekit import BUILD, HEAD, Reader, Server, ask, check, post, run, serves_again, serving, still_serves, taken, until


def keep_alive_and_the_last_request():
    with serving("requests_per_connection=3") as server, server.connect() as s:
        reader = Reader(s)
        for n in range(3):
            s.sendall(post(b"x" * n))
            answer = reader.answer()
            check(answer.status == 200 and answer.body == b"x" * n, f"answer {n}")
            check(answer.fields.get("connection") == ("close" if n == 2 else None), f"connection field {n}")
            check("gmt" in answer.fields["date"].lower(), "date")
        check(reader.closed(), "open after the last request")


def pipelined_requests_are_answered_in_order():
    bodies = [b"%03d" % n * (n * 7 % 50) for n in range(60)]
    with serving() as server, server.connect() as s:
        s.sendall(b"".join(post(b) for b in bodies))
        reader = Reader(s)
        check([reader.answer().body for _ in bodies] == bodies, "order or content")


def pipelined_behind_a_slow_reader():
    """Answers fill the socket; the input behind them waits and loses nothing."""
    with serving("large=200000") as server, server.connect(receive_buffer=4096) as s:
        s.sendall(post(b"a", path=b"/large") * 3 + post(b"end"))
        time.sleep(0.3)
        reader = Reader(s)
        for _ in range(3):
            check(len(reader.answer().body) == 200000, "large answer")
        check(reader.answer().body == b"end", "the request behind")


def every_cut_and_byte_by_byte():
    request = HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: u\r\n\r\n"
    with serving("requests_per_connection=1000") as server, server.connect() as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = Reader(s)
        for cut in range(1, len(request), 5):
            s.sendall(request[:cut])
            time.sleep(0.001)
            s.sendall(request[cut:])
            check(reader.answer().body == b"abcdefg", f"cut at {cut}")
        for byte in request:
            s.sendall(bytes([byte]))
        check(reader.answer().body == b"abcdefg", "byte by byte")


def refusals_before_the_body():
    table = [
        (post(b"").replace(b"127.0.0.1", b"evil.example"), 403),
        (post(b"", path=b"/none"), 404),
        (post(b"", path=b"/echo/"), 404),
        (post(b"", path=b"/%65cho"), 404),
        (post(b"", path=b"//echo"), 404),
        (post(b"", path=b"/x/../echo"), 404),
        (post(b"").replace(b"POST", b"GET"), 405),
        (post(b"").replace(b"POST", b"PUT"), 405),
        (HEAD + b"Content-Length: 262145\r\n\r\n", 413),
        (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (HEAD + b"Expect: the-unexpected\r\n\r\n", 417),
        (b"POST /echo HTTP/3.0\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (HEAD + b"X: y\r\n" * 40 + b"\r\n", 431),
        (b"POST /" + b"a" * 9000, 414),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 501),
    ]
    with serving() as server:
        for request, status in table:
            answer = ask(server, request)
            check(answer.status == status, f"{request[:60]!r}: {answer.status} for {status}")
            check(answer.fields["connection"] == "close" and len(answer.body) < 300, f"{status}: manners")
            check((answer.fields.get("allow") == "POST") == (status == 405), f"{status}: allow")
        still_serves(server)
    check([entry["status"] for entry in server.log[:-1]] == [status for _, status in table], "log")
    check(server.log[8]["error"]["rule"].startswith("limits.body_bytes"), "rule in the log")


def past_2019_25355():
    """gSOAP, and Axis2/C's archives: a path that climbs to a file. No path is one of a file here."""
    paths = [b"/../../../../etc/passwd", b"/echo/../../../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/..%2f..%2fetc%2fpasswd",
             b"/..\\..\\etc\\passwd", b"//etc/passwd", b"/etc/passwd", b"/./etc/passwd", b"/echo%00/etc/passwd", b"file:///etc/passwd"]
    with serving() as server:
        for path in paths:
            for method in (b"GET", b"POST"):
                answer = ask(server, post(b"", path=path).replace(b"POST", method))
                check(answer.status in (400, 403, 404), f"{method} {path}: {answer.status}")
                check(b"root:" not in answer.body, f"{method} {path}: a file")
        still_serves(server)


def an_answer_is_whole_up_to_its_limit_and_500_past_it():
    """Also where the limit is less than the buffer that a server starts with."""
    for limit in (1000, 8192, 20000):
        for size, status in ((limit - 1, 200), (limit, 200), (limit + 1, 500), (3 * limit, 500)):
            with serving(f"reply_bytes={limit}", f"large={size}") as server:
                answer = ask(server, post(b"x", path=b"/large"))
                check(answer.status == status, f"{size} bytes of {limit}: {answer.status}")
                check(len(answer.body) == (size if status == 200 else 0), f"{size} of {limit}: {len(answer.body)} came")


def a_length_of_1_tb_costs_nothing():
    with serving("body_bytes=8388608", "reply_bytes=8388608") as server:
        still_serves(server)
        before = server.memory_kb()
        for _ in range(20):
            answer = ask(server, HEAD + b"Content-Length: 1099511627776\r\n\r\nx")
            check(answer.status == 413, "status")
        for _ in range(20):  # within the cap, but it never comes: nothing is reserved for it
            with server.connect() as s:
                s.sendall(HEAD + b"Content-Length: 8388608\r\n\r\nx")
        time.sleep(0.2)
        server.check_growth(before, 256, "VmRSS")
        still_serves(server)


def expect_100_continue():
    with serving() as server, server.connect() as s:
        reader = Reader(s)
        s.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        check(reader.answer().status == 100, "interim answer")
        s.sendall(b"abc")
        check(reader.answer().body == b"abc", "final answer")
        s.sendall(HEAD + b"Expect: 100-Continue\r\nContent-Length: 3\r\n\r\nabc")
        check(reader.answer().status == 200, "no interim answer when the body came along")
        s.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 999999\r\n\r\n")
        check(reader.answer().status == 413, "refused instead of invited")


def half_closed_peers():
    with serving() as server:
        with server.connect() as s:  # a whole request, then the end of the peer's side
            s.sendall(post(b"half"))
            s.shutdown(socket.SHUT_WR)
            reader = Reader(s)
            check(reader.answer().body == b"half" and reader.closed(), "answer to a half-closed peer")
        with server.connect() as s:  # inside a body
            s.sendall(HEAD + b"Content-Length: 10\r\n\r\nabc")
            s.shutdown(socket.SHUT_WR)
            check(Reader(s).answer().status == 400, "cut request")
        with server.connect() as s:  # nothing at all
            s.shutdown(socket.SHUT_WR)
            check(Reader(s).closed(), "open for nobody")
        with server.connect() as s:  # gone before the answer
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.sendall(post(b"x", path=b"/large") * 20)
        still_serves(server)


def versions_and_closing():
    with serving() as server:
        with server.connect() as s:
            s.sendall(b"POST /echo HTTP/1.0\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi")
            reader = Reader(s)
            answer = reader.answer()
            check(answer.body == b"hi" and answer.fields["connection"] == "close" and reader.closed(), "1.0")
        with server.connect() as s:
            s.sendall(post(b"bye", b"Connection: close\r\n") + post(b"never"))
            reader = Reader(s)
            check(reader.answer().body == b"bye" and reader.closed(), "what follows a close is not read")


def the_error_reaches_a_peer_that_still_sends():
    """Lingering close: the refusal is not lost in a reset while the peer sends on."""
    with serving() as server:
        for _ in range(5):
            with server.connect() as s:
                s.sendall(HEAD + b"Content-Length: 9000000\r\n\r\n")
                for _ in range(100):
                    s.sendall(b"x" * 60000)
                check(Reader(s).answer().status == 413, "lost")


def table_full_and_peer_full():
    with serving("connections=4", "connections_per_peer=4") as server:
        idle = [server.connect() for _ in range(4)]
        taken(*idle)
        answer = ask(server, post(b"x"))
        check(answer.status == 503 and int(answer.fields["retry-after"]) > 0, "no 503")
        crowd = [server.connect() for _ in range(60)]  # more than the spare slots: some are closed at once
        check(sum(1 for s in crowd if Reader(s).answer() is not None) >= 8, "503 for the crowd")
        for s in crowd + idle[:1]:
            s.close()
        serves_again(server)
        for s in idle:
            s.close()
    with serving("connections=16", "connections_per_peer=2") as server:
        idle = [server.connect() for _ in range(2)]
        taken(*idle)
        check(ask(server, post(b"x")).status == 503, "a third connection of one peer")
        for s in idle:
            s.close()


def many_connections():
    with serving("connections=1024", "connections_per_peer=1024") as server:
        peers = [server.connect() for _ in range(400)]
        for n, s in enumerate(peers):
            s.sendall(post(b"%d" % n))
        for n, s in enumerate(peers):
            check(Reader(s).answer().body == b"%d" % n, f"peer {n}")
        busy = server.descriptors()
        for s in peers:
            s.close()
        until(lambda: server.descriptors() <= busy - 400, "closed descriptors")
        still_serves(server)


def descriptors_run_out():
    """EMFILE at accept: waiting peers are closed, the server does not spin and serves again later."""
    server = Server(command=["sh", "-c", f"ulimit -n 24; exec {BUILD}/tests/wire_server 127.0.0.1:0 connections=64 "
                             "connections_per_peer=64"])
    try:
        crowd = [server.connect() for _ in range(40)]
        time.sleep(0.5)
        with open(f"/proc/{server.process.pid}/stat") as stat:
            before = sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))
        time.sleep(1)
        with open(f"/proc/{server.process.pid}/stat") as stat:
            ticks = sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) - before
        check(ticks < os.sysconf("SC_CLK_TCK") // 2, "the server spins")
        for s in crowd:
            s.close()
        serves_again(server)
        server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()


def stop_finishes_what_is_under_way():
    server = Server("large=200000")
    try:
        idle, busy, slow = server.connect(), server.connect(), server.connect(receive_buffer=4096)
        busy.sendall(HEAD + b"Content-Length: 4\r\n\r\nab")
        slow.sendall(post(b"x", path=b"/large"))
        taken(idle, busy, slow)
        server.process.send_signal(signal.SIGTERM)
        check(Reader(idle).closed(), "an idle connection stays")
        busy.sendall(b"cd")
        answer = Reader(busy).answer()
        check(answer.body == b"abcd" and answer.fields["connection"] == "close", "request under way")
        check(len(Reader(slow).answer().body) == 200000, "answer under way")
        for s in (idle, busy, slow):
            s.close()
        server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()


def ipv6_and_inherited_sockets():
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError as why:
        print(f"# no IPv6 here: {why}")
        listener = socket.create_server(("127.0.0.1", 0))
    with listener:
        os.set_inheritable(listener.fileno(), True)
        command = [os.path.join(BUILD, "tests", "wire_server"), f"fd:{listener.fileno()}"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=[listener.fileno()])
        try:
            check(process.stdout.readline() == b"port %d\n" % listener.getsockname()[1], "port")
            with socket.create_connection(listener.getsockname()[:2], timeout=10) as s:
                s.sendall(post(b"six").replace(b"127.0.0.1", b"[::1]"))
                check(Reader(s).answer().body == b"six", "answer")
            process.terminate()
            check(process.wait(60) == 0, "exit status")
        finally:
            process.kill()
            process.wait()


def log_lines_cannot_be_forged():
    with serving() as server:
        ask(server, b'POST /"\\%22 HTTP/1.1\r\nHost: a\r\n\r\n')
        ask(server, post(b"", path=b"/%0a{'x':1}"))
        ask(server, b"P\xc3\xa4ST / HTTP/1.1\r\n\r\n")
        still_serves(server)
    check(len(server.log) == 4 and server.log[3]["status"] == 200, "one line a request")
    check(server.log[3]["path"] == "/echo" and server.log[3]["bytes_in"] > 50, "members")


def requests_have_ids():
    """A short token of the client's is taken; whatever else it sends is not, and never comes back."""
    fields = [b"X-Request-Id: a.B_9-z\r\n", b"", b"X-Request-Id: a b\r\n", b'x-request-id: "}\r\n',
              b"X-Request-Id: a\r\nX-Request-Id: b\r\n", b"X-Request-Id: " + b"a" * 65 + b"\r\n", b"X-Request-Id:\r\n"]
    with serving("ids=1") as server:
        ids = [ask(server, post(b"", extra=field)).fields["x-request-id"] for field in fields]
        refused = [ask(server, request).fields["x-request-id"] for request in
                   (post(b"", extra=fields[0], path=b"/no"), b"X Y Z\r\n\r\n", HEAD + b"X-Request-Id:\n\r\n",
                    HEAD + b"X-Request-Id: a\r\nContent-Length: x\r\n\r\n")]
    check(ids[0] == refused[0] == "a.B_9-z", f"{ids} {refused}")
    made = ids[1:] + refused[1:]
    check(all(re.fullmatch(r"[0-9a-f]{8}-[0-9]+", i) for i in made) and len(set(made)) == len(made), f"{made}")
    check([entry["id"] for entry in server.log] == ids + refused, "ids in the log")


def refusals_told(lines):
    """Of how many refused requests the log tells, one by one or in a count."""
    entries = [json.loads(line) for line in list(lines)]
    return sum(entry.get("suppressed", 1) for entry in entries if entry.get("event") in ("refused", "framing_refused"))


def a_flood_of_refusals_is_rationed():
    with serving("events_per_s=3") as server:
        for _ in range(40):
            ask(server, post(b"", path=b"/no"))
            ask(server, b"X Y Z\r\n\r\n")
        end = time.monotonic() + 20  # the counts come without another request
        while refusals_told(server.lines) < 80 and time.monotonic() < end:
            time.sleep(0.1)
        with server.connect():
            counted = len(server.lines)
        still_serves(server)
    for event, status in (("refused", 404), ("framing_refused", 400)):
        mine = [entry for entry in server.log if entry.get("event") == event]
        told = [entry for entry in mine if "suppressed" not in entry]
        check(all(entry["status"] == status for entry in told), f"{event}: status")
        check(len(told) + sum(entry["suppressed"] for entry in mine if "suppressed" in entry) == 40, f"{event}: {mine}")
        check(3 <= len(told) < 40, f"{event}: {len(told)} told")
    check(server.log[-1]["status"] == 200 and counted == len(server.log) - 1, "the counts came too late")


def each_kind_of_refusal_has_a_second_of_its_own():
    """The count of a kind whose second began later comes when that second ends, without another request."""
    with serving("events_per_s=1") as server:
        for _ in range(5):
            ask(server, post(b"", path=b"/no"))
        time.sleep(0.4)
        for _ in range(5):
            ask(server, b"X Y Z\r\n\r\n")
        end = time.monotonic() + 20
        while refusals_told(server.lines) < 10 and time.monotonic() < end:
            time.sleep(0.1)
        check(refusals_told(server.lines) == 10, f"{server.lines}")


run([keep_alive_and_the_last_request, pipelined_requests_are_answered_in_order, pipelined_behind_a_slow_reader,
     every_cut_and_byte_by_byte, refusals_before_the_body, past_2019_25355,
     an_answer_is_whole_up_to_its_limit_and_500_past_it,
     a_length_of_1_tb_costs_nothing, expect_100_continue,
     half_closed_peers, versions_and_closing, the_error_reaches_a_peer_that_still_sends, table_full_and_peer_full,
     many_connections, descriptors_run_out, stop_finishes_what_is_under_way, ipv6_and_inherited_sockets,
     log_lines_cannot_be_forged, requests_have_ids, a_flood_of_refusals_is_rationed,
     each_kind_of_refusal_has_a_second_of_its_own])
