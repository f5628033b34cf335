// Copyright (C) ngx_chat_module contributors
//
// The Perl harness for tests in JavaScript: an nginx of one's own, with a
// configuration that the test shows (or a plain one).
//
//     const chat = await serve();                // { config, workers, operator }
//     await page.goto(`${chat.origin}/`);
//     chat.operator                              // { login, password, name }
//     await chat.reload();                       // kill, upgrade, stop, start
//     await chat.account({ login: "lea" });      // one more operator
//     await chat.done();                         // throws when the log is bad

import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

export async function serve(options = {}) {
  const child = spawn(
    "perl",
    [path.join(here, "serve.pl"), JSON.stringify(options)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function answer() {
    const { value, done } = await lines.next();

    if (done) {
      throw new Error("the server's harness ended by itself");
    }

    const data = JSON.parse(value);

    if (data.error) {
      throw new Error(data.error);
    }

    return data;
  }

  // one command at a time, in the order of the calls

  let last = Promise.resolve();

  function tell(line) {
    const next = last.then(() => {
      child.stdin.write(`${line}\n`);
      return answer();
    });

    last = next.catch(() => {});
    return next;
  }

  return {
    ...(await answer()),
    reload: () => tell("reload"),
    kill: () => tell("kill"),
    upgrade: () => tell("upgrade"),
    stop: () => tell("stop"),
    start: () => tell("start"),
    allow: (pattern) => tell(`allow ${pattern}`),
    account: (data) => tell(`account ${JSON.stringify(data)}`),

    async done() {
      const { wrong } = await tell("done");

      child.stdin.end();

      if (wrong.length) {
        throw new Error(wrong.join("\n"));
      }
    },
  };
}
