// PostGraphile 5 as one runs it in production: Grafserv on Node's own HTTP server, no watching, no
// explaining, no GraphiQL, one process or a cluster. The histories are reached through `viewer`, the
// user of the bearer token, who is looked up with one statement in the table that Telltale uses.
// PORT, PROCESSES and DATABASE_URL come from the environment; the first argument is the folder the
// packages are installed in.
import cluster from "node:cluster";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const { Pool } = require("pg");
const { postgraphile } = require("postgraphile");
const { makePgService } = require("postgraphile/adaptors/pg");
const { context } = require("postgraphile/grafast");
const { grafserv } = require("postgraphile/grafserv/node");
const { PostGraphileAmberPreset } = require("postgraphile/presets/amber");
const { extendSchema, gql, jsonPgSmartTags } = require("postgraphile/utils");
const { PgSimplifyInflectionPreset } = require("@graphile/simplify-inflection");
const { PostGraphileConnectionFilterPreset } = require("postgraphile-plugin-connection-filter");

const TOKEN = {
  name: "token",
  text: `SELECT token.user_id FROM accounts_apitoken AS token
    JOIN accounts_user AS owner ON owner.id = token.user_id
    WHERE token.digest = $1 AND token.revoked_at IS NULL AND owner.is_active
      AND (token.expires_at IS NULL OR token.expires_at > now())`,
};

async function serve() {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
  const pgl = postgraphile({
    extends: [
      PostGraphileAmberPreset,
      PgSimplifyInflectionPreset,
      PostGraphileConnectionFilterPreset,
    ],
    plugins: [smartTags, viewer],
    // The indexes begin with the user, who is always given; the plugin looks at first columns alone.
    disablePlugins: ["PgIndexBehaviorsPlugin"],
    schema: { defaultBehavior: "-insert -update -delete -query:resource:connection" },
    pgServices: [makePgService({ pool, schemas: ["public"] })],
    grafast: { explain: false, context: (request) => identify(request, pool) },
    grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
  });
  const server = createServer();
  await pgl.createServ(grafserv).addTo(server);
  server.listen(Number(process.env.PORT), "127.0.0.1");
}

async function identify(request, pool) {
  const header = request.node?.req.headers.authorization ?? "";
  const digest = createHash("sha256").update(header.slice("Bearer ".length)).digest("hex");
  const { rows } = await pool.query({ ...TOKEN, values: [digest] });
  return { userId: rows[0]?.user_id ?? null };
}

const smartTags = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      accounts_user: { tags: { name: "user" } },
      predictions_prediction: { tags: { name: "prediction" } },
    },
  },
});

const viewer = extendSchema((build) => {
  const { user } = build.pgResources;
  return {
    typeDefs: gql`extend type Query { viewer: User }`,
    objects: {
      Query: { plans: { viewer: () => user.get({ id: context().get("userId") }) } },
    },
  };
});

const processes = Number(process.env.PROCESSES);
if (cluster.isPrimary && processes > 1) {
  for (let number = 0; number < processes; number += 1) cluster.fork();
} else {
  await serve();
}
