import { readBasket, writeBasket } from "./basket.js";
import { products } from "./products.js";

const lines = document.getElementById("lines");
const total = document.getElementById("total");
const pay = document.getElementById("pay");

function drawLine(id, count) {
  const { name, price } = products[id];
  const line = document.createElement("li");
  const image = document.createElement("img");
  const label = document.createElement("span");
  const sum = document.createElement("span");
  const remove = document.createElement("button");

  image.src = `/art/${id}.svg`;
  image.alt = "";
  label.className = "name";
  label.textContent = count > 1 ? `${name} × ${count}` : name;
  sum.className = "price";
  sum.textContent = `€${price * count}`;
  remove.type = "button";
  remove.className = "remove";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${name}`);
  remove.addEventListener("click", () => {
    const { [id]: _, ...rest } = readBasket();
    writeBasket(rest);
    draw();
  });

  line.append(image, label, sum, remove);
  return line;
}

function draw() {
  const entries = Object.entries(readBasket()).filter(([id]) => products[id]);
  const sum = entries.reduce(
    (all, [id, count]) => all + products[id].price * count,
    0,
  );

  lines.replaceChildren(...entries.map(([id, count]) => drawLine(id, count)));
  total.textContent = `Total: €${sum}`;

  document.getElementById("empty").hidden = sum > 0;
  total.hidden = sum === 0;
  pay.hidden = sum === 0;
}

pay.addEventListener("click", () => {
  document.getElementById("paid").textContent =
    "This is where a real shop would ask for your card.";
});

draw();
