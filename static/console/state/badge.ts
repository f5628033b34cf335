// The tab's title and icon say how many conversations call for the operator.

import { effect } from "@preact/signals";
import { t } from "../i18n.ts";
import { counts } from "./conversations.ts";
import { session } from "./session.ts";

const SIZE = 64;

function drawBubble(pen: CanvasRenderingContext2D): void {
  pen.fillStyle = "#256be0";
  pen.beginPath();
  pen.roundRect(4, 6, 56, 44, 14);
  pen.fill();
  pen.beginPath();
  pen.moveTo(16, 46);
  pen.lineTo(16, 62);
  pen.lineTo(34, 48);
  pen.fill();
}

function drawDot(pen: CanvasRenderingContext2D): void {
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.arc(47, 17, 17, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#d92d20";
  pen.beginPath();
  pen.arc(47, 17, 13, 0, 2 * Math.PI);
  pen.fill();
}

function iconWith(dot: boolean): string | null {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (!pen) {
    return null;
  }
  drawBubble(pen);
  if (dot) {
    drawDot(pen);
  }
  return canvas.toDataURL("image/png");
}

export function startBadge(): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  let shown: boolean | null = null;
  effect(() => {
    const n = session.value.phase === "in" ? counts.value.attention : 0;
    document.title = (n > 0 ? `(${n}) ` : "") + t("app");
    if (shown !== n > 0) {
      shown = n > 0;
      const icon = iconWith(shown);
      if (link && icon) {
        link.href = icon;
      }
    }
  });
}
