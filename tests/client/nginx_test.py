"""tests/client/nginx_test.py - the client and nginx: Basic over TLS, connections that nginx closes after two requests,
answers that are chunked, and errors with pages."""
import contextlib
import os
import shutil
import subprocess
import tempfile

from clientkit import THERMOSTAT, call, check, free_port, listening, run
from tlskit import Authority, missing, openssl

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
CONF = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; keepalive_requests 2; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {chain}; ssl_certificate_key {key};
    location /thermostat {{ auth_basic house; auth_basic_user_file {folder}/users; proxy_pass {thermostat}; }}
    location = /open {{ proxy_pass {thermostat}; }}
    location /moved {{ return 308 /open; }}
    location /gone {{ return 502; }}
  }}
}}
"""
scene = None


@contextlib.contextmanager
def nginx():
    port = free_port()
    backend = subprocess.Popen([THERMOSTAT, "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    with tempfile.TemporaryDirectory() as folder:
        server = None
        try:
            thermostat = backend.stdout.readline().split()[-1]
            with open(os.path.join(folder, "users"), "w") as out:
                out.write("eve:" + openssl("passwd", "-apr1", "s3cret"))
            conf = os.path.join(folder, "conf")
            with open(conf, "w") as out:
                out.write(CONF.format(folder=folder, port=port, chain=scene.good[0], key=scene.good[1], thermostat=thermostat))
            os.chmod(folder, 0o755)
            server = subprocess.Popen([NGINX, "-p", folder, "-e", os.path.join(folder, "error.log"), "-c", conf])
            listening(server, port, lambda: "nginx did not start")
            yield f"https://127.0.0.1:{port}"
        finally:
            for process in (server, backend):
                if process:
                    process.terminate()
                    process.wait(20)


def basic_over_tls():
    with nginx() as url:
        for mode in ((), ("step=1",), ("pool=3", "clients=1")):
            trust = (f"ca={scene.ca.file}", *mode)
            call(url + "/thermostat", "user=eve", "password=s3cret", "times=5", *trust).fine(5)
            call(url + "/thermostat", "user=eve", "password=wrong", *trust).says("HTTP 401")
            call(url + "/thermostat", *trust).says("HTTP 401")


def connections_end_after_two_requests():
    with nginx() as url:
        done = call(url + "/open", "times=9", "pool=2", f"ca={scene.ca.file}").fine(9)
        check(done.counts()["made"] >= 5 and done.counts()["again"] == 0, f"{done.counts()}")
        call(url + "/open", "threads=6", "times=20", "pool=6", "clients=1", f"ca={scene.ca.file}").fine(120)


def redirects_and_errors():
    with nginx() as url:
        call(url + "/moved", f"ca={scene.ca.file}").says("HTTP 308")
        call(url + "/moved", "redirects=1", f"ca={scene.ca.file}").fine()
        call(url + "/gone", f"ca={scene.ca.file}").says("HTTP 502")


def main():
    global scene
    why = missing() or (None if NGINX else "nginx is not installed")
    if why:
        print(f"skip client_nginx: {why}")
        return
    scene = type("Scene", (), {})()
    scene.ca = Authority()
    scene.good = scene.ca.issue()
    try:
        run([basic_over_tls, connections_end_after_two_requests, redirects_and_errors])
    finally:
        scene.ca.remove()


main()
