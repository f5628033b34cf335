import { basketSum, readBasket, writeBasket } from "./basket.js";
import { price, products } from "./products.js";

const lines = document.getElementById("lines");
const total = document.getElementById("total");
const pay = document.getElementById("pay");

function drawLine([id, count]) {
  const { name, price: amount } = products[id];
  const line = document.createElement("li");
  const image = document.createElement("img");
  const label = document.createElement("a");
  const sum = document.createElement("span");
  const remove = document.createElement("button");

  image.src = `/art/${id}.svg`;
  image.alt = "";
  label.className = "name";
  label.href = `/gear/${id}.html`;
  label.textContent = count > 1 ? `${name} × ${count}` : name;
  sum.className = "price";
  sum.textContent = price(amount * count);
  remove.type = "button";
  remove.className = "remove";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${name}`);
  remove.addEventListener("click", () => {
    writeBasket(readBasket().filter(([other]) => other !== id));
    draw();
  });

  line.append(image, label, sum, remove);
  return line;
}

function draw() {
  const basket = readBasket();
  const sum = basketSum(basket);

  lines.replaceChildren(...basket.map(drawLine));
  total.textContent = `Total: ${price(sum)}`;

  document.getElementById("empty").hidden = sum > 0;
  total.hidden = sum === 0;
  pay.hidden = sum === 0;
}

draw();
addEventListener("pageshow", draw);
