#!/usr/bin/env python3
"""tests/peers/gsoap_test.py - gSOAP on both sides: its clients call our servers, our clients call its server.

The programs are generated and compiled in the build folder, once for each change of their sources. Of ONVIF's
device service only a slice is generated (the operations that the client calls): the whole of it takes gSOAP a
minute here.
"""
# time-out: 600
import json
import os
import re
import shutil

from peerkit import (BUILD, PEERS, THERMOSTAT_WSDL, WORK, check, command, device, lines_as_cases, need,
                     onvif_device_wsdl, program, run, stale, thermostat)

SOURCES = PEERS / "gsoap"
GSOAP = WORK / "gsoap"
IMPORT = "/usr/share/gsoap/import"
THERMOSTAT = ["version", "get_temperature", "set_schedule", "get_schedule", "one_period_too_many", "set_target",
              "typed_fault", "one_way"]
DEVICE = ["date_and_time", "device_information", "services", "not_supported"]
SLICE = ["GetSystemDateAndTime", "GetDeviceInformation", "GetServices", "SystemReboot"]


def tools():
    need("wsdl2h", "soapcpp2", "cc")


def generate(name, wsdl, source, options, parts):
    """wsdl2h, soapcpp2, cc; the program."""
    tools()
    folder = GSOAP / name
    product = folder / name
    if not stale(product, wsdl, SOURCES / source):
        return product
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    typemap = "/usr/share/gsoap/WS/typemap.dat"
    types = ["-t", typemap] if name.startswith("device") and os.path.exists(typemap) else []
    command("wsdl2h", "-c", *types, "-I", wsdl.parent, "-o", "service.h", wsdl, cwd=folder)
    command("soapcpp2", "-c", "-L", "-x", *options, f"-I{IMPORT}", "service.h", cwd=folder)
    command("cc", "-O0", "-w", "-I.", SOURCES / source, "soapC.c", *parts, "-lgsoap", "-lm", "-o", product, cwd=folder,
            timeout=400)
    return product


def thermostat_client(version):
    return generate(f"thermostat{version}", THERMOSTAT_WSDL, "thermostat_client.c",
                    ["-C", "-1" if version == "11" else "-2"], ["soapClient.c"])


def device_slice():
    """ONVIF's WSDL in the build folder with all operations but a few left out."""
    wsdl = onvif_device_wsdl()
    sliced = wsdl.with_name("slice.wsdl")
    if sliced.exists():
        return sliced
    text = wsdl.read_text(encoding="utf-8")
    kept = re.compile("|".join(f'name="{name}"' for name in SLICE))
    text = re.sub(r"<wsdl:operation\b[^>]*>.*?</wsdl:operation>",
                  lambda found: found.group(0) if kept.search(found.group(0).split(">")[0]) else "", text, flags=re.S)
    sliced.write_text(text, encoding="utf-8")
    return sliced


def client_cases():
    found = []
    for version in ("11", "12"):
        client = thermostat_client(version)
        with thermostat() as url:
            found += lines_as_cases(f"gsoap_thermostat_soap{version}", command(client, url, version), THERMOSTAT)
    return found


def device_cases():
    client = generate("device", device_slice(), "device_client.c", ["-C", "-2"], ["soapClient.c"])
    with device() as url:
        return lines_as_cases("gsoap_device", command(client, url), DEVICE)


def our_client_calls_its_server(version):
    def case():
        server = generate("server", THERMOSTAT_WSDL, "thermostat_server.c", ["-S"], ["soapServer.c"])
        with program(server) as url:
            def call(operation, *words):
                out = command(BUILD / "soapbark", "call", url, operation, "--wsdl", THERMOSTAT_WSDL, "--soap", version,
                              *words)
                return json.loads(out)

            answer = call("GetTemperature")
            check(answer["Celsius"] == 20.5 and answer["HumidityPercent"] == 48, f"{answer}")
            stored = call("SetSchedule", "Period[0].@day=Monday", "Period[0].From=06:30:00",
                          "Period[0].Target=21.5", "Period[0].Label=Getting up")
            check(stored == {"Stored": 1}, f"{stored}")
            back = call("GetSchedule", "Day=Monday")
            check(back["Period"][0]["Label"] == "Getting up" and back["Period"][0]["Target"] == 21.5, f"{back}")
            check(call("SetTarget", "Celsius=22.5", "Hold=PT2H") == {"Previous": 21}, "SetTarget")
            try:
                call("SetTarget", "Celsius=28")
            except Exception as why:
                check("lower limit" in str(why), f"{why}")
            else:
                check(False, "SetTarget(28) was taken")
    return case


def our_generated_client_calls_its_server():
    server = generate("server", THERMOSTAT_WSDL, "thermostat_server.c", ["-S"], ["soapServer.c"])
    with program(server) as url:
        out = command(BUILD / "thermostat-client", url)
        check("it is 20.5 degrees" in out and "humidity 48 %" in out, out)


def attempt(name, make):
    """The cases that make() finds, or the one case that says why there are none."""
    try:
        return make()
    except Exception as problem:  # run() says it, as a skip or as a failure
        why = problem

        def case():
            raise why
        return [(name, case)]


run(attempt("gsoap_thermostat", client_cases) +
    [("our_call_gsoap_server_soap11", our_client_calls_its_server("1.1")),
     ("our_call_gsoap_server_soap12", our_client_calls_its_server("1.2")),
     ("our_generated_client_gsoap_server", our_generated_client_calls_its_server)] +
    attempt("gsoap_device", device_cases))
