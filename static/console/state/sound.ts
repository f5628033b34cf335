// Two short sounds, made here: a file would be one more thing to load. A
// browser lets a page sound only after the first click in it.

import { tone } from "../../shared/tone.ts";
import { prefs } from "./prefs.ts";

export type Sound = "visitor" | "message";

const NOTES: Record<Sound, readonly number[]> = {
  visitor: [587.33, 880],
  message: [739.99],
};

const MANNER = { length: 0.16, rise: 0.01, loudness: 0.12 };

let context: AudioContext | null = null;

function unlock(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function startSound(): void {
  for (const type of ["pointerdown", "keydown"]) {
    addEventListener(type, unlock, { once: true, capture: true });
  }
}

export function play(sound: Sound): void {
  const audio = context;
  if (!prefs.value.sound || audio?.state !== "running") {
    return;
  }
  NOTES[sound].forEach((note, i) => {
    tone(audio, note, audio.currentTime + i * MANNER.length, MANNER);
  });
}
