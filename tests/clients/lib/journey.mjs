/** Holds the conversation of conversation.json through any client that runs in Node. */

import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const CONVERSATION = await readFile(new URL("conversation.json", import.meta.url), "utf8");
const WORKSPACE = new URL("workspace", import.meta.url);
const CHECK = /C-[0-9A-Z]{12}/;

/**
 * Hold it once for each era, each in a workspace of its own, and say what fails.
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
      await cp(WORKSPACE, workspace, { recursive: true });
      session = await connect({ command, args: ["serve"], env, era });
      await converse(session, at);
      at.step = "workspace";
      const { register } = JSON.parse(CONVERSATION);
      assert.ok((await readdir(workspace)).includes(register), "the register is not in the workspace");
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

async function converse({ list, call }, at) {
  const { tools, steps } = JSON.parse(CONVERSATION);
  at.step = "tools/list";
  assert.deepEqual((await list()).map((tool) => tool.name).sort(), tools);

  const checks = {}; // the ids of answers, by the names that later steps have for them
  for (const written of steps) {
    const step = JSON.parse(JSON.stringify(written), (_, value) => checks[value] ?? value);
    at.step = step.step;
    const result = await call(step.tool, step.arguments);
    if (step.refused) isRefused(step, result);
    else isAnswered(step, result);
    if (written.check) checks[written.check] = result.structuredContent.check;
  }
}

function isAnswered({ opens, verdict, structured, says = [], check }, result) {
  assert.ok(!result.isError, `an error: ${JSON.stringify(result.content)}`);
  const text = onlyText(result);
  const values = result.structuredContent;
  assert.ok(text.startsWith(opens), `the text does not open with ${JSON.stringify(opens)}: ${text}`);
  assert.partialDeepStrictEqual(values, structured);
  for (const words of says) {
    assert.ok(text.includes(words), `${JSON.stringify(words)} is not in the text: ${text}`);
    assert.ok(JSON.stringify(values).includes(words), `${JSON.stringify(words)} is not in the structured content`);
  }
  if (verdict) {
    assert.ok(values.verdict.startsWith(verdict), `another verdict: ${values.verdict}`);
    assert.ok(text.includes(values.verdict), `the verdict is not in the text: ${text}`);
  }
  if (check) assert.equal(CHECK.exec(text)?.[0], values.check, "the text names another check");
}

function isRefused({ refused }, result) {
  assert.equal(result.isError, true);
  assert.equal(result.structuredContent, undefined);
  const sentence = onlyText(result);
  assert.ok(sentence.startsWith(refused), `not what is wrong: ${sentence}`);
  assert.match(sentence, /\.$/);
  assert.doesNotMatch(sentence, /\n|Traceback|pydantic|Zebra/);
}

function onlyText(result) {
  assert.deepEqual(result.content.map((part) => part.type), ["text"]);
  return result.content[0].text;
}
