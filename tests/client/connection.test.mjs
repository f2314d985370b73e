import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, SLOW_AFTER_MS } from "../../client/models/connection.js";
import { Asleep, Unreachable } from "../../client/models/errors.js";

function states(connection) {
  const seen = [];
  connection.addEventListener("change", () => seen.push(connection.state));
  return seen;
}

test("a request without an answer for four seconds is slow, until it answers", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const connection = new Connection();
  const seen = states(connection);
  const done = connection.watch();
  context.mock.timers.tick(SLOW_AFTER_MS - 1);
  assert.equal(connection.state, "well");
  context.mock.timers.tick(1);
  done();
  assert.deepEqual(seen, ["slow", "well"]);
});

test("an answer in time is no news", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const connection = new Connection();
  const seen = states(connection);
  connection.watch()();
  context.mock.timers.tick(SLOW_AFTER_MS);
  assert.deepEqual(seen, []);
});

test("a gateway that answers for the server means it is waking up", () => {
  const connection = new Connection();
  connection.watch()(new Asleep());
  assert.equal(connection.state, "waking");
  connection.watch()(new Unreachable());
  assert.equal(connection.state, "unreachable");
  connection.watch()();
  assert.equal(connection.state, "well");
});

test("offline goes before everything else", () => {
  const connection = new Connection();
  connection.watch()(new Unreachable());
  connection.isOffline = true;
  assert.equal(connection.state, "offline");
  connection.isOffline = false;
  assert.equal(connection.state, "unreachable");
});

test("what nobody tries any more is no state of the connection", () => {
  const connection = new Connection();
  const seen = states(connection);
  for (const error of [new Unreachable(), new Asleep()]) {
    connection.watch()(error);
    connection.rest();
  }
  assert.deepEqual(seen, ["unreachable", "well", "waking", "well"]);
});
