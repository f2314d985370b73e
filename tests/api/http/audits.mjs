// Runs every audit of GraphQL over HTTP against the address given, and prints what became of each.
import { serverAudits } from "graphql-http";

const audits = serverAudits({ url: process.argv[2], fetchFn: fetch });
const outcomes = [];
for (const audit of audits) {
  const { status, reason } = await audit.fn();
  outcomes.push({ name: audit.name, status, reason: reason ?? null });
}
console.log(JSON.stringify(outcomes));
