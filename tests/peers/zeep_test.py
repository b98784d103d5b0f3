#!/usr/bin/env python3
"""tests/peers/zeep_test.py - zeep (Python) calls the thermostat and the ONVIF device, SOAP 1.1 and 1.2.
"""
# time-out: 240
import datetime
import os
import sys

try:
    import zeep
except ImportError:
    zeep = None
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):
        os.environ["PEER_AGAIN"] = "1"  # Debian's zeep belongs to Debian's Python
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from peerkit import DEVICE_NS, THERMOSTAT_NS, THERMOSTAT_WSDL, Skip, check, device, onvif_device_wsdl, run, thermostat


def services():
    if not zeep:
        raise Skip("zeep is not installed")
    return zeep.Client(str(THERMOSTAT_WSDL))


def thermostat_case(version):
    def case():
        client = services()
        with thermostat() as url:
            service = client.create_service(f"{{{THERMOSTAT_NS}}}ThermostatSoap{version}", url)
            answer = service.GetTemperature()
            check(answer.Celsius == 20.5 and answer.HumidityPercent == 48, f"GetTemperature: {answer}")
            age = datetime.datetime.now(datetime.timezone.utc) - answer.MeasuredAt
            check(abs(age.total_seconds()) < 60, f"MeasuredAt: {answer.MeasuredAt}")
            periods = [{"day": "Monday", "From": datetime.time(6, 30), "Target": 21.5, "Label": "Getting up"},
                       {"day": "Sunday", "From": datetime.time(8, 0, 0, 250000), "Target": 5, "Label": None}]
            check(service.SetSchedule(Period=periods) == 2, "SetSchedule")
            back = service.GetSchedule()
            check([(p.day, p.From, p.Target, p.Label) for p in back] ==
                  [(p["day"], p["From"], p["Target"], p["Label"]) for p in periods], f"GetSchedule: {back}")
            check(len(service.GetSchedule(Day="Monday")) == 1, "GetSchedule of a day")
            before = service.SetTarget(Celsius=22.5, Hold=datetime.timedelta(hours=2))
            check(before == 21 and service.GetTemperature().Target == 22.5, f"SetTarget: {before}")
            refused(service, 28, "lower limit", b"AboveLimit")
            refused(service, 99, "", b"SetTarget/Celsius")
            service.WindowChanged(Open=True)
            refused(service, 20, "window is open", b"WindowOpen")
    return case


def refused(service, celsius, reason, inside):
    try:
        answer = service.SetTarget(Celsius=celsius)
    except zeep.exceptions.Fault as fault:
        check(reason in fault.message, f"reason: {fault.message}")
        from lxml import etree
        detail = etree.tostring(fault.detail) if fault.detail is not None else b""
        check(inside in detail or inside in fault.message.encode(), f"{fault.message} {detail}")
        return
    check(False, f"SetTarget({celsius}) was taken: {answer}")


def device_case():
    if not zeep:
        raise Skip("zeep is not installed")
    client = zeep.Client(str(onvif_device_wsdl()))
    with device() as url:
        service = client.create_service(f"{{{DEVICE_NS}}}DeviceBinding", url)
        when = service.GetSystemDateAndTime()
        check(when.DateTimeType in ("Manual", "NTP"), f"GetSystemDateAndTime: {when}")
        check(when.UTCDateTime.Date.Year == datetime.datetime.now(datetime.timezone.utc).year, f"{when}")
        information = service.GetDeviceInformation()
        check(all([information.Manufacturer, information.Model, information.FirmwareVersion]), f"{information}")
        offered = service.GetServices(IncludeCapability=False)
        check(any(s.Namespace == DEVICE_NS and s.XAddr.startswith("http://127.0.0.1:") for s in offered), f"{offered}")
        capabilities = service.GetCapabilities(Category=["All"])
        check(capabilities.Device.XAddr.startswith("http://127.0.0.1:"), f"{capabilities}")
        service.SetScopes(Scopes=["onvif://www.onvif.org/name/zeep", "onvif://www.onvif.org/location/here"])
        scopes = [s.ScopeItem for s in service.GetScopes()]
        check("onvif://www.onvif.org/name/zeep" in scopes, f"{scopes}")
        check(service.GetHostname().Name, "GetHostname")
        service.CreateUsers(User=[{"Username": "zeep", "Password": "S3cret-word", "UserLevel": "Operator"}])
        users = [(u.Username, u.UserLevel, u.Password) for u in service.GetUsers()]
        check(("zeep", "Operator", None) in users, f"{users}")
        try:
            service.SystemReboot()
            check(False, "SystemReboot was taken")
        except zeep.exceptions.Fault as fault:
            check(any("ActionNotSupported" in str(code) for code in fault.subcodes or [fault.code]),
                  f"{fault.code} {fault.subcodes}")


run([("zeep_thermostat_soap11", thermostat_case("11")), ("zeep_thermostat_soap12", thermostat_case("12")),
     ("zeep_device", device_case)])
