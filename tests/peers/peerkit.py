"""tests/peers/peerkit.py - starts our programs and foreign ones, and prints the lines of a test.

A foreign tool that is not installed makes a "skip" line with the reason; everything else that goes wrong is a
"not ok". Where ONVIF's own files are needed they are copied into the build folder with their remote imports made
local, since no foreign tool reads them offline as they are.
"""
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve()
WORK = BUILD / "peers"
PEERS = ROOT / "tests" / "peers"
THERMOSTAT_WSDL = ROOT / "examples" / "thermostat" / "thermostat.wsdl"
THERMOSTAT_NS = "http://soapbark.example/thermostat"
DEVICE_NS = "http://www.onvif.org/ver10/device/wsdl"


class Failure(Exception):
    pass


class Skip(Exception):
    pass


def check(condition, why):
    if not condition:
        raise Failure(why)


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            raise Skip(f"{tool} is not installed")


@contextlib.contextmanager
def program(*command):
    """A server under test; gives its first URL. It must still run at the end, and end in order."""
    check(Path(command[0]).exists(), f"{command[0]} is not built")
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               text=True)
    try:
        line = process.stdout.readline()
        found = re.search(r"http://[^\s/]+(/\S*)?", line)
        check(found, f"{command[0]} did not start: {line!r}")
        yield found.group(0)
        check(process.poll() is None, f"{command[0]} ended by itself with {process.returncode}")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def thermostat():
    return program(BUILD / "thermostat-server", "127.0.0.1:0")


def device():
    return program(BUILD / "soapbark-device", "--listen", "127.0.0.1:0", "--quiet", "--insecure-no-authentication")


def command(*words, cwd=None, env=None, timeout=100):
    """Runs a tool to its end; its output. A failure shows what it said."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout,
                          errors="replace")
    check(done.returncode == 0, f"{words[0]} ended with {done.returncode}: {done.stdout[-1500:]}")
    return done.stdout


def stale(product, *sources):
    """Must the product be made again?"""
    return not product.exists() or any(source.stat().st_mtime > product.stat().st_mtime for source in sources)


# Remote schemas of the ONVIF files and where their copies lie.
IMPORTS = {
    "http://docs.oasis-open.org/wsn/b-2.xsd": "b-2.xsd",
    "http://docs.oasis-open.org/wsn/t-1.xsd": "t-1.xsd",
    "http://docs.oasis-open.org/wsn/bw-2.wsdl": "bw-2.wsdl",
    "http://docs.oasis-open.org/wsrf/bf-2.xsd": "bf-2.xsd",
    "http://docs.oasis-open.org/wsrf/r-2.xsd": "r-2.xsd",
    "http://docs.oasis-open.org/wsrf/rw-2.wsdl": "rw-2.wsdl",
    "http://www.w3.org/2005/08/addressing/ws-addr.xsd": "ws-addr.xsd",
    "http://www.w3.org/2005/05/xmlmime": "xmlmime",
    "http://www.w3.org/2003/05/soap-envelope": "envelope",
    "http://www.w3.org/2004/08/xop/include": "include",
    "http://www.w3.org/2001/xml.xsd": "xml.xsd",
    "http://www.w3.org/2009/01/xml.xsd": "xml.xsd",
}


def onvif_device_wsdl():
    """devicemgmt.wsdl with everything it needs, in the build folder."""
    source = Path(os.environ.get("SOAPBARK_ONVIF", ROOT.parent / "shared" / "onvif"))
    wsdl = WORK / "onvif" / "ver10" / "device" / "wsdl" / "devicemgmt.wsdl"
    if not (source / "ver10").is_dir():
        raise Skip("no ONVIF files")
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / "onvif.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run beside each other
        if not wsdl.exists():
            onvif_copy(source)
    return wsdl


def onvif_copy(source):
    half = WORK / "onvif.tmp"
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(source, half)
    # The copy of that name there is SOAP 1.1's; our own statement of the schema serves instead.
    envelope = (ROOT / "catalog" / "soap12-envelope.xsd").read_text(encoding="utf-8")
    (half / "imports" / "envelope").write_text(
        re.sub(r'(namespace="http://www.w3.org/XML/1998/namespace")\s*/>', r'\1 schemaLocation="xml.xsd"/>', envelope),
        encoding="utf-8")
    for path in half.rglob("*"):
        if path.suffix not in (".wsdl", ".xsd"):
            continue
        text = path.read_text(encoding="utf-8-sig")
        for url, name in IMPORTS.items():
            local = os.path.relpath(half / "imports" / name, path.parent)
            pattern = re.escape(url).replace("http:", "https?:", 1)
            text = re.sub(rf'((?:schemaL|\bl)ocation=")(?:{pattern})"', rf'\g<1>{local}"', text)
        path.write_text(text, encoding="utf-8")
    half.rename(WORK / "onvif")


SERVICE_WSDL = f"""<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:tds="{DEVICE_NS}"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap12/" targetNamespace="urn:soapbark:peers">
  <wsdl:import namespace="{DEVICE_NS}" location="ver10/device/wsdl/devicemgmt.wsdl"/>
  <wsdl:service name="DeviceService">
    <wsdl:port name="DevicePort" binding="tds:DeviceBinding"><soap:address location="http://127.0.0.1/"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
"""


def onvif_service_wsdl():
    """The same with a service element, which ONVIF leaves out and some tools insist on."""
    onvif_device_wsdl()
    path = WORK / "onvif" / "device_service.wsdl"
    if not path.exists():
        path.write_text(SERVICE_WSDL, encoding="utf-8")
    return path


def available(choices):
    """Of (case, why not) those that can run here; the others are told as skipped. All need ONVIF's own files."""
    cases = []
    for case, why in choices:
        try:
            onvif_device_wsdl()
        except Skip as no:
            why = str(no)
        if why:
            print(f"skip {case.__name__}: {why}")
        else:
            cases.append(case)
    return cases


def run(cases):
    """Cases are (name, function); a function may return a reason to be printed behind a '#'."""
    WORK.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name, case in cases:
        try:
            case()
            print(f"ok {name}", flush=True)
        except Skip as why:
            print(f"skip {name}: {why}", flush=True)
        except Exception as problem:  # a test reports whatever went wrong
            failed += 1
            print(f"not ok {name}: {type(problem).__name__}: {' '.join(str(problem).split())[:700]}", flush=True)
    sys.exit(1 if failed else 0)


def lines_as_cases(prefix, output, expected):
    """A foreign client prints "ok NAME" or "not ok NAME: WHY"; all names must come, in any order."""
    said = dict()
    for line in output.splitlines():
        found = re.match(r"(ok|not ok) (\w+)(?:: (.*))?$", line)
        if found:
            said[found.group(2)] = (found.group(1) == "ok", found.group(3) or "failed")

    def case(name):
        def judge():
            check(name in said, f"the client said nothing about it: {output[-600:]}")
            check(said[name][0], said[name][1])
        return judge

    return [(f"{prefix}_{name}", case(name)) for name in expected]
