#!/usr/bin/env python3
"""tests/tls/device_test.py - soapbark-device has HTTPS out of the box, and `soapbark call`, zeep and npm onvif use it."""
# time-out: 240
import contextlib
import os
import re
import shutil
import subprocess
import sys

try:
    import requests
    import zeep
except ImportError:
    zeep = None
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):
        os.environ["PEER_AGAIN"] = "1"  # Debian's zeep belongs to Debian's Python
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from tlskit import BUILD, ROOT, Authority, check, missing, openssl, run, state, wait_for  # noqa: E402

sys.path.insert(0, os.path.join(ROOT, "tests", "peers"))
import peerkit  # noqa: E402

DEVICE = os.path.join(BUILD, "soapbark-device")
# The copy in the build folder is another test's, which may be making it just now.
NODES = [os.path.join(ROOT, "tests", "peers", "node", "node_modules"), os.path.join(BUILD, "peers", "node", "node_modules")]


@contextlib.contextmanager
def device(folder):
    """(the https URL, the process) of a device with its state in a folder."""
    process = subprocess.Popen([DEVICE, "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", "--state", folder,
                                "--insecure-no-authentication"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        process.stdout.readline()
        found = re.search(r"https://\S+", process.stdout.readline())
        check(found, "the device did not start")
        yield found.group(0), process
        process.terminate()
        check(process.wait(60) == 0, f"exit status {process.returncode}: {process.stderr.read()[-500:]}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


def files(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        check(os.stat(path).st_mode & 0o777 == 0o600, f"{name}: others may read it")
        with open(path) as opened:
            found[name] = opened.read()
    return found


def curl(url, ca):
    return subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", ca, url], capture_output=True,
                          text=True, timeout=20).stdout


def first_start_makes_a_key():
    with state() as folder, state() as other:
        with device(folder) as (url, _):
            made = files(folder)
            check(list(made) == ["device.key", "device.pem"], f"{list(made)}")
            pem = os.path.join(folder, "device.pem")
            check(curl(url, pem) == "405", "curl does not believe the device's own certificate")
            check(curl(url.replace("127.0.0.1", "localhost"), pem) == "405", "nor by its name")
        with device(folder):
            check(files(folder) == made, "a second start made another key")
        with device(other):
            check(files(other)["device.key"] != made["device.key"], "two devices have one key")
        text = openssl("x509", "-in", pem, "-noout", "-text", "-serial", "-enddate")
        check("ecdsa-with-SHA256" in text and "CA:FALSE" in text and "DNS:localhost" in text, text)
        check(len(re.search(r"serial=(\w+)", text).group(1)) == 32, "the serial number is short")
        check(int(re.search(r"notAfter=.* (\d{4}) GMT", text).group(1)) >= 2036, "valid for less than ten years")


def a_start_that_was_cut_is_made_good():
    with state() as folder:
        with device(folder):
            before = files(folder)
        os.unlink(os.path.join(folder, "device.pem"))
        with device(folder) as (url, _):
            check(files(folder)["device.key"] != before["device.key"], "a certificate for a key of unknown origin")
            check(curl(url, os.path.join(folder, "device.pem")) == "405", "not served")


def a_folder_that_is_not_there():
    done = subprocess.run([DEVICE, "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", "--state", "/nowhere"],
                          capture_output=True, text=True, timeout=20)
    check(done.returncode == 1 and "cannot be written" in done.stderr, f"{done.returncode} {done.stderr!r}")


def another_certificate_without_a_restart():
    ca = Authority()
    chain, key = ca.issue()
    with state() as folder, device(folder) as (url, process):
        check(curl(url, ca.file) == "000", "believed before")
        shutil.copyfile(chain, os.path.join(folder, "device.pem"))
        shutil.copyfile(key, os.path.join(folder, "device.key"))
        process.send_signal(1)
        wait_for(lambda: curl(url, ca.file) == "405", "the new certificate")
    ca.remove()


def call(url, *words):
    return subprocess.run([os.path.join(BUILD, "soapbark"), "call", url, "GetSystemDateAndTime", "--wsdl",
                           str(peerkit.onvif_device_wsdl()), *words],
                          capture_output=True, text=True, timeout=60)


def soapbark_call():
    ca = Authority()
    with state() as folder, device(folder) as (url, _):
        pem = os.path.join(folder, "device.pem")
        pin = ca.pin(pem)
        for words in (["--ca", pem], ["--ca", pem, "--pin", pin], ["--insecure-no-verification"],
                      ["--insecure-no-verification", "--pin", pin]):
            done = call(url, *words)
            check(done.returncode == 0 and "UTCDateTime" in done.stdout, f"{words}: {done.stderr}")
        for words, why in (([], "is trusted"), (["--ca", ca.file], "is trusted"), (["--pin", pin], "is trusted"),
                           (["--insecure-no-verification", "--pin", "00" * 32], "pinned key"),
                           (["--ca", pem, "--pin", "00" * 32], "pinned key"), (["--pin", "00"], "a pin is"),
                           (["--cert", pem], "belong together")):
            done = call(url, *words)
            check(done.returncode > 0 and why in done.stderr and not done.stdout, f"{words}: {done.stderr}")
    ca.remove()


def zeep_over_https():
    wsdl = str(peerkit.onvif_device_wsdl())
    with state() as folder, device(folder) as (url, _):
        session = requests.Session()
        session.trust_env = False  # its bundle of authorities would come first
        session.verify = os.path.join(folder, "device.pem")
        client = zeep.Client(wsdl, transport=zeep.Transport(session=session))
        service = client.create_service(f"{{{peerkit.DEVICE_NS}}}DeviceBinding", url)
        check(service.GetSystemDateAndTime().UTCDateTime.Date.Year >= 2024, "GetSystemDateAndTime")
        for _ in range(5):
            check(service.GetDeviceInformation().Manufacturer == "Soapbark", "GetDeviceInformation")
        session = requests.Session()
        session.trust_env = False
        other = zeep.Client(wsdl, transport=zeep.Transport(session=session)).create_service(
            f"{{{peerkit.DEVICE_NS}}}DeviceBinding", url)
        try:
            other.GetSystemDateAndTime()
        except requests.exceptions.SSLError:
            return
        check(False, "zeep believed a certificate that nobody vouches for")


NODE = """
const { Cam } = require('onvif');
const cam = new Cam({ hostname: '127.0.0.1', port: Number(process.argv[1]), useSecure: true, autoconnect: false });
cam.getDeviceInformation((error, answer) => console.log(error ? 'failed: ' + error.message : answer.manufacturer));
"""


def npm_onvif_over_https():
    modules = next(path for path in NODES if os.path.isdir(os.path.join(path, "onvif")))
    with state() as folder, device(folder) as (url, _):
        words = ["node", "-e", NODE, url.split(":")[2].split("/")[0]]
        more = {"NODE_PATH": modules, "NODE_EXTRA_CA_CERTS": os.path.join(folder, "device.pem")}
        done = subprocess.run(words, env={**os.environ, **more}, capture_output=True, text=True, timeout=60)
        check(done.stdout == "Soapbark\n", f"{done.stdout!r} {done.stderr[-300:]!r}")
        done = subprocess.run(words, env={**os.environ, "NODE_PATH": modules}, capture_output=True, text=True, timeout=60)
        check(done.stdout.startswith("failed: self"), f"{done.stdout!r} {done.stderr[-300:]!r}")


def main():
    why = missing()
    if why:
        print(f"skip tls_device: {why}")
        return
    cases = [first_start_makes_a_key, a_start_that_was_cut_is_made_good, a_folder_that_is_not_there,
             another_certificate_without_a_restart]
    node = shutil.which("node") and any(os.path.isdir(os.path.join(path, "onvif")) for path in NODES)
    run(cases + peerkit.available([
        (soapbark_call, None), (zeep_over_https, None if zeep else "zeep is not installed"),
        (npm_onvif_over_https, None if node else "npm onvif is not installed")]))


main()
