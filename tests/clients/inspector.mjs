/** The MCP Inspector on the command line: each call starts a server of its own. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

import { travel } from "./lib/journey.mjs";

const CALL_SECONDS_MAX = 60;
const FINE = 0, TOOL_ERROR = 5; // exit status: 5 where the result is an error of the tool

// Results of 2026-07-28 carry the name of the server; those of the older protocol do not.
const SERVER = "io.modelcontextprotocol/serverInfo";

await travel(["legacy", "modern"], ({ command, args, env, era }) => {
  const inspect = (...wanted) => {
    const run = spawnSync("mcp-inspector", [
      "--cli", command, ...args, ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      "--protocol-era", era, "--format", "json", "--quiet", ...wanted,
    ], { encoding: "utf8", timeout: CALL_SECONDS_MAX * 1000 });
    if (run.error) throw run.error;
    assert.ok([FINE, TOOL_ERROR].includes(run.status), `exit status ${run.status}: ${run.stderr}`);
    const { result } = JSON.parse(run.stdout);
    assert.equal(run.status === TOOL_ERROR, result.isError === true, run.stderr);
    return result;
  };
  return {
    list: () => inspect("--method", "tools/list", "--strict").tools,
    call: (name, args) => {
      const result = inspect("--method", "tools/call", "--tool-name", name, "--tool-args-json", JSON.stringify(args));
      assert.equal(SERVER in (result._meta ?? {}), era === "modern", "the wrong era");
      return result;
    },
    close: () => {},
  };
});
