#!/usr/bin/env python3
"""tests/cli/call_test.py - soapbark call against the thermostat, and against servers that misbehave.

The misbehaving ones are a socket that says what it was told to, whatever it is asked.
"""
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
WSDL = str(ROOT / "examples" / "thermostat" / "thermostat.wsdl")
ENVELOPE = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>')
RESPONSE = '<SetTargetResponse xmlns="http://soapbark.example/thermostat"><Previous>{}</Previous></SetTargetResponse>'
FAULT = "<s:Fault><faultcode>s:Server</faultcode><faultstring>{}</faultstring></s:Fault>"
failed = 0


def verdict(name, problems):
    global failed
    if problems:
        failed += 1
        print(f"not ok {name}: {'; '.join(problems)}", flush=True)
    else:
        print(f"ok {name}", flush=True)


def call(url, operation, *arguments, text=None):
    return subprocess.run([str(BUILD / "soapbark"), "call", url, operation, "--wsdl", WSDL, *arguments], input=text,
                          text=True, capture_output=True, timeout=60)


def check(name, done, status, out=(), err=(), not_err=()):
    problems = [] if done.returncode == status else [f"exit status {done.returncode}, want {status}: {done.stderr!r}"]
    problems += [f"{part!r} is not in the output {done.stdout!r}" for part in out if part not in done.stdout]
    problems += [f"{part!r} is not in the errors {done.stderr!r}" for part in err if part not in done.stderr]
    problems += [f"{part!r} is in the errors {done.stderr!r}" for part in not_err if part in done.stderr]
    verdict(name, problems)


def answers(url):
    for version in ("1.1", "1.2"):
        check(f"set_{version}", call(url, "SetTarget", "Celsius=21.5", "--soap", version), 0, ['"Previous": 21'])
    done = call(url, "GetTemperature")
    check("get", done, 0, ['"Target": 21.5', '"MeasuredAt": "20'])
    verdict("answer_is_json", [] if isinstance(json.loads(done.stdout).get("Celsius"), (int, float)) else [done.stdout])
    check("raw_answer", call(url, "GetTemperature", "--xml"), 0, ["Envelope", "GetTemperatureResponse"])
    check("json_input", call(url, "SetTarget", "--json", "-", text='{"Celsius": 22}'), 0, ["21.5"])
    check("repeated", call(url, "SetSchedule", "Period[0].@day=Monday", "Period[0].From=06:00:00", "Period[0].Target=20",
                           "Period[1].@day=Sunday", "Period[1].From=08:00:00Z", "Period[1].Target=21.5"), 0, ['"Stored": 2'])
    done = call(url, "GetSchedule", "Day=Sunday")
    check("repeated_back", done, 0, ['"From": "08:00:00Z"'])
    verdict("one_period", [] if len(json.loads(done.stdout)["Period"]) == 1 else [done.stdout])
    check("typed_fault", call(url, "SetTarget", "Celsius=29"), 1, [], ["fault: Sender", "reason: the installer", "AboveLimit"])
    check("one_way", call(url, "WindowChanged", "Open=true"), 0)
    check("state_changed", call(url, "SetTarget", "Celsius=20"), 1, [], ["WindowOpen"])
    check("wrong_path", call(url + "x", "GetTemperature"), 3, [], ["404"])


def server_saying(reply):
    """A listening socket whose one connection is told reply (None: nothing at all), whatever it asks."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(20)
            try:
                connection.recv(65536)
                if reply is not None:
                    connection.sendall(reply)
                    connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            except OSError:
                pass  # the client has seen enough

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/thermostat"


def http(body, status="200 OK", kind="text/xml"):
    body = body.encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


# (case, what the server says, exit status, parts of standard error)
HOSTILE = [
    ("answer_breaks_schema", http(ENVELOPE.format(RESPONSE.format("cold"))), 1, ["answer:1:", "cold", "^"]),
    ("answer_out_of_range", http(ENVELOPE.format(RESPONSE.format("99"))), 1, ["answer:1:", "99"]),
    ("answer_torn", http(ENVELOPE.format(RESPONSE.format("20"))[:-9]), 1, ["answer:1:"]),
    ("answer_other_operation", http(ENVELOPE.format(RESPONSE.format("20")).replace("SetTarget", "GetTarget")), 1, ["answer:1:"]),
    ("answer_with_dtd", http("<!DOCTYPE x>" + ENVELOPE.format(RESPONSE.format("20"))), 1, ["answer:1:1"]),
    ("fault_untyped", http(ENVELOPE.format(FAULT.format("too hot")), "500 Oops"), 1, ["reason: too hot"]),
    ("not_http", b"220 mail.example ESMTP\r\n", 3, []),
    ("head_only", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n", 3, []),
    ("both_lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 3, []),
    ("html", http("<html><body>hello</body></html>", "200 OK", "text/html"), 3, []),
    ("nothing", b"", 3, []),
]


def main():
    for program in ("soapbark", "thermostat-server"):
        if not (BUILD / program).is_file():
            print(f"not ok call: {program} was not built")
            return 1
    server = subprocess.Popen([str(BUILD / "thermostat-server"), "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        answers(server.stdout.readline().split()[-1])
    finally:
        server.terminate()
        server.wait(10)
    for name, reply, status, err in HOSTILE:
        check(name, call(server_saying(reply), "SetTarget", "Celsius=20", "--soap", "1.1", "--timeout", "10"), status, [], err)
    newer = http(ENVELOPE.format(RESPONSE.format("20").replace("</SetT", "<Since x='1'>2</Since></SetT").replace(" xmlns", " new='1' xmlns")))
    unknown = ["/Envelope/Body/SetTargetResponse/@new", "/Envelope/Body/SetTargetResponse/Since {"]
    for policy, status, out, err, not_err in (
            ("refuse", 1, [], ["answer:1:", "[XSD1 3.4.4]"], ["passed over"]),
            ("collect", 0, ['"Previous": 20'], ["answer: 2 unknown to the schema, passed over", *unknown], []),
            ("ignore", 0, ['"Previous": 20'], ["answer: 2 unknown to the schema, passed over"], unknown)):
        check(f"unknown_{policy}", call(server_saying(newer), "SetTarget", "Celsius=20", "--soap", "1.1", "--timeout", "10",
                                        "--unknown", policy), status, out, err, not_err)
    check("unknown_policy_unknown", call("http://127.0.0.1:1/", "SetTarget", "Celsius=20", "--unknown=some"), 2, [], ["refuse, collect"])
    check("time_out", call(server_saying(None), "SetTarget", "Celsius=20", "--timeout", "0.3"), 3, [], ["error"])
    steering = http(ENVELOPE.format(FAULT.format("a\u0085b\u009b31mc\x7fd")), "500 Oops")
    check("terminal_is_safe", call(server_saying(steering), "SetTarget", "Celsius=20", "--soap", "1.1"), 1, [],
          ["reason: a?b?31mc?d"], ["\u009b", "\x7f"])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
