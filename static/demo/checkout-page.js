import { basketSum, readBasket } from "./basket.js";
import { price, products } from "./products.js";

const basket = readBasket();

// nothing to pay for

if (basket.length === 0) {
  location.replace("/basket.html");
}

document.getElementById("lines").replaceChildren(
  ...basket.map(([id, count]) => {
    const { name, price: amount } = products[id];
    const line = document.createElement("li");
    const label = document.createElement("span");
    const sum = document.createElement("span");

    label.className = "name";
    label.textContent = count > 1 ? `${name} × ${count}` : name;
    sum.className = "price";
    sum.textContent = price(amount * count);
    line.append(label, sum);
    return line;
  }),
);

document.getElementById("total").textContent =
  `Total: ${price(basketSum(basket))}`;
