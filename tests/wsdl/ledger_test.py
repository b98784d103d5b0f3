#!/usr/bin/env python3
"""tests/wsdl/ledger_test.py - rpc/encoded with those who speak it: gSOAP, PHP and SOAP::Lite call ledger_server, soapbark calls PHP."""
# time-out: 120
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve()
WSDL = ROOT / "tests" / "wsdl" / "ledger.wsdl"
failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)


def call(url, operation, message):
    return subprocess.run([str(BUILD / "soapbark"), "call", url, operation, "--wsdl", str(WSDL), "--soap-encoding", "--json", "-"],
                          input=json.dumps(message), text=True, capture_output=True, timeout=60)


ENTRIES = {"account": "a", "entries": {"item": [{"text": "x", "cents": 3}, {"text": "y & z", "cents": 4, "kind": "debit"}]}}


def our_client(url, name):
    done = call(url, "Post", ENTRIES)
    answer = json.loads(done.stdout) if done.returncode == 0 else {}
    fine = answer.get("sum") == 7 and answer["last"]["text"] == "y & z"
    report(f"{name}_structs", None if fine else done.stdout + done.stderr)
    done = call(url, "Names", {"count": 3})
    answer = json.loads(done.stdout) if done.returncode == 0 else {}
    report(f"{name}_array", None if len(answer.get("names", {}).get("item", [])) == 3 else done.stdout + done.stderr)
    done = call(url, "Total", {"table": {"item": [{"item": [1, 2]}, {"item": [4]}]}})
    report(f"{name}_arrays", None if '"sum": 7' in done.stdout else done.stdout + done.stderr)


PHP_CLIENT = """<?php
$client = new SoapClient('%s', ['location' => '%s', 'cache_wsdl' => WSDL_CACHE_NONE, 'features' => %s]);
$entry = ['text' => 'x', 'cents' => 3];
$answer = $client->Post('a', [$entry, ['text' => 'y', 'cents' => 4, 'kind' => 'debit', 'note' => null]]);
$same = (object)$entry;
$twice = $client->Post('a', [$same, $same]);
$names = $client->Names(3);
echo $answer['sum'], ' ', $answer['last']->text, ' ', $twice['sum'], ' ', implode(',', $names), ' ', $client->Total([[1, 2], [4]]), "\\n";
try { $client->Post('a', []); } catch (SoapFault $fault) { echo $fault->getMessage(), "\\n"; }
"""

# Without a WSDL PHP sends the members of an object as it got them, and tells no more of their type than Struct.
PHP_BARE_CLIENT = """<?php
$client = new SoapClient(null, ['location' => '%s', 'uri' => 'urn:ledger', 'trace' => 1]);
function post($client, ...$entries) {
    return $client->__soapCall('Post', [new SoapParam('a', 'account'), new SoapParam($entries, 'entries')]);
}
$answer = post($client, (object)['cents' => 3, 'text' => 'x'], (object)['kind' => 'debit', 'text' => 'y', 'cents' => 4]);
echo $answer['sum'], ' ', $answer['last']->text, ' ', strpos($client->__getLastRequest(), '<kind') < strpos($client->__getLastRequest(), 'y</text'), "\n";
try { post($client, (object)['kind' => 'debit', 'text' => 'y']); } catch (SoapFault $fault) { echo $fault->getMessage(), "\n"; }
"""

PHP_SERVER = """<?php
class Ledger {
    function Post($account, $entries) {
        $sum = 0;
        foreach ($entries as $entry) $sum += $entry->cents;
        return ['sum' => $sum, 'last' => end($entries)];
    }
    function Names($count) { return array_map(fn($i) => "name <$i>", range(0, $count - 1)); }
    function Total($table) { return array_sum(array_map('array_sum', $table)); }
}
$server = new SoapServer('%s', ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$server->setClass('Ledger');
$server->handle();
"""

LITE_CLIENT = """
use strict; use warnings;
use SOAP::Lite;
my $client = SOAP::Lite->proxy('%s')->ns('urn:ledger', 'l')->on_action(sub { 'urn:ledger#' . $_[1] });
sub entry { my ($text, $cents) = @_;
    return SOAP::Data->name('item')->type('l:Entry')->attr({'xmlns:l' => 'urn:ledger'})->value(\\SOAP::Data->value(
        SOAP::Data->name('text')->type('string')->value($text), SOAP::Data->name('cents')->type('int')->value($cents)));
}
my $answer = $client->call('Post', SOAP::Data->name('account')->value('a'), SOAP::Data->name('entries')->value([entry('x', 3), entry('y', 4)]));
die $answer->faultstring if $answer->fault;
my $names = $client->call('Names', SOAP::Data->name('count')->value(3));
die $names->faultstring if $names->fault;
my $total = $client->call('Total', SOAP::Data->name('table')->value([[1, 2], [4]]));
die $total->faultstring if $total->fault;
print join(' ', $answer->result, $answer->valueof('//last')->{text}, join(',', @{$names->result}), $total->result), "\\n";
"""

# The members of a hash come in an order of the hash's own; all that were sent are printed.
LITE_HASHES = """
use strict; use warnings;
use SOAP::Lite;
my $sent = '';
my $client = SOAP::Lite->proxy('%s')->ns('urn:ledger', 'l')->on_action(sub { 'urn:ledger#' . $_[1] });
$client->transport->add_handler(request_send => sub { $sent = $_[0]->content; return });
my @entries = map { { text => 'x', cents => $_, note => 'n' } } 1 .. 12;
my $answer = $client->call('Post', SOAP::Data->name('account')->value('a'), SOAP::Data->name('entries')->value(\@entries));
die $answer->faultstring if $answer->fault;
my %%orders = map { $_ => 1 } $sent =~ m{(<(?:text|cents|note).*?)</(?:item|c-gensym\d+)>}g;
print join(' ', $answer->result, $answer->valueof('//last')->{cents}, map { join ',', m{<(\w+)}g } keys %%orders), "\n";
"""


# Members of one name between others, as the program puts them together.
LITE_SLIP = """
use strict; use warnings;
use SOAP::Lite;
my $client = SOAP::Lite->proxy('%s')->ns('urn:ledger', 'l')->on_action(sub { 'urn:ledger#' . $_[1] });
sub member { SOAP::Data->name($_[0])->type($_[1])->value($_[2]) }
my $answer = $client->call('File', SOAP::Data->name('slip')->value(\\SOAP::Data->value(member('stamp', 'int', 1), member('tag', 'string', 'a'),
    member('card', 'string', 'c & d'), member('until', 'gYearMonth', '2027-03'), member('stamp', 'int', 2), member('text', 'string', 'slip'),
    member('tag', 'string', 'b'))));
die $answer->faultstring if $answer->fault;
print $answer->result, "\n";
"""


# What wsdl2h and soapcpp2 make of ledger.wsdl is called as this does; the same entry twice goes as one, referred to twice.
GSOAP_CLIENT = """
#include "Ledger.nsmap"
#include "soapH.h"
#include <stdio.h>
static const char *url;
static int post(struct soap *soap, struct ns1__Entry **entries, int count) {
    struct ArrayOfEntry list = { 0 };
    struct ns1__PostResponse posted = { 0 };
    list.__ptr = entries;
    list.__size = count;
    if (soap_call_ns1__Post(soap, url, NULL, "a", &list, &posted))
        return printf("fault %s\\n", *soap_faultstring(soap));
    return printf("%d %s\\n", posted.sum, posted.last ? posted.last->text : "-");
}
int main(int argc, char **argv) {
    struct soap *soap = soap_new1(SOAP_XML_GRAPH);
    struct ns1__Entry x = { 0 }, y = { 0 };
    struct ns1__Entry *both[] = { &x, &y }, *same[] = { &x, &x };
    struct ns1__NamesResponse names = { 0 };
    struct Table table = { 0 };
    int first[] = { 1, 2 }, second[] = { 4 }, sum = 0, i;
    enum ns1__Kind debit = ns1__Kind__debit;
    url = argv[argc - 1];
    x.text = "x"; x.cents = 3; y.text = "y"; y.cents = 4; y.kind = &debit;
    post(soap, both, 2);
    post(soap, same, 2);
    post(soap, NULL, 0);
    if (!soap_call_ns1__Names(soap, url, NULL, 3, &names))
        for (i = 0; i < names.names->__size; i++)
            printf("%s\\n", names.names->__ptr[i]);
    table.__ptr = soap_malloc(soap, 2 * sizeof *table.__ptr);
    table.__size = 2;
    table.__ptr[0].__ptr = first; table.__ptr[0].__size = 2;
    table.__ptr[1].__ptr = second; table.__ptr[1].__size = 1;
    if (!soap_call_ns1__Total(soap, url, NULL, &table, &sum))
        printf("%d\\n", sum);
    else
        printf("fault %s\\n", *soap_faultstring(soap));
    return 0;
}
"""


def gsoap_client(url):
    for tool in ("wsdl2h", "soapcpp2", "cc"):
        if not shutil.which(tool):
            print(f"skip gsoap_client: no {tool}")
            return
    folder = BUILD / "tests" / "ledger_gsoap"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "client.c").write_text(GSOAP_CLIENT)
    for words in (["wsdl2h", "-c", "-o", "ledger.h", str(WSDL)],
                  ["soapcpp2", "-c", "-C", "-L", "-x", "-1", "-I/usr/share/gsoap/import", "ledger.h"],
                  ["cc", "-O0", "-w", "-I.", "client.c", "soapC.c", "soapClient.c", "-lgsoap", "-lm", "-o", "client"], ["./client", url]):
        done = subprocess.run(words, cwd=folder, text=True, capture_output=True, timeout=100)
        if done.returncode:
            report("gsoap_client", f"{words[0]}: {done.stdout[-300:]}{done.stderr[-600:]}")
            return
    lines = done.stdout.splitlines()
    fine = (lines[:2] == ["7 y", "6 x"] and lines[2].startswith("fault") and "no entries" in lines[2]
            and lines[3:] == ["name <0>", "name <1>", "name <2>", "7"])
    report("gsoap_client", None if fine else done.stdout)


def has_php():
    return shutil.which("php") and "soap" in subprocess.run(["php", "-m"], text=True, capture_output=True).stdout


def php_client(url):
    for name, features in (("php", "0"), ("php_multiref", "SOAP_USE_XSI_ARRAY_TYPE")):
        done = subprocess.run(["php"], input=PHP_CLIENT % (WSDL, url, features), text=True, capture_output=True, timeout=60)
        lines = done.stdout.splitlines()
        fine = len(lines) == 2 and lines[0] == "7 y 6 name <0>,name <1>,name <2> 7" and "no entries" in lines[1]
        report(f"{name}_client", None if fine else done.stdout + done.stderr)


def php_bare_client(url):
    done = subprocess.run(["php"], input=PHP_BARE_CLIENT % url, text=True, capture_output=True, timeout=60)
    lines = done.stdout.splitlines()
    fine = len(lines) == 2 and lines[0] == "7 y 1" and "expected cents" in lines[1]
    report("php_members_in_its_own_order", None if fine else done.stdout + done.stderr)


def php_server():
    """PHP's own web server, with a SoapServer in it."""
    folder = BUILD / "tests" / "ledger_php"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.php").write_text(PHP_SERVER % WSDL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(["php", "-S", f"127.0.0.1:{port}", "-t", str(folder)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        our_client(f"http://127.0.0.1:{port}/index.php", "php_server")
    finally:
        server.terminate()
        server.wait(10)


def lite_client(url):
    if not shutil.which("perl") or subprocess.run(["perl", "-MSOAP::Lite", "-e", "1"], capture_output=True).returncode:
        print("skip lite_client: no SOAP::Lite")
        return
    done = subprocess.run(["perl"], input=LITE_CLIENT % url, text=True, capture_output=True, timeout=60)
    fine = done.stdout.strip() == "7 y name <0>,name <1>,name <2> 7"
    report("lite_client", None if fine else done.stdout + done.stderr)
    done = subprocess.run(["perl"], input=LITE_HASHES % url, text=True, capture_output=True, timeout=60,
                          env={**os.environ, "PERL_HASH_SEED": "1", "PERL_PERTURB_KEYS": "DETERMINISTIC"})
    words = done.stdout.split()
    fine = words[:2] == ["78", "12"] and len(set(words[2:])) > 1
    report("lite_hashes_in_any_order", None if fine else done.stdout + done.stderr)
    done = subprocess.run(["perl"], input=LITE_SLIP % url, text=True, capture_output=True, timeout=60)
    report("lite_repeated_members_apart", None if done.stdout.strip() == "slip a b card c & d until 3 1 2" else done.stdout + done.stderr)


def main():
    for program in (BUILD / "soapbark", BUILD / "tests" / "ledger_server"):
        if not program.is_file():
            print(f"not ok ledger: {program.name} was not built")
            return 1
    server = subprocess.Popen([str(BUILD / "tests" / "ledger_server")], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().split()[-1]
        our_client(url, "own")
        done = call(url, "File", {"slip": {"text": "t", "tag": ["a", None], "cash": 5, "stamp": [1, 2]}})
        report("own_slip", None if '"t a - cash 5 1 2"' in done.stdout else done.stdout + done.stderr)
        lite_client(url)
        gsoap_client(url)
        if has_php():
            php_client(url)
            php_bare_client(url)
    finally:
        server.terminate()
        server.wait(10)
    if has_php():
        php_server()
    else:
        print("skip php: no SOAP extension")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
