"""tests/client/auth_test.py - who calls is said when the server asks, as the options allow, and to nobody else."""
from clientkit import FINE, TYPE, Digest, Peer, basic, call, check, head, run
from tlskit import Authority, missing

EVE = ("user=eve", "password=s3cret")
TLS = missing()
scene = None


def challenge(*values):
    return head(401, *(f"WWW-Authenticate: {v}" for v in values))


def digest(algorithm, *settings):
    server = Digest(algorithm)
    with Peer(server) as peer:
        call(peer.url, *EVE, *settings, "times=4").fine(4)
        check(not server.problems and server.made == 1 and len(peer.requests) == 5, f"{server.problems} {len(peer.requests)}")
        check(peer.requests[0].authorization() is None, "credentials before anybody asked")
        check(peer.connections == 1, f"{peer.connections} connections")


def digest_sha256():
    digest("SHA-256")


def digest_md5():
    digest("MD5", "md5=1")


def digest_without_waiting():
    digest("SHA-256", "step=1")


def digest_md5_by_option_only():
    with Peer(Digest("MD5")) as peer:
        call(peer.url, *EVE).says("HTTP 401")
        check(len(peer.requests) == 1, "answered")


def sha256_before_md5():
    server, weak = Digest(), Digest("MD5")
    server.extra = (weak.challenge(),)
    with Peer(server) as peer:
        call(peer.url, *EVE, "md5=1").fine()
        check("algorithm=SHA-256" in peer.requests[1].authorization(), peer.requests[1].authorization())


def stale_nonces():
    server = Digest(uses=2)
    with Peer(server) as peer:
        call(peer.url, *EVE, "times=6").fine(6)
        check(server.made == 3 and not server.problems, f"{server.made} {server.problems}")


def always_stale():
    server = Digest()
    with Peer(lambda request: server.refuse(stale=request.authorization() is not None)) as peer:
        call(peer.url, *EVE).says("HTTP 401")
        check(len(peer.requests) == 3, f"{len(peer.requests)} requests: one for a stale nonce, once")


def new_nonce_after_a_restart():
    """A server that forgot its nonces, and does not say stale: another challenge to an old nonce is answered."""
    server = Digest()

    def answer(request):
        if request.number == 2:
            server.nonce = "lost"
            return server.refuse()
        return server(request)
    with Peer(answer) as peer:
        call(peer.url, *EVE, "times=3").fine(3)


def wrong_password_once():
    server = Digest(password="other")
    with Peer(server) as peer:
        call(peer.url, *EVE).says("took no answer of ours")
        check(len(peer.requests) == 2, f"{len(peer.requests)} requests")
        call(peer.url, *EVE, "times=2")
        check(len(peer.requests) == 6, "the second call begins without credentials")


def every_connection_closed():
    server = Digest(extra=("Connection: close",))
    with Peer(lambda request: server(request)) as peer:
        call(peer.url, *EVE, "times=2").fine(2)


def several_in_one_field():
    server = Digest()

    def answer(request):
        if server.right(request):
            return FINE
        own = server.challenge().partition(": ")[2]
        return challenge(f'Negotiate, NTLM TlRMTVNTUAAB==, Basic realm="a, Digest b", {own}, Fancy x="1"')
    with Peer(answer) as peer:
        call(peer.url, *EVE).fine()
        check(len(peer.requests) == 2, f"{len(peer.requests)} requests")


def broken_challenges():
    for value in ('Digest realm="x", nonce="y', "Digest", "Digest realm=x", 'Digest realm="x",nonce="y",qop="auth-int"',
                  'Digest realm="x",nonce="y",qop="auth",algorithm=SHA-512', "", ",,,", '"', 'Digest realm="' + "a" * 3000 + '"',
                  'Digest realm="x",nonce="1",nonce="2",qop="auth"', 'Basicrealm="x"', "=", "Digest =,=",
                  'Digest realm="x",nonce="y"', 'Basic realm="x"'):
        with Peer(lambda request: challenge(value)) as peer:
            call(peer.url, *EVE).says("HTTP 401")
            check(len(peer.requests) == 1, f"answered: {value}")


def basic_not_without_tls():
    with Peer(lambda request: challenge('Basic realm="x"')) as peer:
        call(peer.url, *EVE).says("HTTP 401")
        check(all(r.authorization() is None for r in peer.requests), "the password went out")


def basic_server(request):
    return FINE if request.authorization() == basic("eve", "s3cret") else challenge('Basic realm="x", charset="UTF-8"')


def basic_by_option():
    with Peer(basic_server) as peer:
        call(peer.url, *EVE, "basic=1", "times=3").fine(3)
        check([r.authorization() is not None for r in peer.requests] == [False, True, True, True], "asked each time")
        call(peer.url, "user=eve", "password=wrong", "basic=1").says("HTTP 401")
        check(len(peer.requests) == 6, "tried again")
        call(peer.url, "user=a:b", "password=c", "basic=1").says("HTTP 401")
        check(len(peer.requests) == 7, "a name with a colon is another name")


def basic_over_tls():
    with Peer(basic_server, scene.good) as peer:
        call(peer.url, *EVE, f"ca={scene.ca.file}", "times=2").fine(2)


def token_over_tls_only():
    with Peer(lambda request: FINE, scene.good) as peer:
        call(peer.url, "token=abc.def-_~+/==", f"ca={scene.ca.file}", "times=2").fine(2)
        check(all(r.authorization() == "Bearer abc.def-_~+/==" for r in peer.requests), "no token")
        call(peer.url, "token=a b", f"ca={scene.ca.file}").says("cannot stand in a token")
    with Peer(lambda request: FINE) as peer:
        call(peer.url, "token=abc").says("https only")
        check(not peer.requests, "a request went out")


def token_refused():
    with Peer(lambda request: challenge('Bearer error="invalid_token"'), scene.good) as peer:
        call(peer.url, "token=abc", f"ca={scene.ca.file}").says("HTTP 401")
        check(len(peer.requests) == 1, "asked again")


def options_belong_together():
    call("http://127.0.0.1:1/", "user=eve").says("belong together")
    call("https://127.0.0.1:1/", "user=a", "password=b", "token=c", f"ca={scene.ca.file}").says("not both")


def fault_with_401():
    """A 401 with a SOAP fault and no challenge that can be answered: the fault is what the caller gets."""
    fault = (b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender'
             b'</s:Value></s:Code><s:Reason><s:Text xml:lang="en">who?</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>')
    with Peer(lambda request: head(401, TYPE.decode().strip(), "WWW-Authenticate: Other", body=fault)) as peer:
        call(peer.url, *EVE).says("who?")


def main():
    global scene
    cases = [digest_sha256, digest_md5, digest_without_waiting, digest_md5_by_option_only, sha256_before_md5, stale_nonces,
             always_stale, new_nonce_after_a_restart, wrong_password_once, every_connection_closed, several_in_one_field,
             broken_challenges, basic_not_without_tls, basic_by_option, options_belong_together, fault_with_401]
    if TLS:
        print(f"skip client_auth: {TLS}")
        return
    scene = type("Scene", (), {})()
    scene.ca = Authority()
    scene.good = scene.ca.issue()
    try:
        run(cases + [basic_over_tls, token_over_tls_only, token_refused])
    finally:
        scene.ca.remove()


main()
