// Two operators, one conversation: who was late reads why, and keeps what was
// written.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Operator, open } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("a colleague, or the end, was quicker", async (t) => {
  const { chat, browser, operator } = await open(t);
  const lea = await Operator.logIn(
    chat.origin,
    await chat.account({ login: "lea", name: "Léa", role: "agent" }),
  );
  const operators = await consoleOf(browser, chat);
  const { page, thread } = operators;
  const kept = thread.locator(".kept");

  await operators.logIn(
    await chat.account({ login: "max", name: "Max", role: "agent" }),
  );

  /** An open conversation that this operator looks at. */
  const look = async (text) => {
    const visitor = await Visitor.open(chat.origin);

    await visitor.say(text);
    await operators.openRow(text);
    await operators.waitForText(text);
    return (await operator.conversationWith(text)).id;
  };

  const take = (id) =>
    lea.call("POST", `/operator/conversations/${id}/take`, {});

  /** Something happens after the click, before the request arrives. */
  const before = async (path, act) => {
    await page.route(path, async (route) => {
      await act();
      await route.continue();
    });
  };

  await t.test("taken by a colleague, before the click arrives", async () => {
    const id = await look("Who takes me?");

    await before("**/take", () => take(id));
    await operators.button("Take").click();
    await operators.notice.getByText("Léa has this conversation.").waitFor();
    await page.unroute("**/take");
  });

  /** What has the focus, of the thread in front. */
  const focused = (selector) => thread.locator(`${selector}:focus`).waitFor();

  await t.test(
    "taken or ended by the keyboard, one goes on there",
    async () => {
      await look("By keys only");
      await page.keyboard.press("Tab");
      await operators.button("Take").focus();
      await page.keyboard.press("Enter");
      await focused("textarea");
      await operators.button("End").focus();
      await page.keyboard.press("Enter");
      await operators.dialog.waitFor();
      await page.keyboard.press("Enter");
      await thread.getByText("This conversation has ended.").waitFor();
      await focused(".composer.ended");
    },
  );

  await t.test("a reply that comes too late says who has it", async () => {
    const id = await look("Who answers me?");

    await before("**/messages", () => take(id));
    await operators.write("I do");

    const failed = thread.locator(".bubble-failed");

    await failed.getByText("Léa has this conversation.").waitFor();
    assert.equal(await failed.getByRole("button", { name: "Try" }).count(), 0);
    await failed.getByRole("button", { name: "Discard" }).click();
    await failed.waitFor({ state: "detached" });
    await page.unroute("**/messages");
  });

  await t.test("a reply to what has ended says so", async () => {
    const id = await look("Still there?");

    await before("**/messages", () => operator.close(id));
    await operators.write("I am");
    await thread
      .locator(".bubble-failed")
      .getByText("This conversation has ended.")
      .waitFor();
    await page.unroute("**/messages");
  });

  await t.test("taken under one's hands, the words stay", async () => {
    const id = await look("Is anybody there?");

    await operators.field.fill("Yes, I was about to");
    await take(id);
    await kept.getByText("Yes, I was about to").waitFor();
    await thread.getByText("Léa has this conversation.").waitFor();

    // and stay when it changes hands again
    await operator.call("POST", `/operator/conversations/${id}/take`, {
      force: true,
    });
    await thread.locator(".composer").getByText(/^Ada/).waitFor();
    await kept.getByText("Yes, I was about to").waitFor();
  });

  await t.test("ended under one's hands, they can be thrown away", async () => {
    const id = await look("Forget it");

    await operators.field.pressSequentially("But wait");
    await operator.close(id);
    await kept.getByText("But wait").waitFor();
    await focused(".composer.ended");
    await kept.getByRole("button", { name: "Discard" }).press("Enter");
    await kept.waitFor({ state: "detached" });
    await focused(".composer.ended");
  });

  await t.test("of two who answer at once, one has it", async () => {
    const id = await look("First come");

    await operators.field.fill("Me, at once");

    const [colleague] = await Promise.allSettled([
      lea.say(id, "Or me"),
      page.keyboard.press("Enter"),
    ]);

    // it may be known before the key is pressed, or only by the refusal
    await thread
      .locator(".kept, .bubble-failed, .bubble-state")
      .filter({ hasText: /Me, at once|Léa has|Sent/ })
      .first()
      .waitFor();

    const texts = await operator.texts(id);
    const late = colleague.status === "rejected";

    assert.deepEqual(texts, ["First come", late ? "Me, at once" : "Or me"]);
  });
});
