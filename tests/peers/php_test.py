#!/usr/bin/env python3
"""tests/peers/php_test.py - PHP's SoapClient calls the thermostat and the device, SOAP 1.1 and 1.2.
"""
# time-out: 240
import subprocess

from peerkit import (PEERS, THERMOSTAT_WSDL, Skip, command, device, lines_as_cases, need, onvif_service_wsdl, run,
                     thermostat)

THERMOSTAT = ["get_temperature", "set_and_get_schedule", "set_target", "faults", "one_way"]
DEVICE = ["date_and_time", "device_information", "services", "users", "not_supported"]


def thermostat_cases():
    need("php")
    if "soap" not in subprocess.run(["php", "-m"], capture_output=True, text=True).stdout.split():
        raise Skip("php has no soap extension")
    found = []
    for version in ("11", "12"):
        with thermostat() as url:
            output = command("php", PEERS / "php" / "thermostat.php", THERMOSTAT_WSDL, url, version)
        found += lines_as_cases(f"php_thermostat_soap{version}", output, THERMOSTAT)
    return found


def device_cases():
    wsdl = onvif_service_wsdl()
    found = []
    for version in ("11", "12"):
        with device() as url:
            output = command("php", PEERS / "php" / "device.php", wsdl, url, version)
        found += lines_as_cases(f"php_device_soap{version}", output, DEVICE)
    return found


def attempt(name, make):
    """The cases that make() finds, or the one case that says why there are none."""
    try:
        return make()
    except Exception as problem:  # run() says it, as a skip or as a failure
        why = problem

        def case():
            raise why
        return [(name, case)]


run(attempt("php_thermostat", thermostat_cases) + attempt("php_device", device_cases))
