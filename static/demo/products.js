// What the shop sells. Prices in euros.

export const products = {
  tent: {
    name: "Ultralight 2",
    what: "Tent for two, 1.2 kg",
    price: 389,
    text: "Stands in four minutes, also in the dark and in the wind. The footprint is included, the stars are not.",
  },
  jacket: {
    name: "Fjell shell",
    what: "Three-layer rain jacket",
    price: 249,
    text: "Keeps the weather out and lets you breathe. With a hood that fits over a helmet, and pockets above the hip belt.",
  },
  boots: {
    name: "Trail GTX Mid",
    what: "Boots for long days",
    price: 189,
    text: "Broken in after a weekend, resoled after some years. They come up true to size; between two sizes, take the larger.",
  },
  pack: {
    name: "Ridge 38",
    what: "Backpack, 38 litres",
    price: 149,
    text: "For three days without a shop. The back is adjustable by hand, and the rain cover has its own pocket.",
  },
  lamp: {
    name: "Ember",
    what: "Camp lantern, 40 hours",
    price: 45,
    text: "A warm light that does not wake the others. Charges by USB-C, and from any solar panel that you have already.",
  },
  stove: {
    name: "Brew set",
    what: "Stove and pot, 310 g",
    price: 79,
    text: "Half a litre boils in two minutes and a half. Everything packs into the pot, a small cartridge, too.",
  },
};
