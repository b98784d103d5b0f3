#!/usr/bin/env python3
"""examples/thermostat/thermostat_test.py - the tour as a test: our server, our client, and requests written by hand."""
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
ENVELOPES = {"11": ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8"),
             "12": ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml; charset=utf-8")}
NS = "http://soapbark.example/thermostat"
failed = 0


def check(name, condition, why=""):
    global failed
    if condition:
        print(f"ok thermostat_{name}")
    else:
        failed = 1
        print(f"not ok thermostat_{name}: {' '.join(str(why).split())[:700]}")


def post(url, version, body):
    ns, media = ENVELOPES[version]
    text = f'<s:Envelope xmlns:s="{ns}" xmlns="{NS}"><s:Body>{body}</s:Body></s:Envelope>'
    request = urllib.request.Request(url, text.encode(), {"Content-Type": media})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def plain(text):
    """Without prefixes and declarations, which are the encoder's business."""
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", re.sub(r"<(/?)\w+:", r"<\1", text))


def client(url, *words):
    done = subprocess.run([str(BUILD / "thermostat-client"), url, *words], text=True, capture_output=True, timeout=20)
    return done.returncode, done.stdout + done.stderr


def wire_cases(url):
    period = '<Period day="Monday"><From>06:30:00</From><Target>21.5</Target><Label>Getting up</Label></Period>'
    for version in ENVELOPES:
        status, text = post(url, version, "<GetTemperature/>")
        check(f"get_temperature_{version}", status == 200 and "<Celsius>20.5</Celsius>" in plain(text), text)
        status, text = post(url, version, f"<SetSchedule>{period}{period.replace('Monday', 'Sunday')}</SetSchedule>")
        check(f"set_schedule_{version}", status == 200 and "<Stored>2</Stored>" in plain(text), text)
        status, text = post(url, version, "<GetSchedule><Day>Monday</Day></GetSchedule>")
        check(f"get_schedule_{version}", status == 200 and plain(text).count("<Period") == 1 and
              "<From>06:30:00</From><Target>21.5</Target><Label>Getting up</Label>" in plain(text), text)
        status, text = post(url, version, "<SetTarget><Celsius>28</Celsius></SetTarget>")
        sender = 500 if version == "11" else 400
        check(f"typed_fault_{version}", status == sender and
              "<TargetRefused><Why>AboveLimit</Why><Limit>26</Limit></TargetRefused>" in plain(text), text)
        status, text = post(url, version, "<SetTarget><Celsius>31</Celsius></SetTarget>")
        check(f"facet_{version}", status == sender and "SetTarget/Celsius" in text and "30" in text, text)
        status, text = post(url, version, f"<SetSchedule>{period * 29}</SetSchedule>")
        check(f"one_period_too_many_{version}", status == sender and "SetSchedule" in text, text)
        status, text = post(url, version, f"<SetSchedule>{period.replace('Getting up', '7up')}</SetSchedule>")
        check(f"pattern_{version}", status == sender and "Label" in text, text)
        status, text = post(url, version, "<WindowChanged><Open>true</Open></WindowChanged>")
        check(f"one_way_{version}", status == 202 and text == "", text)
        status, text = post(url, version, "<SetTarget><Celsius>20</Celsius></SetTarget>")
        check(f"window_open_{version}", status == sender and "<Why>WindowOpen</Why>" in plain(text), text)
        post(url, version, "<WindowChanged><Open>false</Open></WindowChanged>")


def client_cases(url):
    status, text = client(url)
    check("client_asks", status == 0 and "it is 20.5 degrees" in text and "humidity 48 %" in text, text)
    status, text = client(url, "22.5")
    check("client_sets", status == 0 and "set to 22.5, it was 21.0" in text and "wanted are 22.5" in text, text)
    status, text = client(url, "27")
    check("client_is_refused", status == 3 and "refused: the installer set a lower limit" in text and
          "AboveLimit" in text, text)
    status, text = client(url, "99")
    check("client_checks_before_sending", status == 1 and "Celsius" in text, text)
    status, text = client("http://127.0.0.1:1/thermostat")
    check("client_without_server", status == 1 and text, text)


def main():
    server = subprocess.Popen([str(BUILD / "thermostat-server"), "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        url = line.split()[-1]
        check("starts", url.startswith("http://127.0.0.1:"), line)
        client_cases(url)
        wire_cases(url)
        check("still_runs", server.poll() is None)
    finally:
        server.send_signal(signal.SIGTERM)
        check("ends_when_asked_to", server.wait(20) == 0)
    return failed


sys.exit(main())
