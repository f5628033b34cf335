import { readBasket, writeBasket } from "./basket.js";

const form = document.getElementById("add");
const { product } = form.dataset;

form.addEventListener("submit", (event) => {
  const lines = new Map(readBasket());
  const count = (lines.get(product) ?? 0) + 1;

  event.preventDefault();
  writeBasket([...lines.set(product, count)]);
  form.querySelector(".next").hidden = false;
  document.getElementById("added").textContent = `In your basket: ${count}`;
});
