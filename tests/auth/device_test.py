#!/usr/bin/env python3
"""tests/auth/device_test.py - who reaches what: user by password by state by class of operation, over the wire.

What a request reached is read from the device's log: an entry without an operation reached none. Guesses come from
addresses of their own (127.0.0.0/8), so that only the test of it meets the waiting time.
"""
# time-out: 240
import itertools
import os

from authkit import USERS, Device, answer, check, device, folder, missing, run, users_inside

SCOPE = "<tds:Scopes>onvif://www.onvif.org/location/here</tds:Scopes>"
TOKEN = "<tds:RelayOutputToken>r</tds:RelayOutputToken>"
REBOOT = 500  # allowed, and no handler: ter:ActionNotSupported
# operation, its message, the lowest rank that may (4: nobody), the status when it may
OPERATIONS = [
    ("GetSystemDateAndTime", "", 0, 200),
    ("GetServices", "<tds:IncludeCapability>true</tds:IncludeCapability>", 0, 200),
    ("GetEndpointReference", "", 0, REBOOT),
    ("GetDeviceInformation", "", 1, 200),
    ("GetRelayOutputs", "", 1, REBOOT),
    ("SetRelayOutputState", TOKEN + "<tds:LogicalState>active</tds:LogicalState>", 2, REBOOT),
    ("GetUsers", "", 3, 200),
    ("SetScopes", SCOPE, 3, 200),
    ("SystemReboot", "", 3, REBOOT),
    ("GetCACertificates", "", 4, REBOOT),
]
RANK = {"User": 1, "Operator": 2, "Administrator": 3}
strangers = (f"127.0.{n // 200 + 1}.{n % 200 + 1}" for n in itertools.count())


def last(dev):
    return dev.last()


def each_user_by_each_class():
    with device() as dev:
        for (operation, inside, rank, status), (name, (password, level)) in itertools.product(OPERATIONS, USERS.items()):
            got = dev.digest(operation, name, password, inside)
            want = status if RANK[level] >= rank else 403
            check(got.status == want, f"{operation} by {name}: {got.status}, want {want}")
            check(last(dev)["user"] == name, f"{last(dev)}")
            check(want != 403 or "ter:NotAuthorized" in got.body, got.body)
            check(want != REBOOT or "ter:ActionNotSupported" in got.body, got.body)
        for operation, inside, rank, status in OPERATIONS:
            got = dev.ask(operation, inside)
            check(got.status == (status if rank == 0 else 401), f"{operation} by nobody: {got.status}")
            check(rank == 0 or (got.challenge() and "ter:NotAuthorized" in got.body), f"{got.challenges} {got.body}")


def nobody_gets_in_with_wrong_words():
    """A wrong password reaches no handler, whatever it asks for: also not what is for everybody."""
    words = [("anna", "corr3ct-hors"), ("anna", "corr3ct-horse "), ("anna", ""), ("anna", USERS["otto"][0]), ("anna", "x" * 300),
             ("Anna", USERS["anna"][0]), ("nobody", USERS["anna"][0]), ("", ""), ("otto", "wrong"), ("anna' or '1'='1", "x")]
    with device() as dev:
        nonce = dev.ask("GetUsers").challenge()["nonce"]
        for (name, password), (operation, inside, _, _) in itertools.product(words, OPERATIONS):
            got = dev.digest(operation, name, password, inside, nonce=nonce, source=next(strangers))
            check(got.status == 401 and got.challenge(), f"{operation} by {name!r} with {password!r}: {got.status} {got.body}")
            entry = last(dev)
            check(not entry["operation"] and not entry.get("user"), f"{entry}")
        check("location/here" not in dev.digest("GetScopes", "anna", USERS["anna"][0]).body, "SetScopes was done")


def broken_fields():
    with device() as dev:
        nonce = dev.ask("GetUsers").challenge()["nonce"]
        right = answer("anna", USERS["anna"][0], nonce)
        for field, status in ((right.replace("nc=00000001", "nc=1"), 400), (right.replace('qop=auth', 'qop=auth-int'), 400),
                              (right.replace("SHA-256", "MD5"), 401), (right.replace(", qop=auth", ""), 400),
                              (right + ", nc=00000001", 400), ("Digest", 400), ("Negotiate YII=", 401),
                              (right.replace("/onvif/device_service", "/onvif/other"), 400), ("Bearer x.y.z", 401),
                              ("Basic YW5uYTpjb3JyM2N0LWhvcnNl", 401)):
            got = dev.ask("GetSystemDateAndTime", authorization=field, source=next(strangers))
            check(got.status in (400, 401) and not last(dev)["operation"], f"{field}: {got.status} {last(dev)}")
            check(got.status == status, f"{field}: {got.status}, want {status}")
        check(dev.ask("GetUsers", authorization=right).status == 200, "the right one")
        got = dev.ask("", body=b"")  # what curl --digest sends first
        check(got.status == 401 and got.challenge() and not last(dev)["operation"], f"an empty message: {got.status}")
        got = dev.ask("", body=b"", authorization=answer("anna", USERS["anna"][0], nonce, count=2))
        check(got.status == 400, f"an empty message of somebody known: {got.status}")
        check(dev.ask("", body=b"<").status == 400, "a broken message of nobody")


def setting_up():
    with device(False) as dev:
        check("no users yet" in dev.said(), dev.said())
        for operation, inside, rank, status in OPERATIONS:
            got = dev.ask(operation, inside)
            check(got.status == (status if rank == 0 else 401), f"{operation}: {got.status}")
            got = dev.digest(operation, "anna", USERS["anna"][0], inside, source=next(strangers))
            check(got.status == 401 and not last(dev)["operation"], f"{operation} by a user who does not exist: {got.status}")
        others = {name: user for name, user in USERS.items() if name != "anna"}
        got = dev.ask("CreateUsers", users_inside(others))
        check(got.status == 400 and "Administrator" in got.body, f"{got.status} {got.body}")
        check(not os.path.exists(os.path.join(dev.folder, "device.state")), "something was saved")
        dev.set_up()
        for name, (_, level) in USERS.items():
            check(dev.ask("CreateUsers", users_inside({"mallory": ("mallory-word", level)})).status == 401, f"{name} once more")
        check(os.stat(os.path.join(dev.folder, "device.state")).st_mode & 0o777 == 0o600, "others may read the users")
        got = dev.digest("GetUsers", "anna", USERS["anna"][0])
        check(got.status == 200 and "mallory" not in got.body and not any(p in got.body for p, _ in USERS.values()), got.body)


def changed_and_deleted_users():
    with device() as dev:
        def admin(operation, inside):
            return dev.digest(operation, "anna", USERS["anna"][0], inside)
        check(admin("SetUser", users_inside({"otto": ("a-new-password", "User")})).status == 200, "SetUser")
        check(dev.digest("GetDeviceInformation", "otto", USERS["otto"][0]).status == 401, "the old password")
        check(dev.digest("GetDeviceInformation", "otto", "a-new-password").status == 200, "the new password")
        check(dev.digest("SetRelayOutputState", "otto", "a-new-password", OPERATIONS[5][1]).status == 403, "the old level")
        check(admin("DeleteUsers", "<tds:Username>otto</tds:Username>").status == 200, "DeleteUsers")
        check(dev.digest("GetDeviceInformation", "otto", "a-new-password").status == 401, "a deleted user")
        got = admin("DeleteUsers", "<tds:Username>ulla</tds:Username><tds:Username>anna</tds:Username>")
        check(got.status == 400 and "ter:FixedUser" in got.body, got.body)
        check(dev.digest("GetDeviceInformation", "ulla", USERS["ulla"][0]).status == 200, "half of it was done")
        for name in ("anna", "ulla"):
            check(dev.digest("DeleteUsers", "ulla", USERS["ulla"][0], f"<tds:Username>{name}</tds:Username>").status == 403, name)


def guessing():
    with device() as dev:
        nonce = dev.ask("GetUsers").challenge()["nonce"]
        for n in range(5):
            check(dev.digest("GetUsers", "anna", f"guess{n}", nonce=nonce).status == 401, f"try {n}")
        got = dev.digest("GetUsers", "anna", USERS["anna"][0], nonce=nonce)
        check(got.status == 429 and not last(dev)["operation"], f"the right password from a peer that waits: {got.status}")
        check(dev.ask("GetSystemDateAndTime").status == 200, "without credentials it is served")
        check(dev.digest("GetUsers", "anna", USERS["anna"][0], source="127.0.0.2").status == 200, "another address")


def replays():
    with device() as dev:
        field = answer("anna", USERS["anna"][0], dev.ask("GetUsers").challenge()["nonce"])
        check(dev.ask("SetScopes", SCOPE, field).status == 200, "the first time")
        got = dev.ask("SetScopes", SCOPE, field)
        check(got.status == 401 and got.challenge().get("stale") == "true" and not last(dev)["operation"], f"{got.status}")
        check(dev.ask("SystemReboot", "", field).status == 401, "with another message")
        check(dev.ask("SetScopes", SCOPE, field, source="127.0.0.2").status == 401, "from another place")
        nonce = got.challenge()["nonce"]
        for count, status in ((1, 200), (2, 200), (5, 200), (4, 200), (4, 401), (2, 401), (6, 200)):
            got = dev.digest("GetUsers", "anna", USERS["anna"][0], nonce=nonce, count=count)
            check(got.status == status, f"count {count}: {got.status}")


def restarts():
    """Users stay; nonces of the old process are stale, which clients take for what it is."""
    with folder() as made:
        dev = Device(made).set_up()
        nonce = dev.ask("GetUsers").challenge()["nonce"]
        dev.digest("SetScopes", "anna", USERS["anna"][0], SCOPE)
        dev.stop()
        dev = Device(made)
        try:
            check("no users yet" not in dev.said(), dev.said())
            got = dev.digest("GetScopes", "anna", USERS["anna"][0], nonce=nonce)
            check(got.status == 401 and got.challenge().get("stale") == "true", f"{got.status} {got.challenges}")
            got = dev.digest("GetScopes", "anna", USERS["anna"][0], nonce=got.challenge()["nonce"])
            check(got.status == 200 and "location/here" in got.body, got.body)
            check(dev.digest("GetScopes", "anna", "wrong", nonce=nonce).challenge().get("stale") is None, "a wrong one is not stale")
        finally:
            dev.stop()
        with open(os.path.join(made, "device.state"), "r+") as state:
            state.truncate(100)
        try:
            Device(made)
        except Exception as why:
            check("damaged" in str(why), str(why))
        else:
            check(False, "it starts without its users")


def main():
    why = missing()
    if why:
        print(f"skip auth_device: {why}")
        return
    run([each_user_by_each_class, nobody_gets_in_with_wrong_words, broken_fields, setting_up, changed_and_deleted_users,
         guessing, replays, restarts])


main()
