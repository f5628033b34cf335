// The basket lives in this tab only.

const KEY = "basket";

export function readBasket() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export function writeBasket(basket) {
  sessionStorage.setItem(KEY, JSON.stringify(basket));
  showCount();
}

export function showCount() {
  const counts = Object.values(readBasket());
  const sum = counts.reduce((total, count) => total + count, 0);

  document.getElementById("count").textContent = String(sum);
}

showCount();
