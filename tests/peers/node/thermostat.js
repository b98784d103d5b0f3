// tests/peers/node/thermostat.js - npm soap calls the thermostat: thermostat.js WSDL URL 11|12
'use strict';
const soap = require('soap');
const [wsdl, url, version] = process.argv.slice(2);

async function step(name, run) {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (problem) {
    console.log(`not ok ${name}: ${String(problem.message || problem).replace(/\s+/g, ' ').slice(0, 600)}`);
  }
}

function check(condition, what) {
  if (!condition) throw new Error(typeof what === 'string' ? what : JSON.stringify(what));
}

async function refused(client, celsius, inside) {
  try {
    await client.SetTargetAsync({ Celsius: celsius });
  } catch (fault) {
    const body = String((fault.response && fault.response.data) || fault.body || fault.message);
    check(body.includes(inside), `${inside} is not in ${body}`);
    return;
  }
  throw new Error(`SetTarget(${celsius}) was taken`);
}

async function main() {
  const options = { endpoint: url, forceSoap12Headers: version === '12' };
  const client = await soap.createClientAsync(wsdl, options);
  await step('get_temperature', async () => {
    const [answer] = await client.GetTemperatureAsync({});
    check(answer.Celsius === 20.5 && Number(answer.HumidityPercent) === 48, answer);
    check(Math.abs(new Date(answer.MeasuredAt) - Date.now()) < 60000, answer);
  });
  await step('set_and_get_schedule', async () => {
    const period = { attributes: { day: 'Monday' }, From: '06:30:00', Target: 21.5, Label: 'Getting up' };
    const [stored] = await client.SetScheduleAsync({ Period: [period, { ...period, attributes: { day: 'Sunday' } }] });
    check(Number(stored.Stored) === 2, stored);
    const [back] = await client.GetScheduleAsync({ Day: 'Sunday' });
    const [only] = [].concat(back.Period);
    check(only.attributes.day === 'Sunday' && only.From.startsWith('06:30:00') && Number(only.Target) === 21.5, back);
  });
  await step('set_target', async () => {
    const [answer] = await client.SetTargetAsync({ Celsius: 22.5, Hold: 'PT2H' });
    check(Number(answer.Previous) === 21, answer);
  });
  await step('faults', async () => {
    await refused(client, 28, 'AboveLimit');
    await refused(client, 99, 'SetTarget/Celsius');
  });
  await step('one_way', async () => {
    await client.WindowChangedAsync({ Open: true });
    await refused(client, 20, 'WindowOpen');
  });
}

main().catch((problem) => console.log(`not ok client: ${problem.stack}`));
