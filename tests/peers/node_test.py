#!/usr/bin/env python3
"""tests/peers/node_test.py - npm soap calls the thermostat in both versions, npm onvif talks to the device.

The packages are installed into the build folder, once for each package-lock.json; its versions and digests are
exact, where they come from is npm's own setting.
"""
# time-out: 240
import re
import shutil
import subprocess

from peerkit import (PEERS, THERMOSTAT_WSDL, WORK, Skip, command, device, lines_as_cases, need, run, stale,
                     thermostat)

NODE = WORK / "node"
THERMOSTAT = ["get_temperature", "set_and_get_schedule", "set_target", "faults", "one_way"]
DEVICE = ["date_and_time", "device_information", "capabilities", "hostname", "scopes", "users",
          "set_date_and_time", "not_supported"]


def packages():
    need("node", "npm")
    source, mark = PEERS / "node", NODE / "installed"
    NODE.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file():
            shutil.copyfile(path, NODE / path.name)
    if not stale(mark, source / "package-lock.json"):
        return
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=NODE, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=180)
    if done.returncode != 0:
        raise Skip(f"npm cannot install soap and onvif: {' '.join(done.stderr.split())[:200]}")
    mark.touch()


def cases():
    found = []
    for version in ("11", "12"):
        with thermostat() as url:
            output = command("node", NODE / "thermostat.js", THERMOSTAT_WSDL, url, version, cwd=NODE)
        found += lines_as_cases(f"npm_soap_thermostat_soap{version}", output, THERMOSTAT)
    with device() as url:
        host, port = re.match(r"http://([\d.]+):(\d+)", url).groups()
        found += lines_as_cases("npm_onvif_device", command("node", NODE / "device.js", host, port, cwd=NODE), DEVICE)
    return found


def main():
    try:
        packages()
        found = cases()
    except Exception as problem:  # run() says it, as a skip or as a failure
        why = problem

        def case():
            raise why
        found = [("npm_soap_and_onvif", case)]
    run(found)


main()
