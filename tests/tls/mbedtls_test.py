"""tests/tls/mbedtls_test.py - the same tests of TLS and crypto once more, with mbedTLS instead of OpenSSL.

SOAPBARK_MBEDTLS names a folder with another mbedTLS than the system's: DIR/include/mbedtls/ssl.h and its libraries.
"""
# time-out: 400
import os
import subprocess
import sys

from tlskit import BUILD, ROOT, backend, missing

OTHER = os.environ.get("SOAPBARK_MBEDTLS")
OWN = os.path.join(os.path.abspath(BUILD), "mbedtls-other" if OTHER else "mbedtls")
TARGETS = ["tls_server", "tls_client", "tls_crypto_test", "tls_name_test", "soapbark_cli", "soapbark-device"]


def say_end(process, name):
    """Passes its lines on, each under a name of its own."""
    for line in process.stdout.splitlines():
        for verdict in ("not ok ", "ok ", "skip "):
            if line.startswith(verdict):
                line = f"{verdict}mbedtls_{line[len(verdict):]}"
                break
        print(line)
    if process.returncode != 0 and "not ok" not in process.stdout:
        print(f"not ok mbedtls_{name}: exit status {process.returncode}: {process.stderr.strip()[-300:]!r}")
    return process.returncode == 0


def main():
    why = missing()
    if not why and not os.path.exists(os.path.join(OTHER or "/usr", "include", "mbedtls", "ssl.h")):
        why = "mbedTLS is not installed"
    if not why and backend() == "mbedtls":
        why = "this build has mbedTLS anyway"
    if why:
        print(f"skip mbedtls: {why}")
        return 0
    for command in (["cmake", "-G", "Ninja", "-S", ROOT, "-B", OWN, "-DCMAKE_BUILD_TYPE=Release", "-DSOAPBARK_TLS=mbedtls",
                     *([f"-DCMAKE_PREFIX_PATH={os.path.abspath(OTHER)}"] if OTHER else [])],
                    ["cmake", "--build", OWN, "-j", "2", "--target", *TARGETS]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"not ok mbedtls_builds: {' '.join((done.stdout + done.stderr).split())[-600:]}")
            return 1
    print("ok mbedtls_builds")
    fine = True
    for name in ("tls_crypto_test", "tls_name_test"):
        done = subprocess.run([os.path.join(OWN, "tests", name)], capture_output=True, text=True)
        fine = say_end(done, name) and fine
    for name in ("client_test.py", "server_test.py"):
        done = subprocess.run([sys.executable, os.path.join(ROOT, "tests", "tls", name)], capture_output=True, text=True,
                              env={**os.environ, "SOAPBARK_BUILD": OWN})
        fine = say_end(done, name) and fine
    return 0 if fine else 1


sys.exit(main())
