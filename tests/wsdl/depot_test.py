#!/usr/bin/env python3
"""tests/wsdl/depot_test.py - headers, overloads and rpc over the wire: soapbark call, zeep and PHP against depot_server."""
# time-out: 120
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

try:
    import zeep
except ImportError:
    zeep = None
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):
        os.environ["PEER_AGAIN"] = "1"  # Debian's zeep belongs to Debian's Python
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve()
WSDL = ROOT / "tests" / "wsdl" / "depot.wsdl"
failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)


def call(url, *words, status=0):
    done = subprocess.run([str(BUILD / "soapbark"), "call", url, words[0], "--wsdl", str(WSDL), *words[1:]], text=True,
                          capture_output=True, timeout=60)
    return (done.stdout, done.stderr) if done.returncode == status else (f"status {done.returncode}", done.stderr)


SESSION = ["--header", 'Session={"User": "eve"}']
# (case, arguments, exit status, parts of the output or of the errors)
CALLS = [
    ("call_header", ["Take", *SESSION, "Item=bolt", "Count=3"], 0, ['"By": "eve/-/0"']),
    ("call_mandatory", ["Take", "--header", '!Session={"User": "eve"}', "--header", 'Locale="fr"', "Item=bolt", "Count=3"], 0,
     ['"By": "eve/fr/1"']),
    ("call_headers_printed", ["Take", *SESSION, "--headers", "--soap", "1.1", "Item=bolt", "Count=7"], 0,
     ['"headers": {"Quota": {"Left":93}}', '"body":']),
    ("call_header_fault", ["Take", "--header", 'Session={"User": "late"}', "Item=bolt", "Count=3"], 1, ["the session is over"]),
    ("call_no_such_header", ["Take", "--header", "Sesion={}", "Item=bolt", "Count=3"], 2, ["no such header", "Session", "Locale"]),
    ("call_header_breaks_schema", ["Take", "--header", 'Session={"User": 1, "Who": 2}', "Item=bolt", "Count=3"], 2, ["header:1:"]),
    ("call_header_not_json", ["Take", "--header", "Session", "Item=bolt", "Count=3"], 2, ["NAME=JSON"]),
    ("call_headers_of_none", ["Find", "--overload", "FindByCode", *SESSION, "Code=3"], 2, ["no such header"]),
    ("call_overloaded", ["Find", "Code=3"], 2, ["overloaded", "--overload"]),
    ("call_overload_by_element", ["Find", "--overload", "FindByCode", "Code=3"], 0, ["code 3"]),
    ("call_overload_by_action", ["Find", "--overload", "urn:depot/FindByName", "Name=nut"], 0, ["name nut"]),
    ("call_dry_run", ["Take", *SESSION, "--dry-run", "Item=bolt", "Count=3"], 0, ["Header>", "Session"]),
]
COUNTER = [
    ("call_rpc_overload", ["Add", "--overload", "urn:depot/AddThree", "a=1", "b=2", "c=3"], 0, ['"sum": 6']),
    ("call_rpc_element_part", ["Jot", "Note=remember", "line=2"], 0, []),
]


def commands(url):
    for name, words, status, parts in CALLS + COUNTER:
        out, err = call(url if (name, words, status, parts) in CALLS else url.replace("/depot", "/counter"), *words, status=status)
        missing = [part for part in parts if part not in out + err]
        report(name, out.startswith("status") and out + err or missing and f"{missing} is not in {out + err!r}")
    out, err = call(url, "Take", *SESSION, "--headers", "Item=bolt", "Count=7")
    report("call_headers_are_json", None if json.loads(out)["headers"]["Quota"]["Left"] == 93 else out)


def zeep_peer(url):
    if not zeep:
        print("skip zeep: not installed")
        return
    client = zeep.Client(str(WSDL))
    headers = {"session": {"User": "eve", "Level": 2}, "locale": "de-AT"}
    late = {"session": {"User": "late"}}
    for version in ("11", "12"):
        service = client.create_service(f"{{urn:depot}}Depot{version}", url)
        answer = service.Take("bolt", 3, _soapheaders=headers)
        fine = answer.body.By == "eve/de-AT/0" and answer.header.quota.Left == 97
        report(f"zeep_headers_{version}", None if fine else str(answer))
        try:
            report(f"zeep_header_fault_{version}", f"no fault: {service.Take('bolt', 3, _soapheaders=late)}")
        except zeep.exceptions.Fault as fault:
            report(f"zeep_header_fault_{version}", None if "over" in fault.message and not fault.detail else str(fault))


PHP = """<?php
$client = new SoapClient('%s', ['location' => '%s', 'cache_wsdl' => WSDL_CACHE_NONE, 'soap_version' => %s, 'features' => 0]);
$client->__setSoapHeaders([new SoapHeader('urn:depot', 'Session', ['User' => 'eve'], true)]);
$answer = $client->__soapCall('Take', [['Item' => 'bolt', 'Count' => 3]], null, null, $headers);
echo $answer->By, ' ', $headers['Quota']->Left, "\\n";
"""


def php_peer(url):
    if not shutil.which("php") or "soap" not in subprocess.run(["php", "-m"], text=True, capture_output=True).stdout:
        print("skip php: no SOAP extension")
        return
    # PHP reads the first binding of each version, and gives up on overloads: it gets a WSDL without them.
    text = WSDL.read_text()
    text = re.sub(r'<wsdl:operation name="(Find|LowStock|Confirm|Ping)">.*?</wsdl:operation>', "", text, flags=re.S)
    text = re.sub(r'<wsdl:portType name="Counter">.*?</wsdl:portType>|<wsdl:binding name="(Counter11|DepotGet)".*?</wsdl:binding>|'
                  r'<wsdl:port name="Counter".*?</wsdl:port>', "", text, flags=re.S)
    for version in ("11", "12"):
        own = re.sub(r'<wsdl:port name="Depot%s".*?</wsdl:port>' % ("12" if version == "11" else "11"), "", text, flags=re.S)
        path = BUILD / "tests" / f"depot_php_{version}.wsdl"
        path.write_text(own)
        code = PHP % (path, url, "SOAP_1_2" if version == "12" else "SOAP_1_1")
        done = subprocess.run(["php"], input=code, text=True, capture_output=True, timeout=60)
        report(f"php_headers_{version}", None if done.stdout.strip() == "eve/-/1 97" else done.stdout + done.stderr)


def main():
    for program in (BUILD / "soapbark", BUILD / "tests" / "depot_server"):
        if not program.is_file():
            print(f"not ok depot: {program.name} was not built")
            return 1
    server = subprocess.Popen([str(BUILD / "tests" / "depot_server")], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().split()[-1]
        commands(url)
        zeep_peer(url)
        php_peer(url)
    finally:
        server.terminate()
        server.wait(10)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
