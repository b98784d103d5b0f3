<?php
// tests/peers/php/thermostat.php - PHP's SoapClient calls the thermostat: thermostat.php WSDL URL 11|12
[, $wsdl, $url, $version] = $argv;
$client = new SoapClient($wsdl, [
    'location' => $url,
    'soap_version' => $version === '12' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'exceptions' => true,
    'keep_alive' => true,
]);

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

function refused(SoapClient $client, float $celsius, string $inside): void
{
    try {
        $client->SetTarget(['Celsius' => $celsius]);
    } catch (SoapFault $fault) {
        $text = $fault->getMessage() . json_encode($fault->detail ?? null, JSON_UNESCAPED_SLASHES);
        check(str_contains($text, $inside), "$inside is not in $text");
        return;
    }
    throw new Exception("SetTarget($celsius) was taken");
}

step('get_temperature', function () use ($client) {
    $answer = $client->GetTemperature();
    check($answer->Celsius === 20.5 && $answer->HumidityPercent === 48, $answer);
    check(abs(strtotime($answer->MeasuredAt) - time()) < 60, $answer);
});
step('set_and_get_schedule', function () use ($client) {
    $period = ['From' => '06:30:00', 'Target' => 21.5, 'Label' => 'Getting up', 'day' => 'Monday'];
    $answer = $client->SetSchedule(['Period' => [$period, ['day' => 'Sunday'] + $period]]);
    check($answer->Stored === 2, $answer);
    $back = $client->GetSchedule(['Day' => 'Sunday']);
    $only = is_array($back->Period) ? $back->Period[0] : $back->Period;
    check($only->day === 'Sunday' && $only->Target === 21.5 && $only->Label === 'Getting up', $back);
});
step('set_target', function () use ($client) {
    $answer = $client->SetTarget(['Celsius' => 22.5, 'Hold' => 'PT2H']);
    check($answer->Previous === 21.0, $answer);
});
step('faults', function () use ($client) {
    refused($client, 28, 'AboveLimit');
    refused($client, 99, 'SetTarget/Celsius');
});
step('one_way', function () use ($client) {
    $client->WindowChanged(['Open' => true]);
    refused($client, 20, 'WindowOpen');
});
