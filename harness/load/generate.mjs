// Sends one kind of request over kept connections and prints what came back, as JSON: every answer
// is looked at. Arguments: the folder autocannon is installed in, the plan (see generator.py),
// the number of connections, the seconds before counting begins, and those that are counted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, planFile, connections, warmUpSeconds, seconds] = process.argv.slice(2);
const autocannon = createRequire(`${packages}/`)("autocannon");
const plan = JSON.parse(readFileSync(planFile, "utf8"));
const requests = plan.requests.map(({ method, path, headers, bodyFile }) => ({
  method,
  path,
  headers,
  body: bodyFile && readFileSync(bodyFile),
}));

const latencies = [];
const errors = {};
let counting = false;
let started;
let cpuBefore;
let clients = 0;
let answer;

const run = autocannon({
  url: `http://127.0.0.1:${plan.port}`,
  connections: Number(connections),
  duration: 3600, // ended below, to the millisecond
  timeout: plan.timeoutSeconds,
  // Called right after "response" of the same answer.
  verifyBody: (body) => {
    const text = String(body);
    const isRight = answer.status === 200 && isExpected(text);
    if (isRight && counting) latencies.push(answer.milliseconds);
    else if (!isRight) count(reasonIn(text));
    return isRight;
  },
  setupClient: (client) => {
    const first = Math.floor((clients++ * requests.length) / Number(connections));
    client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
  },
});
run.on("response", (_client, status, _bytes, milliseconds) => {
  answer = { status, milliseconds };
});
run.on("reqError", (error) => count(error.code ?? "error"));

setTimeout(() => {
  counting = true;
  started = process.hrtime.bigint();
  cpuBefore = process.cpuUsage();
}, Number(warmUpSeconds) * 1000);

setTimeout(
  () => {
    const elapsed = Number(process.hrtime.bigint() - started) / 1e9;
    const cpu = process.cpuUsage(cpuBefore);
    counting = false;
    run.stop();
    process.stdout.write(
      JSON.stringify({
        seconds: elapsed,
        latenciesMs: latencies,
        errors,
        cpuShare: (cpu.user + cpu.system) / 1e6 / elapsed,
      }),
      () => process.exit(),
    );
  },
  (Number(warmUpSeconds) + Number(seconds)) * 1000,
);

function isExpected(body) {
  let found = 0;
  for (let at = body.indexOf(plan.marker); at !== -1; at = body.indexOf(plan.marker, at + 1)) {
    found += 1;
  }
  return found === plan.occurrences;
}

function reasonIn(body) {
  const code = /"code":\s*"([A-Z_]+)"/.exec(body);
  if (code) return code[1];
  return answer.status === 200 ? "wrong answer" : `status ${answer.status}`;
}

function count(error) {
  if (counting) errors[error] = (errors[error] ?? 0) + 1;
}
