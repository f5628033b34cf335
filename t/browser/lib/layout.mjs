// Copyright (C) ngx_chat_module contributors
//
// What tests of layout ask of a page, and a language that needs more room than
// English: each text is 40 % longer, and cannot be mistaken for a translation.

/** Pages of the profile get the longer texts in place of the English ones. */
export async function stretch(profile) {
  await profile.route(/\/(\w+\.)?en-[^/]+\.js$/, async (route) => {
    const response = await route.fetch();
    const source = Buffer.from(await response.text()).toString("base64");
    const { default: texts } = await import(
      `data:text/javascript;base64,${source}`
    );

    await route.fulfill({
      response,
      body: `export default ${JSON.stringify(longer(texts))}`,
    });
  });
}

function longer(texts) {
  return typeof texts === "string"
    ? texts + "éàüß ñøåł".repeat(20).slice(0, Math.ceil(texts.length * 0.4))
    : Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [key, longer(text)]),
      );
}

/**
 * Texts of the page that are cut off or leave their box. What people wrote may
 * be cut: those elements are named by `free`.
 */
export function clipped(page, free) {
  return page.evaluate((exempt) => {
    const roots = [document];
    const found = [];

    for (const root of roots) {
      for (const node of root.querySelectorAll("*")) {
        if (node.shadowRoot) {
          roots.push(node.shadowRoot);
        }

        const own = [...node.childNodes].some(
          (child) => child.nodeType === 3 && child.data.trim() !== "",
        );
        const style = getComputedStyle(node);

        if (
          !own ||
          node.clientWidth <= 1 ||
          style.visibility === "hidden" ||
          ["TEXTAREA", "OPTION", "SELECT"].includes(node.tagName) ||
          node.closest(`.lc-hidden, ${exempt}`)
        ) {
          continue;
        }

        const { left, right } = node.getBoundingClientRect();

        if (
          node.scrollWidth > node.clientWidth + 1 ||
          (style.overflowY === "hidden" &&
            node.scrollHeight > node.clientHeight + 3) ||
          left < -1 ||
          right > innerWidth + 1
        ) {
          found.push(
            `${node.tagName} .${node.className}: ${node.textContent} ` +
              `(${node.scrollWidth} of ${node.clientWidth} px, ` +
              `${Math.round(left)} to ${Math.round(right)})`,
          );
        }
      }
    }

    return found;
  }, free);
}

/** How much longer the page is than the window, where only parts scroll. */
export function beyond(page) {
  return page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.documentElement;

    return Math.max(0, scrollHeight - clientHeight);
  });
}

/** How much wider the content is than the window; 0 is what there should be. */
export function sideways(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;

    return Math.max(0, scrollWidth - clientWidth);
  });
}
