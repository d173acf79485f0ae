/** The bundle, with the official tool: it is valid, unpacks, and starts with uv as a host would. */
// online: the first start fetches every package

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { getMcpConfigForManifest } from "@anthropic-ai/mcpb";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const STEP_SECONDS_MAX = 240;
const FROM = "import importlib.metadata as m; print(m.distribution('caio-mcp').read_text('direct_url.json'))";

delete process.env.VIRTUAL_ENV; // of whoever runs the tests; a host has none
process.env.UV_SYSTEM_CERTS ??= "true"; // as pip does: this network may have an authority of its own

const python = join(dirname(process.argv[2]), "python");
const folder = mkdtempSync(join(tmpdir(), "caio-mcpb-"));

function run(command, ...args) {
  const done = spawnSync(command, args, { encoding: "utf8", timeout: STEP_SECONDS_MAX * 1000 });
  if (done.error) throw done.error;
  assert.equal(done.status, 0, `${command} ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** uv from PATH, or put into an environment of its own; undefined where it cannot be had. */
function findUv() {
  if (spawnSync("uv", ["--version"]).status === 0) return "uv";
  const place = join(folder, "uv");
  try {
    run(python, "-m", "venv", place);
    run(join(place, "bin", "pip"), "install", "-q", "--disable-pip-version-check", "uv");
    return join(place, "bin", "uv");
  } catch (error) {
    console.log(`mcpb: uv unavailable, so Python starts the bundle (${error.message.split("\n")[0]})`);
    return undefined;
  }
}

/** How a host starts the bundle with these settings. */
async function startOf(manifest, unpacked, userConfig, uv) {
  const config = await getMcpConfigForManifest({
    manifest, extensionPath: unpacked, userConfig, pathSeparator: sep,
    systemDirs: { HOME: homedir(), DESKTOP: homedir(), DOCUMENTS: homedir(), DOWNLOADS: homedir() },
  });
  assert.equal(config.command, "uv");
  const env = { ...process.env, ...config.env };
  if (uv) return { command: uv, args: config.args, env };
  return { command: python, args: [join(unpacked, "server.py")], env: { ...env, PYTHONPATH: join(unpacked, "src") } };
}

async function toolsOf(start) {
  const client = new Client({ name: "caio-mcp-clients", version: "1" });
  await client.connect(new StdioClientTransport(start));
  const { tools } = await client.listTools();
  await client.callTool({ name: "check_use", arguments: { task: "translate", tool: "ChatGPT Free", data: ["press release"] } });
  await client.close();
  return tools.map((tool) => tool.name);
}

let status = 0;
try {
  // The installed program knows the folder it was installed from (PEP 610).
  const source = fileURLToPath(JSON.parse(run(python, "-c", FROM)).url);
  const bundle = join(folder, "caio-mcp.mcpb");
  const unpacked = join(folder, "unpacked");
  run(python, join(source, "packaging", "mcpb.py"), bundle);
  run("mcpb", "unpack", bundle, unpacked);
  run("mcpb", "validate", join(unpacked, "manifest.json"));
  run("mcpb", "info", bundle);

  const manifest = JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8"));
  const promised = manifest.tools.map((tool) => tool.name);
  const uv = findUv();
  if (uv) run(uv, "sync", "-q", "--directory", unpacked);
  const chosen = join(folder, "a folder", "of mine");
  for (const [userConfig, workspace] of [[{ workspace: chosen }, chosen], [{}, join(homedir(), "caio-mcp")]]) {
    assert.ok(!existsSync(workspace), `${workspace} is there already`);
    assert.deepEqual(await toolsOf(await startOf(manifest, unpacked, userConfig, uv)), promised);
    assert.ok(readdirSync(workspace).length, `nothing was kept in ${workspace}`);
  }
} catch (error) {
  console.error(`mcpb: ${error.message}`);
  status = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status); // at once: a start that failed half-way may have left its server running
