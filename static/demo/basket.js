// The basket, in two cookies of this visit: what is in it ("tent.1_lamp.2"),
// and what the server tells the chat of it ("3-479.00"). A real shop's backend
// has a basket of its own and believes no browser's sums.

import { products } from "./products.js";

function cookie(name) {
  return document.cookie
    .split("; ")
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

function setCookie(name, value) {
  // biome-ignore lint/suspicious/noDocumentCookie: not all browsers have more
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax`;
}

/** [id, count] of each product in it. */
export function readBasket() {
  return (cookie("basket") ?? "")
    .split("_")
    .map((one) => one.split("."))
    .map(([id, count]) => [id, Number(count)])
    .filter(([id, count]) => Object.hasOwn(products, id) && count > 0);
}

export const basketSum = (lines) =>
  lines.reduce((sum, [id, count]) => sum + products[id].price * count, 0);

const basketCount = (lines) => lines.reduce((sum, [, count]) => sum + count, 0);

export function writeBasket(lines) {
  setCookie("basket", lines.map((line) => line.join(".")).join("_"));
  setCookie("cart", `${basketCount(lines)}-${basketSum(lines).toFixed(2)}`);
  showCount();
}

function showCount() {
  const count = basketCount(readBasket());

  document.getElementById("count").textContent = String(count);
}

showCount();
// the way back may bring a page that is older than the basket
addEventListener("pageshow", showCount);
