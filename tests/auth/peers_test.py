#!/usr/bin/env python3
"""tests/auth/peers_test.py - clients that others wrote log in to the device: curl, zeep with requests, PHP, npm soap, `soapbark call`."""
# time-out: 240
import os
import shutil
import subprocess
import sys

try:
    import requests
    import zeep
except ImportError:
    zeep = None
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):
        os.environ["PEER_AGAIN"] = "1"  # Debian's packages belong to Debian's Python
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from authkit import BUILD, ROOT, USERS, Device, check, device, envelope, folder, missing, run  # noqa: E402

import peerkit  # noqa: E402

ANNA = USERS["anna"][0]
TLS = ("--tls-listen", "127.0.0.1:0")
# The copy in the build folder is another test's, which may be making it just now.
NODES = [os.path.join(ROOT, "tests", "peers", "node", "node_modules"), os.path.join(BUILD, "peers", "node", "node_modules")]


def curl(url, *words, count=1):
    """(the statuses of its exchanges, what it said) when it asks for the users `count` times on one connection."""
    each = ["-H", "Content-Type: application/soap+xml", "--data-binary", envelope("GetUsers").decode(), *words, url]
    done = subprocess.run(["curl", "-sSv", *each, *(["--next", "-sSv", *each] * (count - 1))], capture_output=True, text=True,
                          timeout=60)
    lines = [line[2:] for line in done.stderr.splitlines()]
    return [line.split()[1] for line in lines if line.startswith("HTTP/1.1")], "\n".join(lines) + done.stdout


def curl_digest():
    with device() as dev:
        statuses, said = curl(dev.url, "--digest", "-u", f"anna:{ANNA}", count=3)
        check(statuses[:2] == ["401", "200"] and statuses[-1] == "200", f"{statuses} {said}")
        check("algorithm=SHA-256" in said and "Username>otto<" in said, said)
        for name, (password, _) in USERS.items():
            got = curl(dev.url, "--digest", "-u", f"{name}:{password}")[0]
            check(got == ["401", "200" if name == "anna" else "403"], f"{name}: {got}")
        check(curl(dev.url, "--digest", "-u", "anna:wrong")[0] == ["401", "401"], "a wrong password")
        check(curl(dev.url, "--digest", "-u", "eve:wrong")[0] == ["401", "401"], "an unknown user")
        check(curl(dev.url, "--anyauth", "-u", f"anna:{ANNA}")[0][-1] == "200", "--anyauth")
        check(curl(dev.url, "--basic", "-u", f"anna:{ANNA}")[0] == ["401"], "--basic where it is not offered")


def curl_digest_md5():
    with device("--digest-md5") as dev:
        statuses, said = curl(dev.url, "--digest", "-u", f"anna:{ANNA}")
        check(statuses == ["401", "200"], f"{statuses} {said}")
        check(dev.digest("GetUsers", "anna", ANNA, algorithm="MD5").status == 200, "MD5")
        check(dev.digest("GetUsers", "anna", "wrong", algorithm="MD5").status == 401, "MD5 with a wrong password")
    with device("--digest-md5-only") as dev:
        statuses, said = curl(dev.url, "--digest", "-u", f"anna:{ANNA}")
        check(statuses == ["401", "200"] and "SHA-256" not in said and "algorithm=MD5" in said, f"{statuses} {said}")
        check(curl(dev.url, "--digest", "-u", "anna:wrong")[0] == ["401", "401"], "a wrong password")
    with device() as dev:
        nonce = dev.ask("GetUsers").challenge()["nonce"]
        check(dev.digest("GetUsers", "anna", ANNA, algorithm="MD5", nonce=nonce).status == 401, "MD5 where it is off")


def curl_basic():
    with device(*TLS, "--basic") as dev:
        for words, statuses in ((("-u", f"anna:{ANNA}"), ["200"]), (("-u", "anna:wrong"), ["401"]), ((), ["401"]),
                                (("--anyauth", "-u", f"anna:{ANNA}"), ["401", "200"])):
            got, said = curl(dev.tls_url, "--cacert", dev.pem, *words)
            check(got == statuses, f"{words}: {got} {said}")
        check(curl(dev.url, "--basic", "-u", f"anna:{ANNA}")[0] == ["401"], "taken without TLS")
        check(not any(c.startswith("Basic") for c in dev.ask("GetUsers").challenges), "offered without TLS")


def zeep_client(dev, name, password, url=None):
    session = requests.Session()
    session.trust_env = False
    session.verify = dev.pem
    session.auth = requests.auth.HTTPDigestAuth(name, password)
    client = zeep.Client(str(peerkit.onvif_device_wsdl()), transport=zeep.Transport(session=session))
    return client.create_service(f"{{{peerkit.DEVICE_NS}}}DeviceBinding", url or dev.url)


def refused(call, *words):
    try:
        call(*words)
    except (zeep.exceptions.Error, requests.exceptions.HTTPError) as problem:
        return str(problem)
    check(False, "it was taken")


def zeep_digest():
    for words in ((), ("--digest-md5",), (*TLS, "--digest-md5")):
        with device(*words) as dev:
            url = dev.tls_url or dev.url
            service = zeep_client(dev, "anna", ANNA, url)
            for _ in range(3):
                check([u.Username for u in service.GetUsers()] == list(USERS), "GetUsers")
            service.CreateUsers(User=[{"Username": "zeep", "Password": "S3cret-word", "UserLevel": "User"}])
            other = zeep_client(dev, "zeep", "S3cret-word", url)
            check(other.GetDeviceInformation().Manufacturer == "Soapbark", "the new user")
            refused(other.SystemReboot)
            refused(zeep_client(dev, "anna", "wrong", url).GetUsers)
            refused(zeep_client(dev, "nobody", ANNA, url).GetDeviceInformation)


def a_restart_goes_unnoticed():
    """The nonce that a client holds is stale after it; the client answers the next challenge by itself."""
    with folder() as made:
        dev = Device(made).set_up()
        port = dev.port
        service = zeep_client(dev, "anna", ANNA)
        check(len(service.GetUsers()) == 3, "before")
        dev.stop()
        dev = Device(made, "--listen", f"127.0.0.1:{port}")
        try:
            check(len(service.GetUsers()) == 3, "after")
            dev.asked = 2
            dev.last()
            statuses = [entry["status"] for entry in dev.entries()]
            check(statuses == [401, 200], f"{statuses}")
        finally:
            dev.stop()


PHP = """
[, $wsdl, $url, $user, $password, $digest, $pem] = $argv;
$options = ['location' => $url, 'soap_version' => SOAP_1_2, 'cache_wsdl' => WSDL_CACHE_NONE, 'login' => $user,
  'password' => $password, 'authentication' => $digest ? SOAP_AUTHENTICATION_DIGEST : SOAP_AUTHENTICATION_BASIC,
  'stream_context' => stream_context_create(['ssl' => ['cafile' => $pem]])];
$client = new SoapClient($wsdl, $options);
try {
  for ($i = 0; $i < 3; $i++) echo count($client->GetUsers()->User), ' ';
} catch (Throwable $problem) { echo 'refused: ', $problem->getMessage(); }
"""


def php(dev, url, user, password, digest):
    done = subprocess.run(["php", "-r", PHP, "--", str(peerkit.onvif_service_wsdl()), url, user, password, digest, dev.pem],
                          capture_output=True, text=True, timeout=60)
    return done.stdout


def php_soap_client():
    with device(*TLS, "--basic", "--digest-md5") as dev:
        said = php(dev, dev.tls_url, "anna", ANNA, "")
        check(said == "3 3 3 ", f"Basic over TLS: {said}")
        check(php(dev, dev.tls_url, "anna", "wrong", "").startswith("refused"), "Basic with a wrong password")
        check(php(dev, dev.url, "anna", ANNA, "").startswith("refused"), "Basic without TLS")
    with device("--digest-md5-only") as dev:
        said = php(dev, dev.url, "anna", ANNA, "1")
        check(said == "3 3 3 ", f"Digest: {said} {dev.said()[-700:]}")
        check(php(dev, dev.url, "anna", "wrong", "1").startswith("refused"), "Digest with a wrong password")


def npm(dev, text, *words):
    modules = next(path for path in NODES if os.path.isdir(os.path.join(path, "soap")))
    done = subprocess.run(["node", "-e", text, *words], env={**os.environ, "NODE_PATH": modules, "NODE_EXTRA_CA_CERTS": dev.pem},
                          capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr[-300:]


NPM_SOAP = """
const soap = require('soap');
const [wsdl, url, user, password] = process.argv.slice(1);
soap.createClientAsync(wsdl, { endpoint: url, forceSoap12Headers: true }).then(async (client) => {
  client.setSecurity(new soap.BasicAuthSecurity(user, password));
  const [answer] = await client.GetUsersAsync({});
  console.log(answer.User.length);
}).catch((problem) => console.log('refused', problem.response && problem.response.status || problem.message));
"""


def npm_soap_basic():
    wsdl = str(peerkit.onvif_service_wsdl())
    with device(*TLS, "--basic") as dev:
        said = npm(dev, NPM_SOAP, wsdl, dev.tls_url, "anna", ANNA)
        check(said == "3\n", said)
        check(npm(dev, NPM_SOAP, wsdl, dev.tls_url, "anna", "wrong") == "refused 401\n", "a wrong password")


def soapbark_call():
    def call(dev, *words):
        return subprocess.run([os.path.join(BUILD, "soapbark"), "call", dev.url, "GetUsers", "--wsdl",
                               str(peerkit.onvif_device_wsdl()), *words], capture_output=True, text=True, timeout=60)
    with device() as dev:
        secret = os.path.join(dev.folder, "password")
        with open(secret, "w") as out:
            out.write(ANNA + "\n")
        done = call(dev, *CALL(secret))
        check(done.returncode == 0 and "otto" in done.stdout, f"{done.stdout} {done.stderr}")
        check(call(dev).returncode > 0, "nobody")


def CALL(secret):
    return ["--user", "anna", "--password-file", secret]


def main():
    why = missing()
    if why:
        print(f"skip auth_peers: {why}")
        return
    cases = [curl_digest, curl_digest_md5, curl_basic]
    help_text = subprocess.run([os.path.join(BUILD, "soapbark"), "call", "--help"], capture_output=True, text=True, timeout=20).stdout
    node = shutil.which("node") and any(os.path.isdir(os.path.join(path, "soap")) for path in NODES)
    needs_zeep = None if zeep else "zeep is not installed"
    run(cases + peerkit.available([
        (zeep_digest, needs_zeep), (a_restart_goes_unnoticed, needs_zeep),
        (php_soap_client, None if shutil.which("php") else "php is not installed"),
        (npm_soap_basic, None if node else "npm soap is not installed"),
        (soapbark_call, None if "--user" in help_text else "soapbark call has no --user")]))


main()
