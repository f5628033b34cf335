// What the shop sells. Prices in euros.

export const products = {
  tent: {
    name: "Ultralight 2",
    what: "Tent for two, 1.2 kg",
    price: 389,
    text: "Stands in four minutes, also in the dark and in the wind. The footprint is included, the stars are not.",
    details: [
      ["Weight", "1.2 kg with pegs and lines"],
      ["Packed", "42 × 13 cm"],
      ["Seasons", "Spring to autumn, gusts up to 80 km/h"],
    ],
    goesWith: ["pack", "lamp", "stove"],
  },
  jacket: {
    name: "Fjell shell",
    what: "Three-layer rain jacket",
    price: 249,
    text: "Keeps the weather out and lets you breathe. With a hood that fits over a helmet, and pockets above the hip belt.",
    details: [
      ["Weight", "390 g in size M"],
      ["Sizes", "XS to XXL, true to size"],
      ["Care", "30 °C, then warm from the dryer"],
    ],
    goesWith: ["boots", "pack", "tent"],
  },
  boots: {
    name: "Trail GTX Mid",
    what: "Boots for long days",
    price: 189,
    text: "Broken in after a weekend, resoled after some years. They come up true to size; between two sizes, take the larger.",
    details: [
      ["Weight", "560 g each in 42"],
      ["Sizes", "36 to 48, halves to 46"],
      ["Sole", "Can be replaced in our workshop"],
    ],
    goesWith: ["jacket", "pack", "tent"],
  },
  pack: {
    name: "Ridge 38",
    what: "Backpack, 38 litres",
    price: 149,
    text: "For three days without a shop. The back is adjustable by hand, and the rain cover has its own pocket.",
    details: [
      ["Weight", "1.1 kg"],
      ["Back", "43 to 52 cm, adjustable"],
      ["Carries", "Up to 15 kg with comfort"],
    ],
    goesWith: ["tent", "boots", "stove"],
  },
  lamp: {
    name: "Ember",
    what: "Camp lantern, 40 hours",
    price: 45,
    text: "A warm light that does not wake the others. Charges by USB-C, and from any solar panel that you have already.",
    details: [
      ["Weight", "180 g"],
      ["Light", "5 to 200 lumens, 2700 K"],
      ["Battery", "Can be changed without tools"],
    ],
    goesWith: ["stove", "tent", "pack"],
  },
  stove: {
    name: "Brew set",
    what: "Stove and pot, 310 g",
    price: 79,
    text: "Half a litre boils in two minutes and a half. Everything packs into the pot, a small cartridge, too.",
    details: [
      ["Weight", "310 g without gas"],
      ["Pot", "0.9 litres, hard anodised"],
      ["Gas", "Any cartridge with a thread"],
    ],
    goesWith: ["lamp", "pack", "tent"],
  },
};

export const price = (amount) => `€${amount}`;
