import { readBasket, writeBasket } from "./basket.js";
import { products } from "./products.js";

const asked = new URLSearchParams(location.search).get("p");
const id = Object.hasOwn(products, asked ?? "") ? asked : "tent";
const product = products[id];

const set = (name, text) => {
  document.getElementById(name).textContent = text;
};

document.title = `${product.name}: Northbound`;
document.getElementById("art").src = `/art/${id}.svg`;
set("name", product.name);
set("what", product.what);
set("price", `€${product.price}`);
set("text", product.text);

document.getElementById("add").addEventListener("click", () => {
  const basket = readBasket();

  basket[id] = (basket[id] ?? 0) + 1;
  writeBasket(basket);
  set("added", `In your basket: ${basket[id]}`);
});
