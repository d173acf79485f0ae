/** What a person does with caio-mcp, through any client: check a use, register it, find it. */

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const TOOLS = ["check_model", "check_use", "list_models", "register_use", "search_register"];
const USE = { task: "summarise", tool: "ChatGPT Free", data: ["press release"] };
const TITLE = "Summaries of press releases";
const ENTRY = "E-0001";

/**
 * Walk the journey once for each era, each in a workspace of its own, and say what fails.
 *
 * `connect({ command, args, env, era })` starts the server and returns what the client offers:
 * `list()` gives the tools, `call(name, args)` gives the result of a call, errors included,
 * and `close()` ends it. It is for `connect` to see that the client really speaks that era.
 */
export async function travel(eras, connect) {
  const client = basename(process.argv[1], ".mjs");
  const command = process.argv[2] ?? "caio-mcp";
  let status = 0;
  for (const era of eras) {
    const workspace = await mkdtemp(join(tmpdir(), "caio-mcp-"));
    const env = { CAIO_MCP_WORKSPACE: workspace };
    const at = { step: "connect" };
    let session;
    try {
      session = await connect({ command, args: ["serve"], env, era });
      await walk(session, at);
      at.step = "workspace";
      assert.notDeepEqual(await readdir(workspace), [], "nothing was kept in the workspace");
    } catch (error) {
      console.error(`${client}, ${era} era, ${at.step}: ${error.message}`);
      status = 1;
    } finally {
      await session?.close();
      await rm(workspace, { recursive: true, force: true });
    }
  }
  process.exit(status); // at once: a connect that failed half-way may have left its server running
}

async function walk({ list, call }, at) {
  at.step = "tools/list";
  assert.deepEqual((await list()).map((tool) => tool.name).sort(), TOOLS);

  at.step = "search_register before anything is registered";
  const empty = answer(await call("search_register", {}));
  assert.deepEqual(empty.structured, { entries: [], count: 0 });
  assert.match(empty.text, /^No entry fits\./);

  at.step = "check_use";
  const checked = answer(await call("check_use", USE));
  const { check, decision, verdict } = checked.structured;
  assert.equal(decision, "allow");
  assert.match(verdict, /^YES\. /);
  assert.match(check, /^C-[0-9A-Z]{12}$/);
  assert.ok(checked.text.startsWith(verdict), `the text does not open with the verdict: ${checked.text}`);
  assert.ok(checked.text.includes(check), `the text does not name the check: ${checked.text}`);

  at.step = "register_use";
  const registered = answer(await call("register_use", { check, title: TITLE }));
  assert.partialDeepStrictEqual(registered.structured,
    { entry: ENTRY, status: "approved", title: TITLE, decision: "allow", check });
  assert.match(registered.structured.verdict, /^YES\. /);
  assert.ok(registered.text.startsWith(`${ENTRY} "${TITLE}" is in the register: approved`), registered.text);
  assert.ok(registered.text.includes(registered.structured.verdict), registered.text);

  at.step = "search_register";
  const found = answer(await call("search_register", { words: "press", status: "approved" }));
  assert.equal(found.structured.count, 1);
  assert.partialDeepStrictEqual(found.structured.entries,
    [{ entry: ENTRY, status: "approved", title: TITLE, check, own: true }]);
  assert.match(found.text, new RegExp(`^${ENTRY} approved "${TITLE}" `, "m"));

  at.step = "an unknown argument";
  const refused = await call("register_use", { check, titel: "Zebra" });
  assert.equal(refused.isError, true);
  assert.equal(refused.structuredContent, undefined);
  const sentence = onlyText(refused);
  assert.match(sentence, /'titel' is not an argument of register_use\. Did you mean 'title'\?/);
  assert.match(sentence, /^[A-Z].*\.$/, "not a sentence of one line");
  assert.doesNotMatch(sentence, /Traceback|pydantic|Zebra/);

  at.step = "search_register after the refusal";
  assert.equal(answer(await call("search_register", {})).structured.count, 1);
}

/** Both halves of a result that is not an error. */
function answer(result) {
  assert.ok(!result.isError, `an error: ${JSON.stringify(result.content)}`);
  return { structured: result.structuredContent, text: onlyText(result) };
}

function onlyText(result) {
  assert.deepEqual(result.content.map((part) => part.type), ["text"]);
  return result.content[0].text;
}
