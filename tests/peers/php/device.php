<?php
// tests/peers/php/device.php - PHP's SoapClient calls the ONVIF device service: device.php WSDL URL 11|12
[, $wsdl, $url, $version] = $argv;

function step(string $name, callable $run): void
{
    try {
        $run();
        echo "ok $name\n";
    } catch (Throwable $problem) {
        echo "not ok $name: " . preg_replace('/\s+/', ' ', substr($problem->getMessage(), 0, 600)) . "\n";
    }
}

function check(bool $condition, $what): void
{
    if (!$condition) {
        throw new Exception(is_string($what) ? $what : json_encode($what));
    }
}

$client = new SoapClient($wsdl, [
    'location' => $url,
    'soap_version' => $version === '12' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'trace' => true,
]);

step('date_and_time', function () use ($client) {
    $when = $client->GetSystemDateAndTime()->SystemDateAndTime->UTCDateTime;
    check($when->Date->Year === (int)gmdate('Y') && $when->Time->Hour >= 0, $when);
});
step('device_information', function () use ($client) {
    $answer = $client->GetDeviceInformation();
    check($answer->Manufacturer !== '' && $answer->SerialNumber !== '', $answer);
});
step('services', function () use ($client) {
    $answer = $client->GetServices(['IncludeCapability' => false]);
    check(str_contains(json_encode($answer, JSON_UNESCAPED_SLASHES), 'ver10/device/wsdl'), $answer);
});
step('users', function () use ($client) {
    $client->CreateUsers(['User' => [['Username' => 'php', 'Password' => 'S3cret-word', 'UserLevel' => 'User']]]);
    check(str_contains(json_encode($client->GetUsers()), '"php"'), 'GetUsers');
});
step('not_supported', function () use ($client) {
    try {
        $client->SystemReboot();
    } catch (SoapFault $fault) {
        check(str_contains($client->__getLastResponse(), 'ActionNotSupported'), $fault->getMessage());
        return;
    }
    throw new Exception('SystemReboot was taken');
});
