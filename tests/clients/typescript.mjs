/** The client of the TypeScript SDK: as it is by default, and negotiating the newer protocol. */

import assert from "node:assert/strict";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { travel } from "./lib/journey.mjs";

const ERAS = {
  legacy: { options: {}, version: "2025-11-25" },
  modern: { options: { versionNegotiation: { mode: "auto" } }, version: "2026-07-28" },
};

await travel(Object.keys(ERAS), async ({ command, args, env, era }) => {
  const { options, version } = ERAS[era];
  const client = new Client({ name: "caio-mcp-clients", version: "1" }, options);
  await client.connect(new StdioClientTransport({ command, args, env }));
  assert.equal(client.getProtocolEra(), era);
  assert.equal(client.getNegotiatedProtocolVersion(), version);
  assert.match(client.getInstructions(), /check_use/);
  return {
    list: async () => (await client.listTools()).tools,
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
});
